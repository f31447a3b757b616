import type { ValuesOf } from '../../yaml/fields.ts';
import type { serviceTypes, ServiceType } from './types.ts';

type SettingsOf = { readonly [T in ServiceType]: ValuesOf<(typeof serviceTypes)[T]> };

/**
 * A credential that tbot is asked for, in tbot's own vocabulary; durations in seconds. A key that
 * was not given is absent.
 */
export type Service = {
  readonly [T in ServiceType]: { readonly type: T } & SettingsOf[T];
}[ServiceType];

/** One entry that was asked for. */
export interface Request {
  readonly service: Service;
  /** The name that its author gave it. */
  readonly name?: string;
  /** Who asked for it, as a mistake about it begins: `services: line 1, column 3`, or an input. */
  readonly origin: string;
}

/** A service with its place in the home. */
export interface PlannedService {
  /** What users know it by: a key of the output `credentials`. */
  readonly name: string;
  readonly service: Service;
  /** The folder that tbot fills; no other service has it. */
  readonly dir: string;
}
