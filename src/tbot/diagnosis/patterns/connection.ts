import type { ErrorPattern } from '../diagnosis.ts';

/** Matches failures of a service that may be temporary. */
export const retryableError =
  /connection (?:refused|reset)|broken pipe|timeout|deadline exceeded|code = Unavailable|\bEOF\b|(?<![:.\d])50[0234]\b|internal server error|bad gateway|service unavailable/i;

/** lib/utils/spki.go; the first text is that of older releases. */
export const pinMismatch =
  /certificate pin does not match cluster pin|cluster pin does not match any provided/i;

/** Failures between the runner and the cluster. */
export const connectionPatterns: readonly ErrorPattern[] = [
  { pattern: pinMismatch, cause: () => ({ code: 'proxy-untrusted', reason: 'pin' }) },
  {
    pattern: /Cannot establish https connection to|certificate is (?:not )?valid for/i,
    cause: () => ({ code: 'proxy-untrusted', reason: 'name' }),
  },
  {
    pattern:
      /signed by (?:a|an)?\s*unknown authority|failed to verify certificate|certificate is not trusted/i,
    cause: () => ({ code: 'proxy-untrusted', reason: 'authority' }),
  },
  {
    pattern: /too many requests|(?<![:.\d])429\b/i,
    cause: () => ({ code: 'rate-limited' }),
    retryable: () => true,
  },
  {
    pattern:
      /dial tcp|connection (?:refused|reset)|broken pipe|i\/o timeout|handshake timeout|no such host|network is unreachable|no route to host|deadline exceeded|code = Unavailable|\bEOF\b|no application protocol|not a valid proxy address|proxy authentication required|unable to proxy connection|\btls: |testing auth service connection|unable to communicate with the Teleport Auth Service|(?<![:.\d])50[0234]\b|internal server error|bad gateway|service unavailable|gateway timeout/i,
    cause: (_, text) => ({ code: 'proxy-unreachable', message: text }),
    retryable: (text) => retryableError.test(text),
  },
];
