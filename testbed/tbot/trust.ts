import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Source: Go's crypto/x509/root_linux.go.
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * Returns the CA certificates (PEM) that a Go program trusts on Linux: SSL_CERT_FILE replaces the
 * system's bundle, SSL_CERT_DIR its folder. NODE_EXTRA_CA_CERTS is ignored.
 */
export function trustedAuthorities(env: NodeJS.ProcessEnv): string[] {
  const { SSL_CERT_FILE: file, SSL_CERT_DIR: directories } = env;
  const bundles = file ? [file] : directories ? [] : systemBundles;
  const bundle = bundles.map(read).find((text) => text !== undefined);
  const fromFolders = (directories ?? '').split(':').filter(Boolean).flatMap(readFolder);
  return bundle === undefined ? fromFolders : [bundle, ...fromFolders];
}

function readFolder(directory: string): string[] {
  try {
    return readdirSync(directory)
      .map((name) => read(join(directory, name)))
      .filter((text) => text !== undefined);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
