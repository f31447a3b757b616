import type { Cause, ErrorPattern } from '../diagnosis.ts';
import { credentialIn } from './issuance.ts';

type KeypairReason = Extract<Cause, { code: 'bound-keypair' }>['reason'];

/** Denials of the join method `bound_keypair` (lib/join/boundkeypair, lib/join/joinclient). */
const keypairDenials: readonly ErrorPattern[] = [
  keypairDenial(
    'join-state',
    /(?:join state verification failed|previous join state is required).*/i,
  ),
  keypairDenial('secret', /a valid registration secret is required.*/i),
  keypairDenial('limit', /no (?:rejoins|recovery attempts|joins) (?:remaining|left).*/i),
  keypairDenial(
    'key',
    /(?:failed to complete challenge|could not lookup signer|validating challenge response).*/i,
  ),
  keypairDenial(
    'state',
    /(?:bad backend state|either an initial public key or registration secret is required).*/i,
  ),
  { ...keypairDenial('concurrent', /unexpected backend state.*/i), retryable: () => true },
];

function keypairDenial(reason: KeypairReason, pattern: RegExp): ErrorPattern {
  return { pattern, cause: ([message]) => ({ code: 'bound-keypair', reason, message }) };
}

/** Denials of an OIDC token (lib/join/genericoidc, lib/oidc). */
const oidcDenials: readonly ErrorPattern[] = [
  {
    pattern:
      /(?:[\w ]{0,60}no rules configured|allow_any\[\d+\]|validating must_match_fields|rules cannot be evaluated).*/i,
    cause: ([message]) => ({ code: 'claims-denied', reason: 'unusable', message }),
  },
  {
    pattern:
      /(?:claims matched no|incorrect value in claim|claims missing expected|field must be a \w+(?: struct)? but got|required claim attribute).*/i,
    cause: ([message]) => ({ code: 'claims-denied', reason: 'rules', message }),
  },
  {
    pattern:
      /(?:validating (?:with|via) \w*jwks\b.*(?:signature|cryptographic)|validating jwt signature|signature verification failed|unable to validate signature|(?<!tls: |x509: )invalid signature|error in cryptographic primitive|usable signature algorithm).*/i,
    cause: ([message]) => ({ code: 'claims-denied', reason: 'signature', message }),
  },
  {
    pattern: /(?:audience (?:is|does|claim) |invalid audience|\(aud\)).*/i,
    cause: ([message]) => ({ code: 'claims-denied', reason: 'audience', message }),
  },
];

/** Denials by the cluster. They take precedence over all other errors in the text. */
export const denialPatterns: readonly ErrorPattern[] = [
  {
    pattern: /(?<=lock targeting ).+?(?= is in force)/i,
    cause: ([target]) => ({ code: 'locked', target }),
  },
  {
    // lib/services: in locking mode `strict`, a stale list of locks denies everything.
    pattern: /preventive lock-out/i,
    cause: () => ({ code: 'locked', target: undefined }),
    retryable: () => true,
  },
  {
    // lib/auth/bot.go; older releases say `renewable cert`.
    pattern: /(?:renewable )?cert(?:ificate)? generation mismatch.*/i,
    cause: ([mismatch]) => ({ code: 'locked', mismatch }),
  },
  {
    // lib/scopes/joining/token.go, lib/tbot/internal/identity
    pattern:
      /(?:[\w ]{0,80}scope config set to|scoped identit\w+ (?:is |are )?not supported|join method \S+ does not support scoping|scoped (?:bot )?tokens? (?:is|usage|do not|for bots|cannot)\b|for a scoped bot token).*/i,
    cause: ([message]) => ({ code: 'scoped-bot', message }),
  },
  ...keypairDenials,
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
  },
  {
    pattern: /instance(?: \S+)? did not match any allow rules/i,
    cause: () => ({ code: 'azure-denied', reason: 'rules' }),
    method: 'azure',
  },
  {
    // The subject depends on the method: claims, tokens, instances (lib/join, a folder for each).
    pattern: /(?:did not|failed to) match any allow rules/i,
    cause: () => ({ code: 'claims-denied', reason: 'rules' }),
  },
  ...oidcDenials,
  {
    pattern: /unexpected resource type.*/i,
    cause: ([message]) => ({ code: 'azure-denied', reason: 'resource-type', message }),
    method: 'azure',
  },
  {
    pattern: /challenge is missing/i,
    cause: () => ({ code: 'azure-denied', reason: 'challenge' }),
    method: 'azure',
  },
  {
    pattern: /subscription ID mismatch|vm ID does not match|no VM found with matching VM ID/i,
    cause: () => ({ code: 'azure-denied', reason: 'machine' }),
  },
  { pattern: /at least one role request is required/i, cause: () => ({ code: 'no-roles' }) },
  {
    pattern: /access denied to perform action "?(\w+)"? on "?(\w+)"?/i,
    cause: ([message, verb = '', kind = ''], text) => ({
      code: 'role-denied',
      message,
      kind,
      verb,
      credential: credentialIn(text),
    }),
  },
  {
    pattern: /(?:user "[^"]*" )?has requested role impersonation for .*|role \S+ is not found/i,
    cause: ([message]) => ({ code: 'role-denied', message }),
  },
  {
    pattern: /client version is unsupported(?:, minimum supported version is v?([\w.+-]*\w))?.*/i,
    cause: ([message, minimum]) => ({ code: 'version', minimum, message }),
  },
  {
    // The whole message if the user of the bot is not found (lib/auth/bot.go).
    pattern: /(?:^|, |desc = |joining (?:with token|via \w+):? )access denied(?=$|,)/i,
    cause: () => ({ code: 'bot-unknown' }),
  },
];
