import { compareReleases, has, parseRelease } from '../releases.ts';

/**
 * The first release of each line that knows a thing. From Teleport's changelogs, and where they
 * are silent from `lib/tbot/config/config.go`; only 15.0.0-dev was seen at work.
 */
const firstReleases = {
  root: {
    proxy_server: ['15.1.3'],
    // First for tunnels; outputs came in later, see `concurrentOutputs`.
    services: ['15.2.1'],
    insecure: ['16.0.0'],
    credential_ttl: ['17.2.8'],
  },
  key: {
    disable_exec_plugin: ['15.2.1'],
    ssh_config: ['15.2.5'],
    credential_ttl: ['17.2.8'],
    allow_reissue: ['17.2.8'],
    name: ['17.5.4', '18.0.2'],
    default_namespace: ['17.7.4', '18.2.0'],
    context_name_template: ['17.7.8', '18.2.4'],
  },
  type: {
    'workload-identity-x509': ['17.2.1'],
    'workload-identity-jwt': ['17.2.1'],
    'kubernetes/v2': ['17.2.7'],
    'workload-identity-aws-roles-anywhere': ['17.4.0'],
    'kubernetes/argo-cd': ['17.7.4', '18.1.7'],
    'database-tunnel': ['15.2.1'],
    'spiffe-workload-api': ['15.2.1'],
    'spiffe-svid': ['15.2.1'],
    'ssh-multiplexer': ['15.4.3', '16.0.0'],
    'application-tunnel': ['15.4.10', '16.1.1'],
    'workload-identity-api': ['17.2.1'],
    'application-proxy': ['17.7.7', '18.2.3'],
    'identity/key-agent': ['18.8.3'],
  },
  joinMethod: {
    tpm: ['15.2.5'],
    terraform_cloud: ['16.4.0'],
    bitbucket: ['16.4.9', '17.0.2'],
    azure_devops: ['17.5.1'],
    bound_keypair: ['17.7.5', '18.1.0'],
    oracle: ['17.7.7', '18.2.1'],
    env0: ['18.4.0'],
    generic_oidc: ['18.11.0'],
  },
  concurrentOutputs: ['15.4.9', '16.1.0'],
  filesPerCluster: ['15.4.20', '16.4.0'],
  sshProxyCommand: ['16.0.0'],
  /** Unknown keys of the root are ignored once `BotConfig` reads itself. */
  lenientRoot: ['17.2.8'],
  weekLongTtl: ['17.4.5'],
  warnsOfProxyInAuthServer: ['17.5.3', '18.0.1'],
} as const;

const lastMajor = { 'spiffe-svid': 18, 'spiffe-workload-api': 18 } as const;

/** Types that need tbot to stay: skipped in oneshot. */
const longRunning = new Set([
  'application-tunnel',
  'application-proxy',
  'database-tunnel',
  'ssh-multiplexer',
  'workload-identity-api',
  'spiffe-workload-api',
  'identity/key-agent',
]);

/** What the stand-in knows of one version of tbot: the one place where versions differ. */
export interface PlayedVersion {
  readonly version: string;
  readonly major: number;
  /** What `tbot version` prints. */
  readonly banner: string;
  /** Keys of the configuration's root that it knows. */
  readonly rootKeys: readonly string[];
  /** Whether an unknown key of the root is refused; newer versions ignore it. */
  readonly strictRoot: boolean;
  /** Lists that hold outputs; later ones are appended to earlier ones. */
  readonly serviceLists: readonly ('services' | 'outputs')[];
  /** How it calls the entries of those lists. With `service` they run all at once. */
  readonly entry: 'output' | 'service';
  /** Whether a list may hold a type. */
  takes(list: 'services' | 'outputs', type: string): boolean;
  /** Whether a key of a service means something; one that does not is ignored. */
  knowsKey(key: string): boolean;
  readonly joinMethods: readonly string[];
  /** Environment variables that override the file. */
  readonly environment: readonly string[];
  /** Two ways to connect are tried at once, and both their errors told. */
  readonly triesTwoWays: boolean;
  /** `auth_server` and `proxy_server` together are refused. */
  readonly refusesBothAddresses: boolean;
  /** What it does with a proxy's address in `auth_server`. */
  readonly proxyInAuthServer: 'fine' | 'warning' | 'refused';
  /** One private key serves SSH and TLS. */
  readonly keyType: 'rsa' | 'ec';
  /** The cause of an error stands on a line of its own, indented by one tab more. */
  readonly indentsCauses: boolean;
  readonly logsTime: boolean;
  /** Also writes `<cluster>.known_hosts` and `<cluster>.ssh_config`. */
  readonly filesPerCluster: boolean;
  /** Longest TTL in seconds; a service that asks for more is refused. */
  readonly maximumTtl?: number;
  /** Says `ssh-proxy-command` in ssh_config where the old one says `proxy`. */
  readonly sshProxyCommand: boolean;
  /** A service that names roles is refused. */
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

/** What a release is: 15.0.0-dev as it was recorded, anything up to 19 from source. Throws for others. */
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
    proxyInAuthServer: authServerOf(version, major),
    keyType: major < 17 ? 'rsa' : 'ec',
    indentsCauses: major >= 16,
    logsTime: major >= 16,
    filesPerCluster: has(version, firstReleases.filesPerCluster),
    ...(lenient ? { maximumTtl: maximumTtlOf(version) } : {}),
    sshProxyCommand: has(version, firstReleases.sshProxyCommand),
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
      known.has(type) && (concurrent || longRunning.has(type) === (list === 'services')),
  };
}

/** Whether a type needs tbot to stay. */
export function isLongRunning(type: string): boolean {
  return longRunning.has(type);
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

function maximumTtlOf(version: string): number {
  return (has(version, firstReleases.weekLongTtl) ? 168 : 24) * 3600;
}
