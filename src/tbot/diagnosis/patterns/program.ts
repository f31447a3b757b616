import type { ErrorPattern } from '../diagnosis.ts';

/** Failures of tbot itself: its config, its version, the machine and its clock. */
export const programPatterns: readonly ErrorPattern[] = [
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
    // The peer rejects tbot's certificate, which is new, so one of the clocks is wrong.
    pattern: /remote error: tls: expired certificate/i,
    cause: () => ({ code: 'clock' }),
  },
  {
    // Go has one text for both cases, followed by the times (crypto/x509).
    pattern:
      /certificate (?:has |is )?expired(?! or is not yet valid: current time \S+ is before)(?:.*?current time (\S+) is after ([^\s,]+))?|expired certificate/i,
    cause: ([, now, end]) => ({
      code: 'proxy-untrusted',
      reason: 'expired',
      times: now === undefined || end === undefined ? undefined : { now, end },
    }),
  },
  {
    // go-jose, go-oidc, zitadel/oidc; the others, which similar libraries use, are from memory.
    pattern:
      /token (?:is|has) expired|not valid yet|not yet valid|issued in the future|is in the future|used before issued|before the nbf|\b(?:exp|nbf|iat)"? (?:claim )?(?:is )?not (?:accepted|satisfied)|validate token claims.*\b(?:exp|nbf|iat)\b|system time is correct/i,
    cause: () => ({ code: 'clock' }),
  },
  {
    pattern:
      /field \S+ not found in type(?: \S+)?|unrecognized (?:join method|service type|output type|destination type|config version)|configuration version \S+ is no longer supported|either a proxy or auth address must be set|Address is required|fips mode enabled but binary/i,
    cause: ([message]) => ({ code: 'version', minimum: undefined, message }),
  },
  {
    pattern:
      /(?:requested certificate TTL exceeds the maximum TTL allowed|credential_ttl and renewal_interval must both be specified|(?:credential_ttl|renewal_interval) must be positive).*/i,
    cause: ([message]) => ({ code: 'ttl', message }),
  },
];
