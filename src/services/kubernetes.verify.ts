import { Problem } from '../problem.ts';
import { property } from '../text/json.ts';
import { verifyClientCertificate } from './client-certificate.verify.ts';
import type { TextOf, Verified } from './credential.ts';
import { matchesKey } from './x509.verify.ts';

/** Verifies a kubeconfig and the certificates beside it. Throws an Error or a Problem. */
export async function verifyKubernetes(
  text: TextOf,
  { disable_exec_plugin: selfContained }: { readonly disable_exec_plugin?: boolean },
): Promise<Verified> {
  await checkKubeconfig(text('kubeconfig'), selfContained);
  return verifyClientCertificate(text);
}

/**
 * Checks that kubectl can use a kubeconfig: each context has a cluster and a user, one is the current
 * context, and embedded certificates match their keys. Throws an Error whose message is a clause, or a
 * Problem `service-not-found` for one without clusters, which tbot writes if labels match nothing.
 */
export async function checkKubeconfig(text: string, selfContained = false): Promise<void> {
  const config = await parsed(text);
  const clusters = namesIn(config, 'clusters');
  if (clusters.size === 0) throw noMatchingCluster();
  const contexts = namesIn(config, 'contexts');
  if (!contexts.has(property(config, 'current-context')))
    throw new Error('the current context of the kubeconfig does not exist');
  const users = namesIn(config, 'users');
  for (const [name, entry] of contexts) {
    const context = property(entry, 'context');
    const cluster = property(clusters.get(property(context, 'cluster')), 'cluster');
    if (typeof property(cluster, 'server') !== 'string')
      throw new Error(`context ${String(name)} of the kubeconfig has no cluster`);
    const user = property(users.get(property(context, 'user')), 'user');
    if (user === undefined)
      throw new Error(`context ${String(name)} of the kubeconfig has no user`);
    if (selfContained && property(user, 'exec') !== undefined)
      throw new Error(
        'the kubeconfig uses an exec plugin, but a self-contained kubeconfig was requested',
      );
    checkUser(user);
  }
}

/** The parser's own message would show lines of the file. */
async function parsed(text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { logLevel: 'error' });
  if (document.errors.length > 0) throw new Error('the kubeconfig is not YAML');
  return document.toJS();
}

function checkUser(user: unknown): void {
  const [certificate, key] = ['client-certificate-data', 'client-key-data'].map((name) =>
    property(user, name),
  );
  if (certificate === undefined && property(user, 'exec') !== undefined) return;
  if (typeof certificate !== 'string' || typeof key !== 'string')
    throw new Error('the user of the kubeconfig has no certificate');
  if (!matchesKey(decoded(certificate), decoded(key)))
    throw new Error('the certificate in the kubeconfig does not match the private key');
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

/** Returns the entries of a list of a kubeconfig by their names. */
function namesIn(config: unknown, list: string): ReadonlyMap<unknown, unknown> {
  const entries = property(config, list);
  return new Map(
    Array.isArray(entries) ? entries.map((entry: unknown) => [property(entry, 'name'), entry]) : [],
  );
}

function noMatchingCluster(): Problem {
  return new Problem({
    code: 'service-not-found',
    what: 'The bot cannot see a Kubernetes cluster that matches the selectors, so the kubeconfig is empty.',
    fix: 'Compare the selectors with `tctl kube ls`. If they are correct, ask the Teleport administrator to give the bot a role whose `kubernetes_labels` match these clusters.',
  });
}
