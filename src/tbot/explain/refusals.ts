import type { Sign } from './sign.ts';

/** Refusals of the cluster: they decide over whatever else went wrong beside them. */
export const denials: readonly Sign[] = [
  {
    pattern: /(?<=lock targeting ).+?(?= is in force)/i,
    cause: ([target]) => ({ code: 'locked', target }),
  },
  {
    pattern: /provision token only supports method ([\w-]+)/i,
    cause: ([, supported]) => ({ code: 'token-method', supported }),
  },
  {
    pattern: /this token is only valid for the ([\w-]+) join method/i,
    cause: ([, supported]) => ({ code: 'token-method', supported }),
  },
  {
    pattern: /this token does not support the [\w-]+ join method/i,
    cause: () => ({ code: 'token-method', supported: undefined }),
  },
  {
    pattern: /the token does not allow (?:role )?"?\w+"?/i,
    cause: () => ({ code: 'token-role' }),
  },
  {
    pattern: /token expired or not found|the token is not valid(?! yet)|key "?\/tokens\//i,
    cause: () => ({ code: 'token-unknown' }),
  },
  {
    pattern: /id token issued by a different provider|issuer does not match/i,
    cause: () => ({ code: 'claims-denied', reason: 'issuer' }),
    method: 'github',
  },
  {
    pattern: /instance(?: \S+)? did not match any allow rules/i,
    cause: () => ({ code: 'azure-denied', reason: 'rules' }),
    method: 'azure',
  },
  {
    // Claims, tokens, instances: each method words it its own way (lib/join, a folder for each).
    pattern: /did not match any allow rules/i,
    cause: () => ({ code: 'claims-denied', reason: 'rules' }),
  },
  {
    pattern: /subscription ID mismatch|vm ID does not match|no VM found with matching VM ID/i,
    cause: () => ({ code: 'azure-denied', reason: 'machine' }),
  },
  { pattern: /at least one role request is required/i, cause: () => ({ code: 'no-roles' }) },
  {
    pattern:
      /has requested role impersonation for .*|role \S+ is not found|access denied to perform action \S+ on \S+/i,
    cause: ([message]) => ({ code: 'role-denied', message }),
  },
  {
    pattern: /client version is unsupported(?:, minimum supported version is v?([\w.+-]*\w))?.*/i,
    cause: ([message, minimum]) => ({ code: 'version', minimum, message }),
  },
];

/** What the job lacks to prove who it is. */
export const proofs: readonly Sign[] = [
  {
    pattern: /ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN) environment variable missing/,
    cause: () => ({ code: 'no-id-token' }),
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
    pattern: /max rate reached|rate limit exceeded/i,
    cause: () => ({ code: 'rate-limited' }),
    transient: () => true,
  },
  {
    pattern: /throttled|too[ _]many[ _]requests|(?<![:.\d])429\b/i,
    cause: () => ({ code: 'imds-throttled' }),
    transient: () => true,
    method: 'azure',
  },
  {
    pattern:
      /could not reach instance metadata|\/metadata\/(?:versions|attested\/document|identity\/oauth2)/i,
    cause: () => ({ code: 'no-imds' }),
  },
  { pattern: /invalid_request/, cause: () => ({ code: 'imds-no-identity' }), method: 'azure' },
];
