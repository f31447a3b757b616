import { describe, expect, it } from 'vitest';
import { failingLoops, finalError } from '../../src/tbot/diagnosis/renewals.ts';
import { diagnose } from '../../src/tbot/diagnosis/diagnose.ts';

/** A failed attempt in the words of tbot 15 (recorded), without most of the stack trace. */
const identityFailed = (attempt: number): readonly string[] => [
  `ERRO [TBOT]      Bot identity renewal attempt ${attempt} of 7 failed. Retrying after 11.9s. error:[`,
  'ERROR REPORT:',
  'Original Error: *trace.BadParameterError response did not include ID token',
  'Stack Trace:',
  '\t/go/src/github.com/gravitational/teleport/lib/auth/register.go:290 github.com/gravitational/teleport/lib/auth.Register',
  'User Message: renewing identity with token',
  '\tresponse did not include ID token] tbot/bot_identity.go:120',
];
const outputsFailed = [
  'WARN [TBOT]      Output renewal attempt 1 of 5 failed. Retrying after 727ms. error:[',
  'ERROR REPORT:',
  'User Message: tls: failed to verify certificate] tbot/impersonated_identity.go:590',
];
const outputsRenewed =
  'INFO [TBOT]      Renewed outputs. Next output renewal in approximately 12s. tbot/impersonated_identity.go:610';
const identityRenewed =
  'INFO [TBOT]      Renewed bot identity. Next bot identity renewal in approximately 12s. tbot/bot_identity.go:1';

/** An entry in the words of tbot 17 and later. */
const later = (second: number, component: string, text: string): string =>
  `2026-11-21T10:00:0${second}.123Z ${text.startsWith('Task succeeded') ? 'INFO' : 'WARN'} [${component}] ${text} internal/loop.go:1`;
const failed = 'Task failed. Backing off and retrying attempt:1 retry_limit:7 error:[went wrong]';
const succeeded = 'Task succeeded. Waiting interval task:output-renewal interval:20m0s';

const codeOf = (log: readonly string[]): string =>
  diagnose({ exit: { kind: 'running' }, log }, { identity: { method: 'github' } }).code;

describe('failingLoops', () => {
  it('returns none for a log without failures, or whose failures have passed', () => {
    expect(failingLoops([])).toEqual([]);
    expect(failingLoops([outputsRenewed])).toEqual([]);
    expect(failingLoops([...identityFailed(1), identityRenewed])).toEqual([]);
    expect(failingLoops([...outputsFailed, outputsRenewed])).toEqual([]);
  });

  it('distinguishes the loop of the identity from that of the outputs', () => {
    const loops = failingLoops([...identityFailed(1), outputsRenewed]);
    expect(loops).toMatchObject([{ ofIdentity: true, exhausted: false, since: undefined }]);
    expect(failingLoops([...outputsFailed, identityRenewed])).toMatchObject([
      { ofIdentity: false, exhausted: false },
    ]);
  });

  it('returns the loop of the identity first, because the others depend on it', () => {
    const loops = failingLoops([...outputsFailed, ...identityFailed(2)]);
    expect(loops.map(({ error }) => codeOf(error))).toEqual([
      'id-token-refused',
      'proxy-untrusted',
    ]);
  });

  it('returns the error without the place in the source that logged it', () => {
    const [loop] = failingLoops(identityFailed(1));
    expect(loop?.error.at(-1)?.trim()).toBe('response did not include ID token');
    expect(loop?.error[0]).toBe('ERROR REPORT:');
  });

  it('returns the time of the first failure after the last success', () => {
    const loops = failingLoops([
      later(1, 'TBOT:IDEN', failed),
      later(2, 'TBOT:IDEN', 'Task succeeded. Waiting interval task:bot-identity-renewal'),
      later(3, 'TBOT:IDEN', failed),
      later(4, 'TBOT', succeeded),
      later(5, 'TBOT:IDEN', failed),
    ]);
    expect(loops).toEqual([
      {
        ofIdentity: true,
        since: '2026-11-21T10:00:03Z',
        exhausted: false,
        error: ['ERROR: went wrong'],
      },
    ]);
  });

  it('keeps the error of the last attempt if tbot gives up until the next interval', () => {
    const exhausted = 'All retry attempts exhausted. Will wait for next interval task:x';
    const loops = failingLoops([later(1, 'TBOT', failed), later(2, 'TBOT', exhausted)]);
    expect(loops).toMatchObject([{ exhausted: true, error: ['ERROR: went wrong'] }]);
    expect(failingLoops([later(2, 'TBOT', exhausted)])).toMatchObject([{ error: [] }]);
  });

  it('ignores colours', () => {
    const coloured = later(1, 'TBOT', failed).replace('WARN', '\u001b[33mWARN\u001b[0m');
    expect(failingLoops([coloured])).toHaveLength(1);
  });
});

describe('finalError', () => {
  const final = ['ERROR: renewing identity with token', 'response did not include ID token', ''];

  it('returns the error after the last entry of the log', () => {
    expect(finalError([...identityFailed(7), ...final])).toEqual(final);
    expect(finalError([outputsRenewed, ...final])).toEqual(final);
  });

  it('returns nothing if tbot was killed', () => {
    expect(finalError([])).toEqual([]);
    expect(finalError([...identityFailed(1), outputsRenewed])).toEqual([]);
    expect(finalError([...final, outputsRenewed])).toEqual([]);
  });
});
