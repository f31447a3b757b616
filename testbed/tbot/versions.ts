import { compareReleases, has, parseRelease } from '../releases.ts';
import { firstReleases, isLongRunning, lastMajor } from './milestones.ts';

/** The behaviour of a version of tbot, from the table of milestones. */
export interface PlayedVersion {
  readonly version: string;
  readonly major: number;
  /** The output of `tbot version`. */
  readonly banner: string;
  /** Known keys of the configuration's root. */
  readonly rootKeys: readonly string[];
  /** Whether an unknown key of the root is rejected. Newer versions ignore it. */
  readonly strictRoot: boolean;
  /** Lists of outputs, in order. */
  readonly serviceLists: readonly ('services' | 'outputs')[];
  /** The name of their entries. With `service`, they run concurrently. */
  readonly entry: 'output' | 'service';
  /** Returns whether a list may contain a type. */
  takes(list: 'services' | 'outputs', type: string): boolean;
  /** Returns whether a key of a service is known. Other keys are ignored. */
  knowsKey(key: string): boolean;
  readonly joinMethods: readonly string[];
  /** Environment variables that override the file. */
  readonly environment: readonly string[];
  /** Two connections are tried concurrently, and both errors are printed. */
  readonly triesTwoWays: boolean;
  /** `auth_server` and `proxy_server` together are rejected. */
  readonly refusesBothAddresses: boolean;
  /** With `auth_server`, the second endpoint is not tried after a denial. */
  readonly endsAtDenial: boolean;
  /** The handling of a proxy's address in `auth_server`. */
  readonly proxyInAuthServer: 'fine' | 'warning' | 'refused';
  /** SSH and TLS use the same private key. */
  readonly keyType: 'rsa' | 'ec';
  /** The cause of an error is on a separate line, indented by one more tab. */
  readonly indentsCauses: boolean;
  readonly logsTime: boolean;
  /** Also writes `<cluster>.known_hosts` and `<cluster>.ssh_config`. */
  readonly filesPerCluster: boolean;
  /** Maximum TTL in seconds. A service with a longer one is rejected. */
  readonly maximumTtl?: number;
  /** ssh_config contains `ssh-proxy-command` instead of `proxy`. */
  readonly sshProxyCommand: boolean;
  /** The flags of `tbot proxy` for the address of the proxy. */
  readonly proxyFlags: readonly string[];
  /** A service with roles is rejected. */
  readonly refusesRoles: boolean;
}

const firstKeys = [
  'version',
  'onboarding',
  'storage',
  'outputs',
  'debug',
  'auth_server',
  'certificate_ttl',
  'renewal_interval',
  'oneshot',
  'fips',
  'diag_addr',
];
const firstTypes = ['identity', 'application', 'database', 'kubernetes', 'ssh_host'];
const firstMethods = [
  'azure',
  'circleci',
  'gcp',
  'github',
  'gitlab',
  'iam',
  'kubernetes',
  'spacelift',
  'token',
];

/** Returns the behaviour of a release: 15.0.0-dev as recorded, others up to 19 from source. Throws for other releases. */
export function playedVersion(version: string): PlayedVersion {
  const major = parseRelease(version)?.numbers[0] ?? 0;
  if (major < 15 || major > 19) throw new Error(`the testbed plays tbot 15 to 19, not ${version}`);
  const knownOf = (table: Readonly<Record<string, readonly string[]>>) =>
    Object.keys(table).filter((name) => has(version, table[name] ?? []));
  const rootKeys = [...firstKeys, ...knownOf(firstReleases.root)];
  const concurrent = has(version, firstReleases.concurrentOutputs);
  const lenient = has(version, firstReleases.lenientRoot);
  return {
    version,
    major,
    banner: bannerOf(version),
    rootKeys,
    strictRoot: !lenient,
    serviceLists: rootKeys.includes('services') ? ['services', 'outputs'] : ['outputs'],
    entry: concurrent ? 'service' : 'output',
    ...typesOf(knownOf(firstReleases.type), { major, concurrent }),
    knowsKey: (key) => !conditional(key) || has(version, firstReleases.key[key]),
    joinMethods: [...firstMethods, ...knownOf(firstReleases.joinMethod)],
    environment: environmentOf(rootKeys, major),
    triesTwoWays: major < 16,
    refusesBothAddresses: major < 18,
    endsAtDenial: has(version, firstReleases.endsAtDenial),
    proxyInAuthServer: authServerOf(version, major),
    keyType: major < 17 ? 'rsa' : 'ec',
    indentsCauses: major >= 16,
    logsTime: major >= 16,
    filesPerCluster: has(version, firstReleases.filesPerCluster),
    ...(lenient ? { maximumTtl: maximumTtlOf(version) } : {}),
    sshProxyCommand: has(version, firstReleases.sshProxyCommand),
    proxyFlags: proxyFlagsOf(version, major),
    refusesRoles: compareReleases(version, '19.0.0') >= 0,
  };
}

function bannerOf(version: string): string {
  if (version === '15.0.0-dev') return 'Teleport v15.0.0-dev git: go1.26.8';
  return `Teleport v${version} git:v${version}-0-g3a5f8d1 go1.24.7`;
}

function typesOf(
  later: readonly string[],
  { major, concurrent }: { readonly major: number; readonly concurrent: boolean },
): Pick<PlayedVersion, 'takes'> {
  const known = new Set([...firstTypes, ...later]);
  for (const [type, last] of Object.entries(lastMajor)) {
    if (major > last) known.delete(type);
  }
  return {
    takes: (list, type) =>
      known.has(type) && (concurrent || isLongRunning(type) === (list === 'services')),
  };
}

function conditional(key: string): key is keyof typeof firstReleases.key {
  return key in firstReleases.key;
}

function environmentOf(rootKeys: readonly string[], major: number): string[] {
  return [
    'TELEPORT_AUTH_SERVER',
    'TELEPORT_BOT_TOKEN',
    ...(rootKeys.includes('proxy_server') ? ['TELEPORT_PROXY'] : []),
    ...(major < 17 ? [] : ['TBOT_CONFIG', 'TBOT_CONFIG_PATH', 'TBOT_DEBUG']),
  ];
}

function authServerOf(version: string, major: number): PlayedVersion['proxyInAuthServer'] {
  if (major >= 19) return 'refused';
  return has(version, firstReleases.warnsOfProxyInAuthServer) ? 'warning' : 'fine';
}

function proxyFlagsOf(version: string, major: number): readonly string[] {
  return [
    ...(has(version, firstReleases.proxyServerFlag) ? ['proxy-server'] : []),
    ...(major < 19 ? ['proxy'] : []),
  ];
}

function maximumTtlOf(version: string): number {
  return (has(version, firstReleases.weekLongTtl) ? 168 : 24) * 3600;
}
