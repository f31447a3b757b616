import { describe, expect, it } from 'vitest';

import { networkError } from '../../src/http/http-error.ts';
import { parseRetryAfter, retry, retryDelay, StatusError } from '../../src/http/retry.ts';
import { Problem } from '../../src/problem.ts';

const retryPolicy = { attempts: 4, pause: 1000, longest: 30_000 };

describe('retryDelay', () => {
  it.each([
    [429, 4],
    [500, 1],
    [502, 1],
    [503, 1],
    [504, 1],
  ])('grows with each attempt after HTTP %i', (status, times) => {
    const error = new StatusError('x', status, undefined);
    for (const [count, least, most] of [
      [1, 500, 1500],
      [2, 1000, 3000],
      [3, 2000, 6000],
    ] as const) {
      const wait = retryDelay(error, count, retryPolicy);
      expect(wait).toBeGreaterThanOrEqual(times * least);
      expect(wait).toBeLessThanOrEqual(times * most);
    }
  });

  it.each([400, 401, 403, 404])('is undefined after HTTP %i', (status) => {
    expect(retryDelay(new StatusError('x', status, undefined), 1, retryPolicy)).toBeUndefined();
  });

  it('is `Retry-After` plus a random part', () => {
    const wait = retryDelay(new StatusError('x', 429, 10_000), 1, retryPolicy);
    expect(wait).toBeGreaterThanOrEqual(10_000);
    expect(wait).toBeLessThanOrEqual(11_000);
  });

  it('is undefined if `Retry-After` exceeds the limit', () => {
    expect(retryDelay(new StatusError('x', 429, 31_000), 1, retryPolicy)).toBeUndefined();
  });

  it.each([
    ['ECONNRESET', true],
    ['ECONNREFUSED', true],
    ['EHOSTUNREACH', true],
    ['EAI_AGAIN', true],
    ['ENOTFOUND', false],
    ['ETIMEDOUT', false],
    ['CERT_HAS_EXPIRED', false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false],
  ])('retries after %s: %s', (code, retries) => {
    const error = networkError(Object.assign(new Error('x'), { code }), 'a:1');
    expect(retryDelay(error, 1, retryPolicy) !== undefined).toBe(retries);
  });

  it('is undefined after any other error', () => {
    expect(retryDelay(new Error('bug'), 1, retryPolicy)).toBeUndefined();
  });
});

async function attempt(): Promise<never> {
  throw new StatusError('a:1 returned HTTP 503', 503, undefined);
}

describe('a timeout', () => {
  const timeout = new Problem({ code: 'timeout', what: 'It timed out.', fix: 'Wait.' });

  it('names the last failed attempt', async () => {
    const stop = new AbortController();
    const retried = retry(
      { attempts: 2, pause: 60_000, longest: 60_000 },
      stop.signal,
      attempt,
      () => stop.abort(timeout),
    );
    await expect(retried).rejects.toMatchObject({
      code: 'timeout',
      message: 'It timed out. The last attempt failed: a:1 returned HTTP 503.',
      fix: 'Wait.',
    });
  });

  it('is unchanged in the first attempt', async () => {
    const retried = retry(retryPolicy, AbortSignal.abort(timeout), attempt);
    await expect(retried).rejects.toBe(timeout);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Wed, 21 Oct 2026 07:28:10 GMT', 10_000],
    ['Wed, 21 Oct 2026 07:00:00 GMT', 0],
    ['soon', undefined],
    ['-5x', undefined],
    [undefined, undefined],
  ])('%s means %s ms', (value, expected) => {
    expect(parseRetryAfter(value, Date.parse('2026-10-21T07:28:00Z'))).toBe(expected);
  });
});

describe('networkError', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted', 'CA that this runner does not trust'],
    ['CERT_HAS_EXPIRED', 'untrusted', 'has expired'],
    ['CERT_NOT_YET_VALID', 'untrusted', 'not yet valid'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'untrusted', 'another host name'],
    ['HOSTNAME_MISMATCH', 'untrusted', 'a:1'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'protocol', 'HTTPS'],
    ['HPE_INVALID_CONSTANT', 'protocol', 'HTTPS'],
    ['EMFILE', 'other', 'EMFILE'],
  ])('converts %s to %s', (code, kind, words) => {
    const error = networkError(Object.assign(new Error('x'), { code }), 'a:1');
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(words);
  });
});
