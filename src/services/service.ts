import type { ValuesOf } from '../yaml/fields.ts';
import { placeName, type Position } from '../yaml/tree.ts';
import type { serviceTypes, ServiceType } from './types.ts';

type SettingsOf = { readonly [T in ServiceType]: ValuesOf<(typeof serviceTypes)[T]> };

/**
 * A credential that tbot is asked for, in tbot's own vocabulary; durations in seconds. A key that
 * was not given is absent.
 */
export type Service = {
  readonly [T in ServiceType]: { readonly type: T } & SettingsOf[T];
}[ServiceType];

/** A service as far as it could be read: also a key that it needs may be absent. */
export type ServiceDraft = {
  readonly [T in ServiceType]: { readonly type: T } & Partial<SettingsOf[T]>;
}[ServiceType];

/** One entry that was asked for. */
export interface Request {
  readonly service: Service;
  /** The name that its author gave it. */
  readonly name?: string;
  /** The input that asked for it. */
  readonly input: string;
  /** Where in it, when that input is a list of its own. */
  readonly at?: Position;
}

/** Who asked for it, as a mistake about it begins: `services: line 1, column 3`, or an input. */
export function originOf({ input, at }: Request): string {
  return at === undefined ? `\`${input}\`` : `\`${input}\`: ${placeName(at)}`;
}

/** A service with its place in the home. */
export interface PlannedService {
  /** What users know it by: a key of the output `credentials`. */
  readonly name: string;
  readonly service: Service;
  /** The folder that tbot fills; no other service has it. */
  readonly dir: string;
}

/** The roles that a service asks for by name. */
export function rolesOf(service: Service): readonly string[] {
  return 'roles' in service ? (service.roles ?? []) : [];
}
