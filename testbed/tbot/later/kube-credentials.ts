import { X509Certificate } from 'node:crypto';
import { Failure } from '../failure.ts';
import { readArtifact } from './files.ts';

const MINUTE = 60_000;

/** Returns the response for kubectl's exec plugin from the file `identity`. Source: `tool/tbot/kube.go`. */
export function kubeCredentials(destination: string): string {
  const identity = readArtifact(destination, 'identity');
  const clientKeyData = block(identity, '[A-Z ]*PRIVATE KEY');
  const clientCertificateData = block(identity, 'CERTIFICATE');
  const { validToDate } = new X509Certificate(clientCertificateData);
  // A little early, so that it does not expire during a request.
  const expiry = new Date(validToDate.getTime() - MINUTE).toISOString().replace('.000Z', 'Z');
  return JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    spec: { interactive: false },
    status: { expirationTimestamp: expiry, clientCertificateData, clientKeyData },
  });
}

function block(text: string, label: string): string {
  const found = new RegExp(`-----BEGIN (${label})-----\\n[^-]*-----END \\1-----\\n`).exec(text);
  if (found) return found[0];
  throw new Failure(`identity file holds no ${label}`);
}
