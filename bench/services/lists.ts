import { stringify } from 'yaml';

type Entry = Readonly<Record<string, unknown>>;

const anywhere = 'arn:aws:rolesanywhere:us-east-1:123456789012';
const role = {
  role_arn: 'arn:aws:iam::123456789012:role/ci',
  profile_arn: `${anywhere}:profile/0b0d2b4e-6a3e-4c59-9c0e-0f2a4d8b1c11`,
  trust_anchor_arn: `${anywhere}:trust-anchor/5d9f3a70-6f2b-4d0e-8f5a-9f9f3b7e2c22`,
};

/** Entries of every type, for resources of the testbed. */
export const ten: readonly Entry[] = [
  { type: 'identity' },
  { type: 'application', app_name: 'hello', specific_tls_naming: true },
  { type: 'application', app_name: 'api', credential_ttl: '30m', renewal_interval: '10m' },
  { type: 'database', service: 'pg', database: 'app', username: 'ci', format: 'tls' },
  { type: 'kubernetes', kubernetes_cluster: 'prod', disable_exec_plugin: true },
  { type: 'kubernetes/v2', selectors: [{ labels: { env: 'prod' } }], disable_exec_plugin: true },
  { type: 'ssh_host', principals: ['web-1.example.com', 'web-1'] },
  { type: 'workload-identity-x509', selector: { name: 'deploy' } },
  { type: 'workload-identity-jwt', selector: { name: 'deploy' }, audiences: ['example.com'] },
  {
    type: 'workload-identity-aws-roles-anywhere',
    selector: { name: 'deploy' },
    ...role,
    region: 'us-east-1',
  },
];

const lifetime = { credential_ttl: '1h30m', renewal_interval: '20m' };
const labels = { env: ['ci', 'staging'], team: ['web'] };

/** Entries of every type with all keys that can be combined. */
const full: readonly Entry[] = [
  { type: 'identity', cluster: 'leaf', ssh_config: 'on', allow_reissue: true, roles: ['access'] },
  { type: 'application', app_name: 'api', specific_tls_naming: true, delegation_session_id: 'id' },
  { type: 'database', service: 'pg', database: 'app', username: 'ci', format: 'tls', roles: ['a'] },
  { type: 'kubernetes', kubernetes_cluster: 'prod', disable_exec_plugin: true, roles: ['a', 'b'] },
  {
    type: 'kubernetes/v2',
    selectors: [
      { name: 'prod', default_namespace: 'web' },
      { labels: { env: 'staging', region: 'eu' } },
    ],
    disable_exec_plugin: true,
    context_name_template: '{{.ClusterName}}-{{.KubeName}}',
    relay_server: 'relay.example.com:443',
  },
  { type: 'ssh_host', principals: ['web-1.example.com', 'web-1'], ca_type: 'user', roles: ['a'] },
  {
    type: 'workload-identity-x509',
    selector: { labels },
    include_federated_trust_bundles: true,
    trust_domains: ['app_client'],
  },
  { type: 'workload-identity-jwt', selector: { labels }, audiences: ['example.com', 'test'] },
  {
    type: 'workload-identity-aws-roles-anywhere',
    selector: { name: 'deploy' },
    ...role,
    region: 'us-east-1',
    session_duration: '2h',
    session_renewal_interval: '30m',
    credential_profile_name: 'ci',
    artifact_name: 'credentials',
    overwrite_credential_file: true,
  },
];

/** Returns the input `services` with a hundred entries of all types, each with its own name. */
export function hundred(): string {
  const entries = Array.from({ length: 100 }, (_, index) => {
    const entry = full[index % full.length] ?? {};
    return { name: `service-${index}`, ...entry, ...('role_arn' in entry ? {} : lifetime) };
  });
  return stringify(entries, { aliasDuplicateObjects: false });
}
