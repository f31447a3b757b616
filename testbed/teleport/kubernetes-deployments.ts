import type { KubernetesAnswer } from './kubernetes-access.ts';

/** A request to the Kubernetes API. */
export interface KubernetesRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Whether the client waits for changes. */
  readonly watch: boolean;
}

/** The deployments of all Kubernetes clusters, by cluster, namespace and name. */
export type Deployments = Map<string, object>;

/** The schema. kubectl only reads that the server validates the fields of a deployment. */
const schema = {
  openapi: '3.0.0',
  info: { title: 'Kubernetes', version: 'v1.32.0' },
  paths: {
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}': {
      patch: {
        parameters: [{ name: 'fieldValidation', in: 'query' }],
        responses: {},
        'x-kubernetes-group-version-kind': { group: 'apps', version: 'v1', kind: 'Deployment' },
      },
    },
  },
};

/** The API group of the deployments. */
export const deploymentDocuments: Readonly<Record<string, object>> = {
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [
      {
        name: 'apps',
        versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
        preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
      },
    ],
  },
  '/openapi/v3': {
    paths: { 'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1?hash=1' } },
  },
  '/openapi/v3/apis/apps/v1': schema,
  '/apis/apps/v1': {
    kind: 'APIResourceList',
    groupVersion: 'apps/v1',
    resources: [
      {
        name: 'deployments',
        singularName: 'deployment',
        namespaced: true,
        kind: 'Deployment',
        verbs: ['create', 'get', 'list', 'watch'],
      },
    ],
  },
};

const paths = /^\/apis\/apps\/v1\/namespaces\/([\w-]+)\/deployments(?:\/([\w-]+))?$/;

/** Creates and returns deployments, which are available at once. Returns undefined for other requests. */
export function answerDeployments(
  cluster: string,
  { method, path, body, watch }: KubernetesRequest,
  deployments: Deployments,
): KubernetesAnswer | undefined {
  const [, namespace, name] = paths.exec(path) ?? [];
  if (namespace === undefined) return undefined;
  // Nothing changes, so the stream of changes ends at once.
  if (watch) return { status: 200, body: undefined };
  const prefix = `${cluster}/${namespace}/`;
  if (method === 'POST') {
    const deployment = available(JSON.parse(body), namespace);
    deployments.set(`${prefix}${deployment.metadata.name}`, deployment);
    return { status: 201, body: deployment };
  }
  if (name !== undefined) {
    const deployment = deployments.get(`${prefix}${name}`);
    return deployment && { status: 200, body: deployment };
  }
  const items = [...deployments].flatMap(([key, one]) => (key.startsWith(prefix) ? [one] : []));
  const metadata = { resourceVersion: '1' };
  return { status: 200, body: { kind: 'DeploymentList', apiVersion: 'apps/v1', metadata, items } };
}

interface Deployment {
  readonly metadata: { readonly name: string };
  readonly spec?: object;
}

/** Adds what the API server and the controllers add until all pods are available. */
function available(deployment: Deployment, namespace: string): Deployment {
  const spec = { replicas: 1, ...deployment.spec };
  const { replicas } = spec;
  const generation = 1;
  const metadata = {
    ...deployment.metadata,
    namespace,
    uid: '1',
    resourceVersion: '1',
    generation,
  };
  const counts = {
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
  };
  const status = { observedGeneration: generation, replicas, ...counts };
  return Object.assign({}, deployment, { metadata, spec, status });
}
