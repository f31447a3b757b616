import { type Destination, readDestination } from './destination.ts';
import { Failure } from './failure.ts';
import { type Lifetime, readServiceLifetime } from './lifetime.ts';
import { asValues, listAt, textAt, type Values } from './values.ts';
import type { PlayedVersion } from './versions.ts';

/** An output of type `identity`. */
export interface IdentityService {
  readonly type: 'identity';
  readonly destination: Destination;
  readonly allowReissue: boolean;
  readonly sshConfig: boolean;
  readonly roles: readonly string[];
  readonly cluster?: string;
  readonly lifetime?: Lifetime;
}

/** What runs once the bot joined; more types come with the issues that need them. */
export type Service = IdentityService;

/** Types that the real program has and the stand-in does not play yet. */
const notPlayed = new Set([
  'application',
  'database',
  'kubernetes',
  'kubernetes/v2',
  'kubernetes/argo-cd',
  'ssh_host',
  'workload-identity-x509',
  'workload-identity-jwt',
  'workload-identity-aws-roles-anywhere',
  'workload-identity-api',
  'application-tunnel',
  'application-proxy',
  'database-tunnel',
  'ssh-multiplexer',
  'spiffe-svid',
  'spiffe-workload-api',
]);

/** An entry of the lists whose type and destination are known, and no more yet. */
export interface ParsedService {
  readonly entry: Values;
  readonly destination: Destination | undefined;
}

/** Reads the lists of services. Unknown keys of an entry are ignored by every version. */
export function parseServices(root: Values, version: PlayedVersion): ParsedService[] {
  const entries = version.serviceLists.flatMap((list) => listAt(root, list));
  return entries.map((one) => {
    const entry = asValues(one);
    const type = textAt(entry, 'type');
    if (notPlayed.has(type)) throw new Failure(`the stand-in does not play the type ${type} yet`);
    if (type !== 'identity') {
      throw new Failure(`failed parsing config file: unrecognized ${version.entry} type (${type})`);
    }
    const given = entry['destination'];
    return { entry, destination: given === undefined ? given : readDestination(asValues(given)) };
  });
}

/** Checks what the entries say. */
export function checkServices(
  services: readonly ParsedService[],
  version: PlayedVersion,
): Service[] {
  return services.map((parsed, index) => {
    try {
      return checkIdentity(parsed, version);
    } catch (error) {
      if (!(error instanceof Failure) || version.entry === 'output') throw error;
      throw error.within(`validating service[${index}]`);
    }
  });
}

function checkIdentity(
  { entry, destination }: ParsedService,
  version: PlayedVersion,
): IdentityService {
  if (destination === undefined) throw new Failure('no destination configured for output');
  const lifetime = readServiceLifetime(entry, version);
  const cluster = entry['cluster'];
  return {
    type: 'identity',
    destination,
    allowReissue: entry['allow_reissue'] === true,
    sshConfig: readSshConfig(entry['ssh_config'] ?? 'on'),
    roles: listAt(entry, 'roles').map(String),
    ...(typeof cluster === 'string' && cluster !== '' ? { cluster } : {}),
    ...(lifetime ? { lifetime } : {}),
  };
}

function readSshConfig(mode: unknown): boolean {
  if (mode === 'on' || mode === 'off') return mode === 'on';
  throw new Failure(`ssh_config: unrecognized value ${JSON.stringify(mode)}`);
}
