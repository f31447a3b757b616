import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Destination } from '../destination.ts';
import type { Credentials } from './credentials.ts';

/** One cluster of a kubeconfig. */
export interface KubeContext {
  /** Of the context and of its cluster. */
  readonly name: string;
  /** `https://host:port` and a path. */
  readonly server: string;
  readonly namespace: string;
}

/** The credentials in a kubeconfig: an exec plugin, or embedded. */
export type KubeUser =
  | { readonly type: 'exec'; readonly executable: string; readonly destination: string }
  | { readonly type: 'embedded' };

/** Returns the credentials. Only a folder has a path that can be passed to the plugin. */
export function kubeUser(
  execPlugin: boolean,
  destination: Destination,
  executable: string,
): KubeUser {
  if (!execPlugin || destination.type !== 'directory') return { type: 'embedded' };
  return { type: 'exec', executable, destination: resolve(destination.path) };
}

/** Writes kubeconfig.yaml as client-go does; the first context is the current one. */
export function kubeconfig(
  contexts: readonly KubeContext[],
  user: KubeUser & { readonly name: string; readonly proxyAddress: string },
  credentials: Credentials,
): string {
  return stringify(
    {
      apiVersion: 'v1',
      clusters: contexts.map(({ name, server }) => ({
        cluster: {
          'certificate-authority-data': base64(credentials.hostCa),
          server,
          'tls-server-name': serverName(user.proxyAddress),
        },
        name,
      })),
      contexts: contexts.map(({ name, namespace }) => ({
        context: {
          cluster: name,
          ...(namespace === '' ? {} : { namespace }),
          user: user.name,
        },
        name,
      })),
      'current-context': contexts[0]?.name ?? '',
      kind: 'Config',
      users: [{ name: user.name, user: userEntry(user, credentials) }],
    },
    { lineWidth: 0 },
  );
}

function userEntry(user: KubeUser, { tlsCert, key }: Credentials): object {
  if (user.type === 'embedded') {
    return { 'client-certificate-data': base64(tlsCert), 'client-key-data': base64(key) };
  }
  return {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      args: ['kube', 'credentials', `--destination-dir=${user.destination}`],
      command: user.executable,
      env: null,
      provideClusterInfo: false,
    },
  };
}

/** Source: `GetKubeTLSServerName` in `api/client/proxy`. */
function serverName(proxyAddress: string): string {
  const host = proxyAddress.slice(0, proxyAddress.lastIndexOf(':'));
  const named = isIP(host.replace(/^\[|\]$/g, '')) === 0;
  return `kube-teleport-proxy-alpn.${named ? host : 'teleport.cluster.local'}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
