import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import tls, { type SecureContext } from 'node:tls';

import { Problem } from '../problem.ts';
import { codeOf } from '../text/error-code.ts';

/** The CA certificates that a client trusts. */
export interface TrustStore {
  /** Returns undefined while Node's own CA certificates are used. */
  context(): Promise<SecureContext | undefined>;
  /** Trusts the system's CA certificates too; returns false if they are trusted already. */
  addSystemCertificates(): boolean;
  /** Returns every CA certificate that can be trusted, including the system's, as PEM. */
  bundle(): Promise<string>;
}

/**
 * Starts with Node's CA certificates and NODE_EXTRA_CA_CERTS, because reading the system's takes 50
 * to 80 ms; with `extra-ca-file`, all are trusted from the start. The methods throw a Problem
 * `inputs` if that file has no readable PEM certificates.
 */
export function openTrustStore(extraCaFile: string | undefined): TrustStore {
  let withSystem = extraCaFile !== undefined;
  let certificates: Promise<readonly string[]> | undefined;
  let context: Promise<SecureContext> | undefined;
  const all = (): Promise<readonly string[]> => (certificates ??= allCertificates(extraCaFile));
  return {
    context: async () => {
      if (!withSystem) return undefined;
      context ??= all().then((ca) => tls.createSecureContext({ ca: [...ca] }));
      return context;
    },
    addSystemCertificates: () => {
      const changes = !withSystem;
      withSystem = true;
      return changes;
    },
    bundle: async () => `${(await all()).map((pem) => pem.trim()).join('\n')}\n`,
  };
}

/** `default` includes Node's own certificates and NODE_EXTRA_CA_CERTS. */
async function allCertificates(extraCaFile: string | undefined): Promise<readonly string[]> {
  const extra = extraCaFile === undefined ? [] : await readCertificates(extraCaFile);
  return [
    ...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system'), ...extra]),
  ];
}

async function readCertificates(file: string): Promise<readonly string[]> {
  try {
    const text = await readFile(file, 'utf8');
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) throw new Error('the file contains no PEM certificate');
    return blocks.map((block) => new X509Certificate(block).toString());
  } catch (cause) {
    throw new Problem({
      code: 'inputs',
      what: `\`extra-ca-file\` ${file} cannot be read: ${reason(cause)}.`,
      fix: 'Set `extra-ca-file` to a PEM file with one or more CA certificates.',
      cause,
    });
  }
}

function reason(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'the file does not exist';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'it is a directory';
  return code === undefined && error instanceof Error
    ? error.message
    : 'a certificate is malformed';
}
