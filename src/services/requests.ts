import { placeName, type Position } from '../text/input-error.ts';
import type { Service } from './index.ts';

/** A service that an input requests. */
export interface Request {
  readonly service: Service;
  /** The name of its credential, if it is not derived from the service. */
  readonly name?: string;
  /** Further credentials with the same files: one kubeconfig may serve several clusters. */
  readonly otherNames?: readonly string[];
  /** The input that requests it. */
  readonly input: string;
  /** The place in the input, for an entry of a list. */
  readonly at?: Position;
}

/** Returns where a request comes from, for a sentence: `services` at line 1, column 3. */
export function originOf({ input, at }: Request): string {
  return at === undefined ? `\`${input}\`` : `\`${input}\` at ${placeName(at)}`;
}

/** A service with its directory in the private directory. */
export interface PlannedService {
  /** The name of its credential: a key of the output `credentials`. */
  readonly name: string;
  /** Further credentials with the same files. */
  readonly otherNames?: readonly string[];
  readonly service: Service;
  /** The directory that tbot writes to; no other service has it. */
  readonly dir: string;
}

/** Returns the names of all credentials that a service stands for. */
export function credentialNames({
  name,
  otherNames = [],
}: Pick<PlannedService, 'name' | 'otherNames'>): readonly string[] {
  return [name, ...otherNames];
}

/** Returns the roles that a service lists. */
export function rolesOf(service: Service): readonly string[] {
  return 'roles' in service ? (service.roles ?? []) : [];
}
