import { has } from '../releases.ts';
import type { Caller } from './caller.ts';
import {
  answerDeployments,
  deploymentDocuments,
  type Deployments,
  type KubernetesRequest,
} from './kubernetes-deployments.ts';
import type { Resources } from './resources.ts';
import { routeOid } from './route.ts';

/** Server names of requests to a Kubernetes cluster. Source: `api/client/proxy`. */
const serverNames = /^kube-teleport-proxy-alpn\./;

/** The first releases of the proxy with path-based routing. */
const pathRouting = ['17.2.7'];

/** A response of the Kubernetes API: JSON, or an empty message of Protocol Buffers. */
export interface KubernetesAnswer {
  readonly status: number;
  readonly body: object | undefined;
}

interface Cluster {
  readonly clusterName: string;
  readonly teleportVersion: string;
  readonly resources: Resources;
  readonly deployments: Deployments;
}

/** Returns whether a request is for a Kubernetes cluster. */
export function isForKubernetes(caller: Caller): boolean {
  return serverNames.test(caller.serverName);
}

/** Responds as the cluster in the certificate or the path. Source of both: `lib/kube/proxy`. */
export function answerKubernetes(
  caller: Caller,
  request: KubernetesRequest,
  cluster: Cluster,
): KubernetesAnswer {
  const { path } = request;
  if (caller.certificate === undefined) return status(401, 'Unauthorized', 'Unauthorized');
  const [, root = '', name = '', inside] =
    /^\/v1\/teleport\/([\w-]+)\/([\w-]+)(\/.*)?$/.exec(path) ?? [];
  const byPath = root !== '' && has(cluster.teleportVersion, pathRouting);
  if (byPath && decode(root) !== cluster.clusterName) return notFound(decode(root));
  const kubernetesCluster = byPath ? decode(name) : caller.attribute(routeOid.kubernetesCluster);
  if (!cluster.resources.kubernetesClusters[kubernetesCluster]) return notFound(kubernetesCluster);
  const within = { ...request, path: byPath ? (inside ?? '/') : path };
  return api(kubernetesCluster, within, cluster.deployments);
}

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString();
}

function api(
  cluster: string,
  request: KubernetesRequest,
  deployments: Deployments,
): KubernetesAnswer {
  const { path } = request;
  const answer = documents[path];
  if (answer) return { status: 200, body: answer };
  // Older versions of kubectl read the schema in this form. They do not check kinds that it lacks.
  if (path === '/openapi/v2') return { status: 200, body: undefined };
  const deployed = answerDeployments(cluster, request, deployments);
  if (deployed !== undefined) return deployed;
  const [, namespace] = /^\/api\/v1\/namespaces\/([\w-]+)\/pods$/.exec(path) ?? [];
  if (namespace === undefined) return status(404, 'NotFound', 'the server could not find it');
  return { status: 200, body: pods(cluster, namespace) };
}

const documents: Readonly<Record<string, object>> = {
  '/version': { major: '1', minor: '32', gitVersion: 'v1.32.0', platform: 'linux/amd64' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  ...deploymentDocuments,
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [
      { name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get', 'list'] },
    ],
  },
};

/** Returns a pod whose name identifies the cluster. */
function pods(cluster: string, namespace: string): object {
  const metadata = { name: `${cluster}-pod`, namespace, uid: '1', resourceVersion: '1' };
  const item = { metadata, spec: { containers: [] }, status: { phase: 'Running' } };
  return { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [item] };
}

function notFound(name: string): KubernetesAnswer {
  return status(404, 'NotFound', `kubernetes cluster ${JSON.stringify(name)} not found`);
}

function status(code: number, reason: string, message: string): KubernetesAnswer {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code };
  return { status: code, body };
}
