import { proxyOf } from '../cluster/endpoint.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Tool } from '../install/install.ts';
import type { Identity } from '../methods/join-identity.ts';
import { botOf, type Credential } from '../services/credential.ts';
import { descriptorOf } from '../services/index.ts';
import type { Role } from '../services/service.ts';
import { rfc3339 } from '../text/time.ts';

/** The result of a join, with the request. */
export interface Joined {
  readonly inputs: Inputs;
  /** What the proxy reports; undefined if the endpoint is an Auth Service. */
  readonly cluster: Cluster | undefined;
  readonly tool: Tool;
  readonly identity: Identity;
  /** In the order of the services; empty with `services: []`. */
  readonly credentials: readonly Credential[];
  /** Path of a file with all trusted CA certificates, with `extra-ca-file`. */
  readonly caBundle: string | undefined;
}

type OutputName =
  | 'identity-file'
  | 'ssh-config'
  | 'known-hosts'
  | 'kubeconfig'
  | 'certificate-file'
  | 'key-file'
  | 'ca-file'
  | 'destination-dir'
  | 'credentials'
  | 'cluster'
  | 'proxy'
  | 'join-method'
  | 'bot'
  | 'bot-instance-id'
  | 'roles'
  | 'expires-at'
  | 'ca-bundle'
  | 'tbot-version'
  | 'tbot-path'
  | 'tbot-source';

export type Outputs = Readonly<Record<OutputName, string>>;

/**
 * Returns the outputs of a step in the order of action.yml. Those that do not apply are empty
 * strings.
 */
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
    credentials: JSON.stringify(credentialsByName(credentials)),
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

/** Returns the file of the first identity, or else of the first credential that has such a file. */
function fileOf(credentials: readonly Credential[], role: Role): string {
  const first = credentials.find(({ type }) => type === 'identity');
  return first?.files[role] ?? credentials.find(({ files }) => files[role])?.files[role] ?? '';
}

interface ClientFiles {
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}

/**
 * Returns the client certificate for the flat outputs. One that serves a single purpose takes precedence.
 */
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

function credentialsByName(credentials: readonly Credential[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    credentials.map(({ name, type, dir, files, expiresAt }) => [
      name,
      { type, dir, files, 'expires-at': rfc3339(expiresAt) },
    ]),
  );
}

/** Returns when the first credential expires; undefined if there is none, or none expires. */
export function earliestExpiry(
  credentials: readonly Pick<Credential, 'expiresAt'>[],
): Date | undefined {
  return credentials
    .flatMap(({ expiresAt }) => expiresAt ?? [])
    .toSorted((one, other) => Number(one) - Number(other))[0];
}
