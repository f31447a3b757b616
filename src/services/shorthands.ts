import { InputError, parseEach } from '../text/input-error.ts';
import { entryName, isPrintable } from '../text/display.ts';
import { supports } from '../versions/releases.ts';
import type { Service } from './index.ts';
import { kubernetesV2 } from './kubernetes-v2.ts';
import { kubernetes, selfContainedField } from './kubernetes.ts';
import { folderName } from './names.ts';
import type { Request } from './requests.ts';

/** One entry of the input `database`. */
export interface DatabaseName {
  readonly service: string;
  readonly database?: string;
  readonly username?: string;
}

/**
 * Parses comma- or newline-separated names of applications or Kubernetes clusters; drops duplicates.
 * Errors do not show a name, because it can be a password. Throws InputErrors.
 */
export function parseNames(text: string): readonly string[] {
  return [...new Set(parseEach(partsOf(text, /[,\n]/), parseName))];
}

/**
 * The names of Kubernetes clusters have only these characters (api/types/kubernetes.go), and those of
 * applications become a part of a host name.
 */
function parseName(name: string, number: number): string {
  const foreign = /[^\w.-]/u.exec(name)?.[0];
  if (foreign === undefined) return name;
  if (/\s/.test(foreign))
    throw new InputError(
      `entry ${number} contains a space. Separate names with commas or line breaks`,
    );
  const shown = isPrintable(foreign) ? `\`${foreign}\`` : 'a control character';
  throw new InputError(
    `entry ${number} contains ${shown}. A name consists of letters, digits, \`.\`, \`_\` and \`-\``,
  );
}

/**
 * Parses one database per line: `service`, `service/database` or `service/database/username`. Splits at
 * most twice, because user names contain `/` and `,`. Throws InputErrors.
 */
export function parseDatabases(text: string): readonly DatabaseName[] {
  return parseEach([...new Set(partsOf(text, /\n/))], (line, number) => {
    const shown = entryName(line, number, text);
    if (!isPrintable(line)) throw new InputError(`entry ${number} contains a control character`);
    const [, service = '', database, username] =
      /^([^/]*)(?:\/([^/]*)(?:\/(.*))?)?$/.exec(line) ?? [];
    if (service === '' || database === '' || username === '')
      throw new InputError(
        `${shown} is not \`service\`, \`service/database\` or \`service/database/username\``,
      );
    // User names contain commas, so a comma-separated list of databases could be read as one.
    if (/,\s/.test(line) || /,/.test(service + (database ?? '')))
      throw new InputError(`${shown} contains a comma. Specify one database per line`);
    return {
      service,
      ...(database === undefined ? {} : { database }),
      ...(username === undefined ? {} : { username }),
    };
  });
}

function partsOf(text: string, separator: RegExp): readonly string[] {
  const parts = text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new InputError('it contains only separators');
  return parts;
}

/** The inputs that request credentials. */
export interface CredentialInputs {
  readonly services: readonly Request[] | undefined;
  readonly kubernetesCluster: readonly string[] | undefined;
  readonly app: readonly string[] | undefined;
  readonly database: readonly DatabaseName[] | undefined;
  readonly leafCluster: string | undefined;
  readonly allowReissue: boolean;
}

/** How the credentials of the input `kubernetes-cluster` are issued. */
export interface KubernetesSupport {
  /** One kubeconfig for all clusters, or one for each. */
  readonly type: (typeof kubernetesV2 | typeof kubernetes)['type'];
  /** The kubeconfig works without tbot on the machine where it is used. */
  readonly selfContained: boolean;
}

/** What the newest tbot and cluster support. */
export const newestKubernetes: KubernetesSupport = {
  type: kubernetesV2.type,
  selfContained: true,
};

/**
 * Returns what a tbot and a cluster of these versions support. An undefined version of the cluster
 * counts as that of tbot: a cluster accepts no tbot of a newer major version than its own.
 */
export function kubernetesSupport(version: string, serverVersion = version): KubernetesSupport {
  const { type, since, clusterSince = since } = kubernetesV2;
  return {
    type:
      supports(version, since) && supports(serverVersion, clusterSince) ? type : kubernetes.type,
    selfContained: supports(version, selfContainedField.disable_exec_plugin.since),
  };
}

/**
 * Returns the requests of `services` and of the shorthands. Includes an identity if nothing else is
 * requested, or if an input describes one. The names of the credentials do not depend on `support`.
 */
export function requestsFor(
  inputs: CredentialInputs,
  support: KubernetesSupport,
): readonly Request[] {
  const { services, kubernetesCluster, app, database } = inputs;
  return [
    ...identityOf(inputs),
    ...(services ?? []),
    ...kubernetesOf(kubernetesCluster ?? [], support),
    ...(app ?? []).map((name) => request('app', { type: 'application', app_name: name })),
    ...(database ?? []).map((name) => request('database', { type: 'database', ...name })),
  ];
}

function identityOf(inputs: CredentialInputs): readonly Request[] {
  const { services, kubernetesCluster, app, database, leafCluster, allowReissue } = inputs;
  const nothingElse = [services, kubernetesCluster, app, database].every(
    (input) => input === undefined,
  );
  if (!nothingElse && leafCluster === undefined && !allowReissue) return [];
  return [
    request(leafCluster === undefined ? 'allow-reissue' : 'leaf-cluster', {
      type: 'identity',
      ...(leafCluster === undefined ? {} : { cluster: leafCluster }),
      ...(allowReissue ? { allow_reissue: true } : {}),
    }),
  ];
}

/** One credential for each cluster; with `kubernetes/v2` they share one service and its files. */
function kubernetesOf(
  clusters: readonly string[],
  { type, selfContained }: KubernetesSupport,
): readonly Request[] {
  const input = 'kubernetes-cluster';
  const plugin = selfContained ? { disable_exec_plugin: true } : {};
  if (type === kubernetes.type)
    return clusters.map((name) => request(input, { type, kubernetes_cluster: name, ...plugin }));
  const selectors = clusters.map((name) => ({ name }));
  const [name, ...otherNames] = clusters.map((cluster) => folderName(kubernetes.type, cluster));
  if (name === undefined) return [];
  return [{ ...request(input, { type, selectors, ...plugin }), name, otherNames }];
}

function request(input: string, service: Service): Request {
  return { service, input };
}
