import type { ErrorPattern } from '../diagnosis.ts';

/** Why the job could not get the OIDC token or the machine's identity. */
export const identitySourcePatterns: readonly ErrorPattern[] = [
  {
    pattern: /ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN) environment variable missing/,
    cause: () => ({ code: 'no-id-token' }),
  },
  {
    pattern:
      /environment variable "(\w+)" is missing|(\w+)"? environment variable missing|'(\w+)' must be present to use/i,
    cause: (match) => ({ code: 'no-identity', variable: match.slice(1).find(Boolean) ?? '' }),
  },
  {
    pattern: /response did not include ID token|audience=teleport\.cluster\.local/i,
    cause: () => ({ code: 'id-token-refused' }),
  },
  { pattern: /identity not found/i, cause: () => ({ code: 'imds-no-identity' }), method: 'azure' },
  {
    pattern: /multiple user assigned identities exist/i,
    cause: () => ({ code: 'imds-several-identities' }),
    method: 'azure',
  },
  {
    pattern: /pkiops\/certs|intermediate CA for attested data/i,
    cause: () => ({ code: 'azure-egress' }),
  },
  {
    pattern: /(?:max rate reached|rate limit exceeded|exceeded connection limit).*/i,
    cause: ([message]) => ({ code: 'rate-limited', message }),
    retryable: () => true,
  },
  {
    pattern: /throttled|too[ _]many[ _]requests|(?<![:.\d])429\b/i,
    cause: () => ({ code: 'imds-throttled' }),
    retryable: () => true,
    method: 'azure',
  },
  {
    pattern:
      /could not reach instance metadata|\/metadata\/(?:versions|attested\/document|identity\/oauth2)/i,
    cause: () => ({ code: 'no-imds' }),
  },
  { pattern: /invalid_request/, cause: () => ({ code: 'imds-no-identity' }), method: 'azure' },
];
