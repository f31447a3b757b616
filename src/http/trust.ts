import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import tls, { type SecureContext } from 'node:tls';

import { Problem } from '../problem.ts';
import { codeOf } from '../text/error-code.ts';

/** Whose certificates are believed. */
export interface Trust {
  /** Undefined where Node's own list will do. */
  context(): Promise<SecureContext | undefined>;
  /** Adds the authorities of this machine; false when they are already there. */
  widen(): boolean;
  /** Every authority that is believed once widened, PEM. */
  bundle(): Promise<string>;
}

/**
 * Begins with Node's list and NODE_EXTRA_CA_CERTS, because reading the machine's own costs 50 to
 * 80 ms; with an `extra-ca-file` all are believed from the start. Its methods throw a Problem
 * `inputs` when that file can't be read as PEM certificates.
 */
export function openTrust(extraCaFile: string | undefined): Trust {
  let wide = extraCaFile !== undefined;
  let authorities: Promise<readonly string[]> | undefined;
  let context: Promise<SecureContext> | undefined;
  const all = (): Promise<readonly string[]> => (authorities ??= everyAuthority(extraCaFile));
  return {
    context: async () => {
      if (!wide) return undefined;
      context ??= all().then((ca) => tls.createSecureContext({ ca: [...ca] }));
      return context;
    },
    widen: () => {
      const changes = !wide;
      wide = true;
      return changes;
    },
    bundle: async () => `${(await all()).map((pem) => pem.trim()).join('\n')}\n`,
  };
}

/** `default` holds what Node brings and NODE_EXTRA_CA_CERTS. */
async function everyAuthority(extraCaFile: string | undefined): Promise<readonly string[]> {
  const extra = extraCaFile === undefined ? [] : await readCertificates(extraCaFile);
  return [
    ...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system'), ...extra]),
  ];
}

async function readCertificates(file: string): Promise<readonly string[]> {
  try {
    const text = await readFile(file, 'utf8');
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) throw new Error('it holds no PEM certificate');
    return blocks.map((block) => new X509Certificate(block).toString());
  } catch (cause) {
    throw new Problem({
      code: 'inputs',
      what: `The certificates of \`extra-ca-file\` cannot be read from ${file}: ${reason(cause)}.`,
      fix: 'Give the path of a PEM file with one or more certificates.',
      cause,
    });
  }
}

function reason(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'this user may not read it';
  if (code === 'EISDIR') return 'it is a folder';
  return code === undefined && error instanceof Error ? error.message : 'a certificate is damaged';
}
