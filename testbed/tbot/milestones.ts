/**
 * The first release with a feature in each major version, from Teleport's changelogs or otherwise from
 * `lib/tbot/config/config.go`. Only 15.0.0-dev was observed.
 */
export const firstReleases = {
  root: {
    proxy_server: ['15.1.3'],
    // First for tunnels, later also for outputs; see `concurrentOutputs`.
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
    credential_profile_name: ['17.4.7'],
    artifact_name: ['17.4.7'],
    overwrite_credential_file: ['17.4.7'],
    ca_type: ['18.7.6'],
    trust_domains: ['19.0.0'],
  },
  type: {
    'workload-identity-x509': ['17.2.7'],
    'workload-identity-jwt': ['17.2.7'],
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
    'beams/vnet': ['19.0.0'],
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
  /** `tbot proxy --proxy-server` beside `--proxy`, which 19 removes. */
  proxyServerFlag: ['15.1.3'],
  concurrentOutputs: ['15.4.9', '16.1.0'],
  filesPerCluster: ['15.4.20', '16.4.0'],
  sshProxyCommand: ['16.0.0'],
  /** Unknown keys of the root are ignored since `BotConfig` has its own decoder. */
  lenientRoot: ['17.2.8'],
  weekLongTtl: ['17.4.5'],
  /** A denial ends the join, and the other endpoint is not tried. Source: `lib/join/joinclient/join.go`. */
  endsAtDenial: ['18.4.0'],
  warnsOfProxyInAuthServer: ['17.5.3', '18.0.1'],
} as const;

/** The last major version with a type. */
export const lastMajor = { 'spiffe-svid': 18, 'spiffe-workload-api': 18 } as const;

/** Long-running types, which are skipped in oneshot mode. */
const longRunning = new Set([
  'application-tunnel',
  'application-proxy',
  'database-tunnel',
  'ssh-multiplexer',
  'workload-identity-api',
  'spiffe-workload-api',
  'identity/key-agent',
  'beams/vnet',
]);

/** Returns whether a type is long-running. */
export function isLongRunning(type: string): boolean {
  return longRunning.has(type);
}
