import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { messageOf, Problem } from '../../problem.ts';
import { codeOf } from '../../text/error-code.ts';
import type { CertificateFacts } from './certificate.ts';
import { type Checked, checkContents } from './checks.ts';
import { type Files, filesOf, optionalRoles } from './files.ts';
import type { PlannedService, Service } from '../service.ts';

/** What tbot issued for one service: whole, private and fitting together. */
export interface Credential {
  readonly name: string;
  readonly type: string;
  readonly dir: string;
  /** Absolute paths. */
  readonly files: Files;
  /** When the first of its certificates ends; undefined when it never does. */
  readonly expiresAt: Date | undefined;
  /** The Teleport certificate; an SVID, a session of AWS or a host's certificate is none. */
  readonly certificate: CertificateFacts | undefined;
  /** The cluster that issued it, where it says so. */
  readonly cluster?: string | undefined;
  readonly service?: Service;
}

/**
 * Reads what tbot wrote for a service and looks at it closely: every file is there, is a file, is
 * 0600, the certificates can be read and belong to the key. Throws a Problem `tbot`, or
 * `service-not-found` where tbot found nothing and took it for a success.
 */
export async function readCredential(planned: PlannedService): Promise<Credential> {
  const { name, service, dir } = planned;
  const contents = readAll(name, absolute(dir, filesOf(service)));
  const files = Object.fromEntries([...contents].map(([role, { path }]) => [role, path]));
  return { name, type: service.type, dir, service, files, ...(await checked(planned, contents)) };
}

function absolute(dir: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([role, name]) => [role, join(dir, name)]));
}

interface Content {
  readonly path: string;
  readonly text: string;
}

/** At once: they are small and on this machine, and the thread pool took most of the time. */
function readAll(name: string, files: Files): ReadonlyMap<string, Content> {
  const contents = new Map<string, Content>();
  for (const [role, path] of Object.entries(files)) {
    const stats = statsOf(path);
    if (!stats && optionalRoles.has(role)) continue;
    if (!stats?.isFile() || stats.size === 0) throw unusable(name, `it did not write ${path}`);
    // oxlint-disable-next-line no-bitwise
    if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0)
      throw unusable(name, `others may read ${path}`);
    contents.set(role, { path, text: readFileSync(path, 'utf8') });
  }
  return contents;
}

/** Undefined for what is not there, or can't be looked at. */
function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

async function checked(
  { name, service }: PlannedService,
  contents: ReadonlyMap<string, Content>,
): Promise<Checked> {
  try {
    return await checkContents(service, (role) => contents.get(role)?.text ?? '');
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw unusable(name, wordsOf(error), error);
  }
}

/** OpenSSL's own words say where in its code it was. */
function wordsOf(error: unknown): string {
  return codeOf(error)?.startsWith('ERR_OSSL')
    ? 'a certificate or a key of it is damaged'
    : messageOf(error);
}

function unusable(name: string, why: string, cause?: unknown): Problem {
  return new Problem({
    code: 'tbot',
    what: `tbot ended well, and yet its credential \`${name}\` can't be used: ${why}.`,
    fix: 'Run the job again with step debug logging; if it stays, report it with the log of tbot.',
    cause,
  });
}
