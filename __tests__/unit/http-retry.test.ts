import { describe, expect, it } from 'vitest';

import { NetworkError, networkError } from '../../src/http/http-error.ts';
import { parseRetryAfter, StatusError, retryDelay } from '../../src/http/retry.ts';

const retryPolicy = { attempts: 4, pause: 1000, longest: 30_000 };

describe('what is tried again', () => {
  it.each([
    [429, 4],
    [500, 1],
    [502, 1],
    [503, 1],
    [504, 1],
  ])('status %i, later and later', (status, times) => {
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

  it.each([400, 401, 403, 404])('not status %i', (status) => {
    expect(retryDelay(new StatusError('x', status, undefined), 1, retryPolicy)).toBeUndefined();
  });

  it('waits as long as the server asks, and spreads the crowd that comes back', () => {
    const wait = retryDelay(new StatusError('x', 429, 10_000), 1, retryPolicy);
    expect(wait).toBeGreaterThanOrEqual(10_000);
    expect(wait).toBeLessThanOrEqual(11_000);
  });

  it('gives up at once when the server asks for longer than there is patience', () => {
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
  ])('%s: %s', (code, passes) => {
    const error = networkError(Object.assign(new Error('x'), { code }), 'a:1');
    expect(retryDelay(error, 1, retryPolicy) !== undefined).toBe(passes);
  });

  it('not what is no trouble of the network', () => {
    expect(retryDelay(new Error('bug'), 1, retryPolicy)).toBeUndefined();
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
  ])('%s is %s ms', (value, expected) => {
    expect(parseRetryAfter(value, Date.parse('2026-10-21T07:28:00Z'))).toBe(expected);
  });
});

describe('NetworkError', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted', 'authority that is not trusted'],
    ['CERT_HAS_EXPIRED', 'untrusted', 'has expired'],
    ['CERT_NOT_YET_VALID', 'untrusted', 'not valid yet'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'untrusted', 'another name'],
    ['HOSTNAME_MISMATCH', 'untrusted', 'a:1'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'protocol', 'HTTPS'],
    ['HPE_INVALID_CONSTANT', 'protocol', 'HTTPS'],
    ['EMFILE', 'other', 'EMFILE'],
  ])('%s is %s', (code, kind, words) => {
    const error = networkError(Object.assign(new Error('x'), { code }), 'a:1');
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(words);
  });

  it('leaves one that is already told alone', () => {
    const error = new NetworkError({ kind: 'proxy', what: 'told' });
    expect(networkError(error, 'a:1')).toBe(error);
  });
});
