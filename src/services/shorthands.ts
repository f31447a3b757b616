import { supports } from '../versions/releases.ts';
import type { Service } from './index.ts';
import { kubernetesV2 } from './kubernetes-v2.ts';
import { kubernetes, selfContainedField } from './kubernetes.ts';
import { folderName } from './names.ts';
import type { Request } from './requests.ts';
import type { DatabaseName, DatabaseTunnelName } from './targets.ts';

/** The inputs that request credentials. */
export interface CredentialInputs {
  readonly services: readonly Request[] | undefined;
  readonly kubernetesCluster: readonly string[] | undefined;
  readonly app: readonly string[] | undefined;
  readonly database: readonly DatabaseName[] | undefined;
  readonly applicationTunnel: readonly string[] | undefined;
  readonly databaseTunnel: readonly DatabaseTunnelName[] | undefined;
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
  const { services, kubernetesCluster, app, database, applicationTunnel, databaseTunnel } = inputs;
  return [
    ...identityOf(inputs),
    ...(services ?? []),
    ...kubernetesOf(kubernetesCluster ?? [], support),
    ...(app ?? []).map((name) => request('app', { type: 'application', app_name: name })),
    ...(database ?? []).map((name) => request('database', { type: 'database', ...name })),
    ...(applicationTunnel ?? []).map((name) =>
      request('application-tunnel', { type: 'application-tunnel', app_name: name }),
    ),
    ...(databaseTunnel ?? []).map((name) =>
      request('database-tunnel', { type: 'database-tunnel', ...name }),
    ),
  ];
}

function identityOf(inputs: CredentialInputs): readonly Request[] {
  const { leafCluster, allowReissue } = inputs;
  const nothingElse = [
    inputs.services,
    inputs.kubernetesCluster,
    inputs.app,
    inputs.database,
    inputs.applicationTunnel,
    inputs.databaseTunnel,
  ].every((input) => input === undefined);
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
