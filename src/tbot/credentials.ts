import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, Problem } from '../problem.ts';
import { type CertificateFacts, belongTogether, readCertificate } from './certificate.ts';
import { type Files, filesOf } from './files.ts';
import type { PlannedService } from './services.ts';
import { publicKeyOf, readSshCertificate } from './ssh-certificate.ts';

/** What tbot issued for one service: whole, private and fitting together. */
export interface Credential {
  readonly name: string;
  readonly type: string;
  readonly dir: string;
  /** Absolute paths. */
  readonly files: Files;
  /** When the first of its certificates ends. */
  readonly expiresAt: Date;
  readonly certificate: CertificateFacts;
}

/**
 * Reads what tbot wrote for a service and looks at it closely: every file is there, is a file, is
 * 0600, the certificates can be read and belong to the key. What must not be seen is masked before
 * anything else is done with it. Throws a Problem `tbot`.
 */
export async function readCredential(
  planned: PlannedService,
  mask: (secret: string) => void,
): Promise<Credential> {
  const files = absolute(planned.dir, filesOf(planned.service));
  const contents = await readAll(planned.name, files, mask);
  return {
    name: planned.name,
    type: planned.service.type,
    dir: planned.dir,
    files,
    ...checked(planned.name, contents),
  };
}

function absolute(dir: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([role, name]) => [role, join(dir, name)]));
}

async function readAll(
  name: string,
  files: Files,
  mask: (secret: string) => void,
): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>();
  for (const [role, path] of Object.entries(files)) {
    const stats = await lstat(path).catch(() => undefined);
    if (!stats?.isFile() || stats.size === 0) throw unusable(name, `it did not write ${path}`);
    // oxlint-disable-next-line no-bitwise
    if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0)
      throw unusable(name, `others may read ${path}`);
    const text = await readFile(path, 'utf8');
    for (const line of privateLines(text)) mask(line);
    contents.set(role, text);
  }
  return contents;
}

function checked(
  name: string,
  contents: ReadonlyMap<string, string>,
): { readonly certificate: CertificateFacts; readonly expiresAt: Date } {
  const text = (role: string): string => String(contents.get(role));
  try {
    const certificate = readCertificate(text('certificate'));
    const ssh = readSshCertificate(text('ssh-certificate'));
    if (!belongTogether(text('certificate'), text('key')))
      throw new Error('the X.509 certificate is not of its private key');
    if (ssh.publicKey !== publicKeyOf(text('key')))
      throw new Error('the SSH certificate is not of its private key');
    const ends = [certificate.expiresAt, ssh.expiresAt].map(Number);
    return { certificate, expiresAt: new Date(Math.min(...ends)) };
  } catch (error) {
    throw unusable(name, messageOf(error), error);
  }
}

const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(.*?)(?:-----END |$)/gs;

/**
 * The lines of the private keys in a PEM text. Masks are for single lines, and a short or a public
 * line would mask half of the log.
 */
function privateLines(pem: string): readonly string[] {
  return [...pem.matchAll(privateKey)]
    .flatMap(([, body = '']) => body.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line.length >= 8);
}

function unusable(name: string, why: string, cause?: unknown): Problem {
  return new Problem({
    code: 'tbot',
    what: `tbot ended well, and yet its credential \`${name}\` can't be used: ${why}.`,
    fix: 'Run the job again with step debug logging; if it stays, report it with the log of tbot.',
    cause,
  });
}
