import { notFoundSigns } from './missing.ts';
import { notIssued } from './not-issued.ts';
import { providers } from './providers.ts';
import { denialPatterns, evidencePatterns } from './refusals.ts';
import { isRetryable, type ErrorPattern } from './error-pattern.ts';

/** The machine, its clock, the versions, and what the step was given. */
const surroundings: readonly ErrorPattern[] = [
  {
    // lib/tbot/internal/deprecated_roles.go
    pattern: /roles field is no longer supported/i,
    cause: () => ({ code: 'inputs', reason: 'roles' }),
  },
  {
    // lib/tbot/tbot.go, lib/tbot/bot/connection/config.go
    pattern: /static proxy address requested|TBOT_USE_PROXY_ADDR/i,
    cause: () => ({ code: 'inputs', reason: 'proxy-address' }),
  },
  {
    pattern: /no space left on device|disk quota exceeded/i,
    cause: () => ({ code: 'platform', reason: 'full' }),
  },
  {
    pattern: /read-only file system/i,
    cause: () => ({ code: 'platform', reason: 'read-only' }),
  },
  {
    pattern:
      /\b(?:mkdir|open|openat|write|chmod|chown|stat|lstat) \S+: (?:permission denied|operation not permitted)/i,
    cause: () => ({ code: 'platform', reason: 'forbidden' }),
  },
  {
    // The other side means the certificate of tbot, which is new: one of the clocks is wrong.
    pattern: /remote error: tls: expired certificate/i,
    cause: () => ({ code: 'clock' }),
  },
  {
    // Go says either with one text, and then which of the two it is (crypto/x509).
    pattern:
      /certificate (?:has |is )?expired(?! or is not yet valid: current time \S+ is before)(?:.*?current time (\S+) is after ([^\s,]+))?|expired certificate/i,
    cause: ([, now, end]) => ({
      code: 'proxy-untrusted',
      reason: 'expired',
      times: now === undefined || end === undefined ? undefined : { now, end },
    }),
  },
  {
    pattern:
      /token (?:is|has) expired|not valid yet|not yet valid|issued in the future|is in the future|before the nbf|validate token claims.*\b(?:exp|nbf|iat)\b|system time is correct/i,
    cause: () => ({ code: 'clock' }),
  },
  {
    pattern:
      /field \S+ not found in type|unrecognized (?:join method|service type|output type|destination type|config version)|configuration version \S+ is no longer supported|either a proxy or auth address must be set|Address is required|fips mode enabled but binary/i,
    cause: ([message]) => ({ code: 'version', minimum: undefined, message }),
  },
  {
    pattern:
      /(?:requested certificate TTL exceeds the maximum TTL allowed|credential_ttl and renewal_interval must both be specified|(?:credential_ttl|renewal_interval) must be positive).*/i,
    cause: ([message]) => ({ code: 'ttl', message }),
  },
];

/** lib/utils/spki.go; the first words are those of older releases. */
export const pinMismatch =
  /certificate pin does not match cluster pin|cluster pin does not match any provided/i;

/** Between the runner and the cluster. */
const ways: readonly ErrorPattern[] = [
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
    retryable: (text) => isRetryable.test(text),
  },
];

/** All signs, the most telling first: a denial beside a lost connection is a denial. */
export const errorPatterns: readonly ErrorPattern[] = [
  ...denialPatterns,
  ...notFoundSigns,
  ...notIssued,
  ...providers,
  ...evidencePatterns,
  ...surroundings,
  ...ways,
];
