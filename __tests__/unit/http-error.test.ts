import { describe, expect, it } from 'vitest';
import { isIssuerUnknown, NetworkError, networkError } from '../../src/http/http-error.ts';

function failure(code: string): Error {
  return Object.assign(new Error('a message of the library'), { code });
}

describe('networkError', () => {
  it.each([
    ['EAI_AGAIN', 'unresolved', true, 'host name example.com cannot be resolved (EAI_AGAIN)'],
    ['ENOTFOUND', 'unresolved', false, 'cannot be resolved (ENOTFOUND)'],
    ['EHOSTUNREACH', 'unreachable', true, 'example.com:443 is unreachable (EHOSTUNREACH)'],
    ['ETIMEDOUT', 'timeout', false, 'the connection to example.com:443 timed out (ETIMEDOUT)'],
    ['UND_ERR_SOCKET', 'reset', true, 'example.com:443 closed the connection'],
    ['HPE_INVALID_CONSTANT', 'protocol', false, 'example.com:443 does not use HTTPS'],
    ['CERT_HAS_EXPIRED', 'untrusted', false, 'has expired'],
    ['CERT_NOT_YET_VALID', 'untrusted', false, 'is not yet valid'],
    ['CERT_REVOKED', 'untrusted', false, 'has been revoked'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'untrusted', false, 'is for another host name'],
    ['CERT_UNTRUSTED', 'untrusted', false, 'is signed by a CA that this runner does not trust'],
    [
      'ERR_SOMETHING_NEW',
      'other',
      false,
      'the request to example.com:443 failed (ERR_SOMETHING_NEW)',
    ],
  ])('converts %s to %s, retryable: %s', (code, kind, retryable, message) => {
    const error = networkError(failure(code), 'example.com:443');
    expect(error).toMatchObject({ kind, retryable });
    expect(error.message).toContain(message);
  });

  it('names the HTTP proxy whose host name cannot be resolved', () => {
    const { message } = networkError(failure('ENOTFOUND'), 'HTTP proxy p.example.com:8080');
    expect(message).toBe(
      'host name p.example.com of the HTTP proxy cannot be resolved (ENOTFOUND)',
    );
  });

  it('converts an error without a code', () => {
    const { kind, message } = networkError('a text', 'example.com:443');
    expect([kind, message]).toEqual(['other', 'the request to example.com:443 failed']);
  });

  it('returns a NetworkError unchanged', () => {
    const error = new NetworkError({ kind: 'redirect', what: 'x' });
    expect(networkError(error, 'example.com:443')).toBe(error);
  });

  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', true],
    ['CERT_HAS_EXPIRED', false],
  ])('reports whether another CA could help with %s: %s', (code, expected) => {
    expect(isIssuerUnknown(networkError(failure(code), 'example.com:443'))).toBe(expected);
    expect(isIssuerUnknown(failure(code))).toBe(false);
  });
});
