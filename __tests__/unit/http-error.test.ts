import { describe, expect, it } from 'vitest';
import { isIssuerUnknown, NetworkError, networkError } from '../../src/http/http-error.ts';

function failure(code: string): Error {
  return Object.assign(new Error('a message of the library'), { code });
}

describe('an error of a connection', () => {
  it.each([
    ['EAI_AGAIN', 'unresolved', true, 'the name of example.com:443 cannot be resolved (EAI_AGAIN)'],
    ['ENOTFOUND', 'unresolved', false, 'cannot be resolved (ENOTFOUND)'],
    ['EHOSTUNREACH', 'unreachable', true, 'there is no way to example.com:443 from here'],
    ['ETIMEDOUT', 'timeout', false, 'example.com:443 does not answer (ETIMEDOUT)'],
    ['UND_ERR_SOCKET', 'reset', true, 'example.com:443 broke off the connection'],
    ['HPE_INVALID_CONSTANT', 'protocol', false, 'example.com:443 does not speak HTTPS'],
    ['CERT_HAS_EXPIRED', 'untrusted', false, 'has expired'],
    ['CERT_NOT_YET_VALID', 'untrusted', false, 'is not valid yet'],
    ['CERT_REVOKED', 'untrusted', false, 'has been revoked'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'untrusted', false, 'is for another name'],
    ['CERT_UNTRUSTED', 'untrusted', false, 'is signed by an authority that is not trusted here'],
    ['ERR_SOMETHING_NEW', 'other', false, 'talking to example.com:443 failed (ERR_SOMETHING_NEW)'],
  ])('%s is %s, retryable: %s', (code, kind, retryable, message) => {
    const error = networkError(failure(code), 'example.com:443');
    expect(error).toMatchObject({ kind, retryable });
    expect(error.message).toContain(message);
  });

  it('without a code is named without one', () => {
    const { kind, message } = networkError('a text', 'example.com:443');
    expect([kind, message]).toEqual(['other', 'talking to example.com:443 failed']);
  });

  it('that is explained already stays as it is', () => {
    const error = new NetworkError({ kind: 'redirect', what: 'x' });
    expect(networkError(error, 'example.com:443')).toBe(error);
  });

  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', true],
    ['CERT_HAS_EXPIRED', false],
  ])('%s could be mended by another CA: %s', (code, expected) => {
    expect(isIssuerUnknown(networkError(failure(code), 'example.com:443'))).toBe(expected);
    expect(isIssuerUnknown(failure(code))).toBe(false);
  });
});
