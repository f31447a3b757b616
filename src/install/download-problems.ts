import { codeOf } from '../text/error-code.ts';
import { NetworkError, trustFix } from '../http/http-error.ts';
import { StatusError } from '../http/retry.ts';
import { type Facts, Problem } from '../problem.ts';
import { BadArchive } from './archive/archive.ts';

/** Returns the Problem for a failed download, or the error itself if it is unexpected. */
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

const ownTbot = 'install tbot on the runner and set `tbot-path`';

function wrongStatus(url: string, error: StatusError): Problem {
  const { status } = error;
  const result =
    status === 429 ? 'is rate-limiting this IP address (HTTP 429)' : `returned HTTP ${status}`;
  return new Problem({
    code: 'download',
    what: `tbot could not be downloaded: ${url} ${result}.`,
    fix:
      status === 404 || status === 403
        ? 'Check that this version was released for this platform, or correct `mirror`.'
        : 'Run the job again later, or set `mirror` to another site.',
    cause: error,
  });
}

function unreachable(url: string, error: NetworkError): Problem {
  return new Problem({
    code: 'download',
    what: `tbot could not be downloaded from ${url}: ${error.message}.`,
    fix:
      error.kind === 'untrusted'
        ? trustFix(error.code, 'the server')
        : `Allow connections to that address, set \`mirror\` to a site that the runner can reach, or ${ownTbot}.`,
    cause: error,
  });
}

/** Returns the Problem for programs that could not be moved to their place, or the error itself. */
export function programsNotMoved(directory: string, error: unknown): unknown {
  const code = codeOf(error) ?? '';
  if (!/^E[A-Z]+$/.test(code)) return error;
  return new Problem({
    code: 'download',
    what: `tbot was downloaded, but it could not be moved to ${directory} (${code}).`,
    fix: `Check the permissions and the free space of that directory, or ${ownTbot}.`,
    cause: error,
  });
}

function notWritten(code: string, cause: unknown): Problem {
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new Problem({
    code: 'download',
    what: full
      ? `tbot could not be downloaded: no space is left in RUNNER_TEMP (${code}).`
      : `tbot could not be written to RUNNER_TEMP (${code}).`,
    fix: `${full ? 'Free 150 MB there' : 'Check the permissions of that directory'}, or ${ownTbot}.`,
    cause,
  });
}

export function webPage(url: string): Problem {
  return new Problem({
    code: 'download',
    what: `tbot could not be downloaded: ${url} returned a web page.`,
    fix: 'Correct `mirror`, or allow access to that URL without a login page.',
  });
}

export function noChecksum(url: string): Problem {
  return new Problem({
    code: 'checksum',
    what: `No checksum is published at ${url}.sha256.`,
    fix: 'Publish the checksum there, or set `checksum` to the SHA-256 digest of the archive.',
  });
}

const verifyPin = 'Verify the digest of the release before you change `checksum`.';

export function wrongChecksum(
  url: string,
  digest: string,
  expected: readonly string[],
  pinned: boolean,
): Problem {
  return new Problem({
    code: 'checksum',
    what: `The SHA-256 digest of ${url} does not match ${pinned ? '`checksum`' : 'its published checksum'}, so the download was discarded.`,
    fix: pinned
      ? verifyPin
      : 'Run the job again. If the error persists, do not trust this site: the archive may have been modified.',
    facts: digestFacts(digest, expected),
  });
}

/** Returns the Problem for an image with another digest than `checksum`. */
export function unpinnedImage(name: string, digest: string, pins: readonly string[]): Problem {
  return new Problem({
    code: 'checksum',
    what: `The digest of ${name} does not match \`checksum\`, so the image was not used.`,
    fix: verifyPin,
    facts: digestFacts(digest, pins),
  });
}

/** Returns the Problem for a manifest or layer that does not match the digest it was requested by. */
export function wrongDigest(part: string, digest: string, expected: string): Problem {
  return new Problem({
    code: 'checksum',
    what: `${part} ${expected} does not match its digest, so the download was discarded.`,
    fix: 'Run the job again. If the error persists, do not trust this registry: the image may have been modified.',
    facts: digestFacts(digest, [expected.replace(/^sha256:/, '')]),
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
  return new Problem({
    code: 'archive',
    what: `${url} is not a valid ${kind === 'image' ? 'tbot image' : 'Teleport archive'}: ${flaw.message}.`,
    fix: `Check \`mirror\` and \`version\`: the ${kind} must be the one that Teleport publishes.`,
    cause: flaw,
  });
}
