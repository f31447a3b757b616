import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { has } from '../releases.ts';
import type { Caller } from './caller.ts';
import type { Resources } from './resources.ts';
import { routeOid } from './route.ts';

/** Server names of requests to a Kubernetes cluster. Source: `api/client/proxy`. */
const serverNames = /^kube-teleport-proxy-alpn\./;

/** The first releases of the proxy with path-based routing. */
const pathRouting = ['17.2.7'];

/** A response of the Kubernetes API, which is always JSON. */
export interface KubernetesAnswer {
  readonly status: number;
  readonly body: object;
}

/** Where to forward a request. */
export interface KubernetesTarget {
  readonly url: URL;
}

interface Cluster {
  readonly clusterName: string;
  readonly teleportVersion: string;
  readonly resources: Resources;
  /** URLs of the API servers. A cluster without one has a single pod. */
  readonly apiServers: ReadonlyMap<string, string>;
}

/** Returns whether a request is for a Kubernetes cluster. */
export function isForKubernetes(caller: Caller): boolean {
  return serverNames.test(caller.serverName);
}

/**
 * Responds as the cluster in the certificate or the path, or returns the address and path of its API
 * server. Source of both: `lib/kube/proxy`.
 */
export function answerKubernetes(
  caller: Caller,
  path: string,
  cluster: Cluster,
): KubernetesAnswer | KubernetesTarget {
  if (caller.certificate === undefined) return status(401, 'Unauthorized', 'Unauthorized');
  const [, root = '', name = '', inside] =
    /^\/v1\/teleport\/([\w-]+)\/([\w-]+)(\/.*)?$/.exec(path) ?? [];
  const byPath = root !== '' && has(cluster.teleportVersion, pathRouting);
  if (byPath && decode(root) !== cluster.clusterName) return notFound(decode(root));
  const kubernetesCluster = byPath ? decode(name) : caller.attribute(routeOid.kubernetesCluster);
  if (!cluster.resources.kubernetesClusters[kubernetesCluster]) return notFound(kubernetesCluster);
  const rest = byPath ? (inside ?? '/') : path;
  const url = cluster.apiServers.get(kubernetesCluster);
  return url === undefined ? api(kubernetesCluster, rest) : { url: new URL(rest, url) };
}

/** Forwards a request to an API server. */
export function forward(url: URL, client: IncomingMessage, response: ServerResponse): void {
  url.search = new URL(client.url ?? '/', url).search;
  const { method, headers } = client;
  const upstream = request(url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    // A watch has no body until an object changes.
    response.flushHeaders();
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  client.pipe(upstream);
}

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString();
}

function api(cluster: string, path: string): KubernetesAnswer {
  const answer = documents[path];
  if (answer) return { status: 200, body: answer };
  const [, namespace] = /^\/api\/v1\/namespaces\/([\w-]+)\/pods$/.exec(path) ?? [];
  if (namespace === undefined) return status(404, 'NotFound', 'the server could not find it');
  return { status: 200, body: pods(cluster, namespace) };
}

const documents: Readonly<Record<string, object>> = {
  '/version': { major: '1', minor: '32', gitVersion: 'v1.32.0', platform: 'linux/amd64' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
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
