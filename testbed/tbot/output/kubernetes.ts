import { find } from '../cluster.ts';
import { Failure } from '../failure.ts';
import type { KubernetesService, KubernetesV2Service } from '../service/service.ts';
import { ask, doing, open, type OutputContext } from './context.ts';
import { putAuthorities, putIdentity, request } from './credentials.ts';
import { type KubeContext, kubeconfig, kubeUser } from './kubeconfig.ts';

/** Writes a kubeconfig for one cluster, whose name is in the certificate. Source: `lib/tbot/services/k8s/output_v1.go`. */
export async function generateKubernetes(
  service: KubernetesService,
  context: OutputContext,
): Promise<void> {
  const put = open(service.destination);
  const facade = await doing('generating identity', () =>
    request(service, context, { type: 'identity' }),
  );
  const { kubernetesCluster, execPlugin, destination } = service;
  const route = { type: 'kubernetes', kubernetesCluster } as const;
  const credentials = await request(service, context, route, facade);
  const proxyAddress = await proxyAddressOf(context);
  putIdentity(put, credentials, context);
  const name = `${credentials.cluster}-${kubernetesCluster}`;
  const entry = { name, server: `https://${proxyAddress}`, namespace: '' };
  const user = { ...kubeUser(execPlugin, destination, context.executable), name, proxyAddress };
  put('kubeconfig.yaml', kubeconfig([entry], user, credentials));
  putAuthorities(put, credentials);
}

/** Writes a kubeconfig for several clusters, whose names are in the path. Source: `lib/tbot/services/k8s/output_v2.go`. */
export async function generateKubernetesV2(
  service: KubernetesV2Service,
  context: OutputContext,
): Promise<void> {
  const put = open(service.destination);
  const credentials = await doing('generating identity', () =>
    request(service, context, { type: 'identity' }),
  );
  const matches = await match(service, context);
  const proxyAddress = await proxyAddressOf(context);
  const contexts = matches.map((found) =>
    pathContext(found, { service, proxyAddress, teleportCluster: credentials.cluster }),
  );
  putIdentity(put, credentials, context);
  const way = kubeUser(service.execPlugin, service.destination, context.executable);
  const user = { ...way, name: credentials.cluster, proxyAddress };
  put('kubeconfig.yaml', kubeconfig(contexts, user, credentials));
  put('teleport-host-ca.crt', credentials.hostCa);
}

interface Match {
  readonly cluster: string;
  readonly namespace: string;
}

async function match(service: KubernetesV2Service, context: OutputContext): Promise<Match[]> {
  const { selectors } = service;
  const matched: string[][] = await ask(
    '/testbed/kubernetes-clusters',
    { selectors },
    context,
  ).catch(nameMissing);
  const found = new Map<string, Match>();
  matched.forEach((clusters, index) => {
    const namespace = selectors[index]?.defaultNamespace ?? '';
    for (const cluster of clusters) {
      if (!found.has(cluster)) found.set(cluster, { cluster, namespace });
    }
  });
  return [...found.values()];
}

function nameMissing(error: unknown): never {
  if (!(error instanceof Failure)) throw error;
  const [, name] = /^kubernetes cluster (".*") not found$/.exec(error.message) ?? [];
  throw name === undefined ? error : error.within(`unable to fetch cluster ${name} by name`);
}

function pathContext(
  { cluster, namespace }: Match,
  place: {
    readonly service: KubernetesV2Service;
    readonly proxyAddress: string;
    readonly teleportCluster: string;
  },
): KubeContext {
  const { service, proxyAddress, teleportCluster } = place;
  return {
    name: service.contextNameTemplate
      .replaceAll(/\{\{\s*\.ClusterName\s*\}\}/g, teleportCluster)
      .replaceAll(/\{\{\s*\.KubeName\s*\}\}/g, cluster),
    server: `https://${proxyAddress}/v1/teleport/${encode(teleportCluster)}/${encode(cluster)}`,
    namespace,
  };
}

function encode(name: string): string {
  return Buffer.from(name).toString('base64url');
}

async function proxyAddressOf({ cluster, joined }: OutputContext): Promise<string> {
  const { proxy } = await find(cluster, joined.identity);
  return proxy.ssh.public_addr;
}
