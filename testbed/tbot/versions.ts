/** What the stand-in knows of one version of tbot: the one place where versions differ. */
export interface PlayedVersion {
  readonly version: string;
  /** What `tbot version` prints. */
  readonly banner: string;
  /** Keys of the configuration's root that it knows. */
  readonly rootKeys: readonly string[];
  /** Whether an unknown key of the root is refused; newer versions ignore it. */
  readonly strictRoot: boolean;
  /** Lists that hold outputs; later ones are appended to earlier ones. */
  readonly serviceLists: readonly ('services' | 'outputs')[];
  /** How it calls the entries of those lists. */
  readonly entry: 'output' | 'service';
  /** Environment variables that override the file. */
  readonly environment: readonly string[];
  /** Two ways to connect are tried at once, and both their errors told. */
  readonly triesTwoWays: boolean;
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
}

const commonKeys = [
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

/** Recorded from tbot 15.0.0-dev; the list of keys is from `lib/tbot/config/config.go`. */
const v15: PlayedVersion = {
  version: '15.0.0-dev',
  banner: 'Teleport v15.0.0-dev git: go1.26.8',
  rootKeys: commonKeys,
  strictRoot: true,
  serviceLists: ['outputs'],
  entry: 'output',
  environment: ['TELEPORT_AUTH_SERVER', 'TELEPORT_BOT_TOKEN'],
  triesTwoWays: true,
  keyType: 'rsa',
  indentsCauses: false,
  logsTime: false,
  filesPerCluster: false,
  sshProxyCommand: false,
};

/** Source: `lib/tbot/config/config.go`, `lib/tbot/cli`, `lib/tbot/bot/bot.go`, `lib/utils/cli.go`. */
const v18: PlayedVersion = {
  version: '18.2.4',
  banner: 'Teleport v18.2.4 git:v18.2.4-0-g3a5f8d1 go1.24.7',
  rootKeys: [...commonKeys, 'services', 'proxy_server', 'credential_ttl', 'insecure'],
  strictRoot: false,
  serviceLists: ['services', 'outputs'],
  entry: 'service',
  environment: [
    'TELEPORT_AUTH_SERVER',
    'TELEPORT_BOT_TOKEN',
    'TELEPORT_PROXY',
    'TBOT_CONFIG',
    'TBOT_CONFIG_PATH',
    'TBOT_DEBUG',
  ],
  triesTwoWays: false,
  keyType: 'ec',
  indentsCauses: true,
  logsTime: true,
  filesPerCluster: true,
  maximumTtl: 168 * 3600,
  sshProxyCommand: true,
};

/** The row that plays a version: 15.0.0-dev as it was recorded, and any 18. Throws for others. */
export function playedVersion(version: string): PlayedVersion {
  if (version === v15.version) return v15;
  if (version.startsWith('18.')) {
    return { ...v18, version, banner: v18.banner.replaceAll(v18.version, version) };
  }
  throw new Error(`the testbed plays tbot 15.0.0-dev and 18, not ${version}`);
}
