import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenHttp } from '../../testbed/loopback.ts';

/** A Kubernetes API server with Deployments and ConfigMaps. */
export interface KubernetesApi extends AsyncDisposable {
  readonly url: string;
  /** The paths of the stored objects. */
  readonly objects: ReadonlyMap<string, object>;
}

const apps = { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments' };
const core = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps' };

/** Starts the server. A Deployment named `broken` exceeds its progress deadline, all others are ready. */
export async function startKubernetes(): Promise<KubernetesApi> {
  const objects = new Map<string, object>();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://api');
    const [status, answer] = respond(request.method ?? '', url, await text(request), objects);
    response.writeHead(status, { 'content-type': 'application/json' });
    // A watch stays open, and no object changes.
    if (url.searchParams.has('watch')) response.flushHeaders();
    else response.end(JSON.stringify(answer));
  };
  const listener = await listenHttp((request, response) => void serve(request, response));
  return {
    url: listener.url,
    objects,
    [Symbol.asyncDispose]: async () => await listener.close(),
  };
}

type Answer = readonly [status: number, body: object];

function respond(method: string, url: URL, body: string, objects: Map<string, object>): Answer {
  const path = url.pathname;
  const document = documents()[path];
  if (document) return [200, document];
  const [, collection = '', namespace = '', name] =
    /^(.*\/namespaces\/([\w-]+)\/\w+)(?:\/([\w-]+))?$/.exec(path) ?? [];
  const dryRun = url.searchParams.has('dryRun');
  if (method === 'POST') {
    const object: { metadata: { name: string } } = JSON.parse(body);
    const created = completed(object, namespace);
    if (!dryRun) objects.set(`${collection}/${object.metadata.name}`, created);
    return [201, created];
  }
  if (name !== undefined) {
    const found = objects.get(path);
    return found ? [200, found] : [404, failure(404, 'NotFound')];
  }
  // `kubectl rollout status` selects one object by its name.
  const [, selected = ''] =
    /metadata\.name=([\w-]+)/.exec(url.searchParams.get('fieldSelector') ?? '') ?? [];
  const items = [...objects].filter(([key]) => key === `${collection}/${selected}`);
  const metadata = { resourceVersion: '1' };
  const list = { kind: 'DeploymentList', apiVersion: 'apps/v1', metadata };
  return [200, { ...list, items: items.map(([, object]) => object) }];
}

function completed(object: { metadata: { name: string } }, namespace: string): object {
  const { name } = object.metadata;
  const metadata = { ...object.metadata, namespace, uid: '1', resourceVersion: '1', generation: 1 };
  const replicas = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
  const state = name === 'broken' ? { conditions } : replicas;
  return { ...object, metadata, status: { observedGeneration: 1, ...state } };
}

function documents(): Readonly<Record<string, object>> {
  const groupVersion = { groupVersion: 'apps/v1', version: 'v1' };
  const group = { name: 'apps', versions: [groupVersion], preferredVersion: groupVersion };
  return {
    '/version': { major: '1', minor: '32', gitVersion: 'v1.32.0', platform: 'linux/amd64' },
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [group] },
    '/api/v1': resourceList('v1', core),
    '/apis/apps/v1': resourceList('apps/v1', apps),
    '/openapi/v3': {
      paths: {
        'api/v1': { serverRelativeURL: '/openapi/v3/api/v1' },
        'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1' },
      },
    },
    '/openapi/v3/api/v1': schema(core),
    '/openapi/v3/apis/apps/v1': schema(apps),
  };
}

function resourceList(groupVersion: string, { plural, kind }: typeof apps): object {
  const verbs = ['get', 'list', 'watch', 'create', 'patch'];
  const singularName = kind.toLowerCase();
  const resources = [{ name: plural, singularName, namespaced: true, kind, verbs }];
  return { kind: 'APIResourceList', groupVersion, resources };
}

/** `kubectl apply` and `kubectl diff` look for these parameters. */
function schema({ group, version, kind }: typeof apps): object {
  const parameters = ['fieldValidation', 'dryRun'].map((name) => ({ name, in: 'query' }));
  const gvk = { 'x-kubernetes-group-version-kind': { group, version, kind } };
  const patch = { parameters, ...gvk, 'x-kubernetes-action': 'patch', responses: {} };
  const info = { title: 'Kubernetes', version: 'v1' };
  return { openapi: '3.0.0', info, paths: { '/objects/{name}': { parameters, patch } } };
}

function failure(code: number, reason: string): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: 'not found',
    reason,
    code,
  };
}
