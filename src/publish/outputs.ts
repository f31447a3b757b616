import { proxyOf } from '../cluster/endpoint.ts';
import type { Joined } from './joined.ts';
import { earliestExpiry } from './joined.ts';
import { botOf, type Credential } from '../services/credential.ts';
import { descriptorOf } from '../services/index.ts';
import type { Role } from '../services/service.ts';
import { rfc3339 } from '../text/time.ts';

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
  const client = clientFiles(credentials);
  return {
    'identity-file': fileOf(credentials, 'identity'),
    'ssh-config': fileOf(credentials, 'ssh-config'),
    'known-hosts': fileOf(credentials, 'known-hosts'),
    kubeconfig: fileOf(credentials, 'kubeconfig'),
    'certificate-file': client.certificate,
    'key-file': client.key,
    'ca-file': client.ca,
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

interface ClientFiles {
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}

/** Returns the client certificate that the flat outputs show: one for a single purpose comes first. */
function clientFiles(credentials: readonly Credential[]): ClientFiles {
  const clients = credentials.flatMap(({ type, files }) => {
    const { client } = descriptorOf(type);
    return client === undefined ? [] : [{ type, files, client }];
  });
  const first =
    clients.find(({ client }) => client.dedicated) ??
    clients.find(({ type }) => type === 'identity') ??
    clients[0];
  if (first === undefined) return { certificate: '', key: '', ca: '' };
  const { files, client } = first;
  const [ca = ''] = client.ca.flatMap((role) => files[role] ?? []);
  return { certificate: files[client.certificate] ?? '', key: files[client.key] ?? '', ca };
}

function catalogue(credentials: readonly Credential[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    credentials.map(({ name, type, dir, files, expiresAt }) => [
      name,
      { type, dir, files, 'expires-at': rfc3339(expiresAt) },
    ]),
  );
}
