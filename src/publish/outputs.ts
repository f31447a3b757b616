import { proxyOf } from '../cluster/endpoint.ts';
import type { Joined } from './joined.ts';
import { earliestExpiry } from './joined.ts';
import type { Credential } from '../services/verify/credential.ts';
import type { Role } from '../services/verify/files.ts';
import { rfc3339 } from '../text/time.ts';
import { botOf } from '../services/verify/certificate.ts';

/** Every output of action.yml, in its order. */
export const outputNames = [
  'identity-file',
  'ssh-config',
  'known-hosts',
  'kubeconfig',
  'certificate-file',
  'key-file',
  'ca-file',
  'destination-dir',
  'credentials',
  'cluster',
  'proxy',
  'join-method',
  'bot',
  'bot-instance-id',
  'roles',
  'expires-at',
  'ca-bundle',
  'tbot-version',
  'tbot-path',
  'tbot-source',
] as const;

export type Outputs = Readonly<Record<(typeof outputNames)[number], string>>;

/** The outputs of a step; an absent thing is an empty string. */
export function outputsOf(joined: Joined): Outputs {
  const { credentials, cluster, inputs, tool } = joined;
  const certificate = credentials.find((credential) => credential.certificate)?.certificate;
  const { client, authority } = clientFiles(credentials);
  return {
    'identity-file': fileOf(credentials, 'identity'),
    'ssh-config': fileOf(credentials, 'ssh-config'),
    'known-hosts': fileOf(credentials, 'known-hosts'),
    kubeconfig: fileOf(credentials, 'kubeconfig'),
    'certificate-file': client?.files.svid ?? client?.files.certificate ?? '',
    'key-file': client?.files['svid-key'] ?? client?.files.key ?? '',
    'ca-file': authority,
    'destination-dir': credentials[0]?.dir ?? '',
    credentials: JSON.stringify(catalogue(credentials)),
    cluster: certificate?.cluster ?? cluster?.name ?? '',
    proxy: proxyOf(inputs.endpoint) ?? '',
    'join-method': joined.identity.method,
    bot: certificate ? botOf(certificate) : '',
    'bot-instance-id': certificate?.botInstanceId ?? '',
    roles: certificate ? JSON.stringify(certificate.roles) : '',
    'expires-at': rfc3339(earliestExpiry(credentials)),
    'ca-bundle': joined.caBundle ?? '',
    'tbot-version': tool.version,
    'tbot-path': tool.path,
    'tbot-source': tool.source,
  };
}

/** Of the first identity, else of the first credential that has such a file. */
function fileOf(credentials: readonly Credential[], role: Role): string {
  const first = credentials.find(({ type }) => type === 'identity');
  return first?.files[role] ?? credentials.find(({ files }) => files[role])?.files[role] ?? '';
}

/**
 * The credential that a program shows to a server, and whom it trusts: the authorities that tbot
 * wrote for just this, else those of hosts, which vouch for the proxy that all connections go to
 * (tbot takes them for databases as well: lib/tbot/services/database).
 */
function clientFiles(credentials: readonly Credential[]): {
  readonly client: Credential | undefined;
  readonly authority: string;
} {
  const client =
    credentials.find(({ type }) => clientTypes.has(type)) ??
    credentials.find(({ type }) => type === 'identity') ??
    credentials.find(({ files }) => files.certificate);
  const files = client?.files ?? {};
  const own = files['svid-bundle'] ?? files['tls-ca'] ?? files['mongo-ca'];
  return { client, authority: own ?? files['host-ca'] ?? '' };
}

const clientTypes = new Set(['application', 'database', 'workload-identity-x509']);

function catalogue(credentials: readonly Credential[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    credentials.map(({ name, type, dir, files, expiresAt }) => [
      name,
      { type, dir, files, 'expires-at': rfc3339(expiresAt) },
    ]),
  );
}
