import type { Cause } from './diagnosis.ts';
import type { ErrorPattern } from './error-pattern.ts';

type Reason = Extract<Cause, { code: 'bound-keypair' }>['reason'];

/** Refusals of the join method `bound_keypair` (lib/join/boundkeypair, lib/join/joinclient). */
export const boundKeypair: readonly ErrorPattern[] = [
  refusal('join-state', /(?:join state verification failed|previous join state is required).*/i),
  refusal('secret', /a valid registration secret is required.*/i),
  refusal('limit', /no (?:rejoins|recovery attempts|joins) (?:remaining|left).*/i),
  refusal(
    'key',
    /(?:failed to complete challenge|could not lookup signer|validating challenge response).*/i,
  ),
  refusal(
    'state',
    /(?:bad backend state|either an initial public key or registration secret is required).*/i,
  ),
  { ...refusal('concurrent', /unexpected backend state.*/i), retryable: () => true },
];

function refusal(reason: Reason, pattern: RegExp): ErrorPattern {
  return { pattern, cause: ([message]) => ({ code: 'bound-keypair', reason, message }) };
}
