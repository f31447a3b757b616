import { denials, proofs } from './refusals.ts';
import { services } from './missing.ts';
import type { Sign } from './sign.ts';

/** The machine, its clock and the versions. */
const surroundings: readonly Sign[] = [
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
const ways: readonly Sign[] = [
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
    transient: () => true,
  },
  {
    pattern:
      /dial tcp|connection (?:refused|reset)|broken pipe|i\/o timeout|handshake timeout|no such host|network is unreachable|no route to host|deadline exceeded|code = Unavailable|\bEOF\b|no application protocol|not a valid proxy address|testing auth service connection|unable to communicate with the Teleport Auth Service|(?<![:.\d])50[0234]\b|internal server error|bad gateway|service unavailable|gateway timeout/i,
    cause: (_, text) => ({ code: 'proxy-unreachable', message: text }),
    transient: (text) => canPass.test(text),
  },
];

/** Failures of a proxy that had answered a moment before, and may again. */
const canPass =
  /connection (?:refused|reset)|broken pipe|timeout|deadline exceeded|code = Unavailable|\bEOF\b|(?<![:.\d])50[0234]\b|internal server error|bad gateway|service unavailable/i;

/** All signs, the most telling first: a denial beside a lost connection is a denial. */
export const signs: readonly Sign[] = [
  ...denials,
  ...services,
  ...proofs,
  ...surroundings,
  ...ways,
];
