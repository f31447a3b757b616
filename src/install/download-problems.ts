import { codeOf } from '../text/error-code.ts';
import { NetworkError } from '../http/http-error.ts';
import { StatusError } from '../http/retry.ts';
import { type Facts, Problem } from '../problem.ts';
import { BadArchive } from './archive/archive.ts';

/** Returns the Problem for a failed download, or the error itself if it is an unexpected one. */
export function downloadFailed(
  url: string,
  error: unknown,
  kind: 'archive' | 'image' = 'archive',
): unknown {
  if (error instanceof StatusError) return wrongStatus(url, error);
  if (error instanceof NetworkError) return unreachable(url, error);
  if (error instanceof BadArchive) return badArchive(url, error, kind);
  const code = codeOf(error) ?? '';
  return /^E[A-Z]+$/.test(code) ? notWritten(code, error) : error;
}

function wrongStatus(url: string, error: StatusError): Problem {
  const { status } = error;
  return new Problem({
    code: 'download',
    what:
      status === 404 || status === 403
        ? `There is no ${url} (status ${status}).`
        : `tbot could not be downloaded: ${url} answers with status ${status}.`,
    fix:
      status === 404 || status === 403
        ? 'Write an exact `version` that was released, or correct `mirror`.'
        : 'Run the job again later, or name another `mirror`.',
    cause: error,
  });
}

function unreachable(url: string, error: NetworkError): Problem {
  return new Problem({
    code: 'download',
    what: `tbot could not be downloaded from ${url}: ${error.message}.`,
    fix:
      error.kind === 'untrusted'
        ? 'Give the PEM file of the authority as `extra-ca-file`, if that authority is yours.'
        : 'Let the runner out to that address, name a `mirror` that it reaches, or bring tbot by `tbot-path`.',
    cause: error,
  });
}

/** Returns the Problem for programs that could not be moved to their place, or the error itself. */
export function programsNotMoved(directory: string, error: unknown): unknown {
  const code = codeOf(error) ?? '';
  if (!/^E[A-Z]+$/.test(code)) return error;
  return new Problem({
    code: 'download',
    what: `tbot was downloaded and could not be put into ${directory} (${code}).`,
    fix: 'Look at that folder: it must be one that this user may write, with room in it and with nothing in the way; or bring tbot by `tbot-path`.',
    cause: error,
  });
}

function notWritten(code: string, cause: unknown): Problem {
  return new Problem({
    code: 'download',
    what:
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'tbot could not be downloaded: there is no space left in the folder for temporary files.'
        : `tbot could not be written into the folder for temporary files (${code}).`,
    fix: 'Make room there for 150 MB, or bring tbot by `tbot-path`.',
    cause,
  });
}

export function webPage(url: string): Problem {
  return new Problem({
    code: 'download',
    what: `tbot could not be downloaded: ${url} answers with a web page.`,
    fix: 'Correct `mirror`, or let the runner out to that address without a login page in between.',
  });
}

export function noChecksum(url: string): Problem {
  return new Problem({
    code: 'checksum',
    what: `No checksum is published at ${url}.sha256.`,
    fix: 'Put it there, or give the digest of the archive as `checksum`.',
  });
}

export function wrongChecksum(
  url: string,
  digest: string,
  wanted: readonly string[],
  pinned: boolean,
): Problem {
  return new Problem({
    code: 'checksum',
    what: `${url} is not the archive that ${pinned ? '`checksum`' : 'its published checksum'} names; it was thrown away.`,
    fix: pinned
      ? 'Find out which of the two is right before you change `checksum`.'
      : 'Run the job again; if it stays so, do not trust that site.',
    facts: digestFacts(digest, wanted),
  });
}

/** Returns the Problem for a part of an image that does not match the digest it was requested by. */
export function wrongDigest(
  what: string,
  digest: string,
  wanted: readonly string[],
  fix = 'Run the job again; if it stays so, do not trust that registry.',
): Problem {
  return new Problem({
    code: 'checksum',
    what: `${what} is not what its digest names; it was thrown away.`,
    fix,
    facts: digestFacts(digest, wanted),
  });
}

function digestFacts(digest: string, expected: readonly string[]): Facts {
  return {
    title: 'Digests:',
    lines: [`actual:   sha256:${digest}`, ...expected.map((pin) => `expected: sha256:${pin}`)],
  };
}

export function badArchive(
  url: string,
  flaw: BadArchive,
  kind: 'archive' | 'image' = 'archive',
): Problem {
  const wanted =
    kind === 'image' ? 'an image of tbot' : 'an archive of Teleport that can be unpacked';
  return new Problem({
    code: 'archive',
    what: `${url} is not ${wanted}: ${flaw.message}.`,
    fix: `Use the ${kind} that Teleport publishes, or correct \`mirror\` and \`version\`.`,
    cause: flaw,
  });
}
