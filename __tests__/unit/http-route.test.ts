import { describe, expect, it } from 'vitest';

import { httpProxyFor } from '../../src/http/proxy-choice.ts';
import type { Environment } from '../../src/ci/port.ts';

const endpoint = (url: string, env: Environment): string => {
  const proxy = httpProxyFor(new URL(url), env);
  return proxy ? `${proxy.secure ? 'https' : 'http'} ${proxy.host}:${proxy.port}` : 'direct';
};

describe('which HTTP proxy', () => {
  it.each([
    ['https://a.example/', { HTTPS_PROXY: 'http://p:3128' }, 'http p:3128'],
    ['https://a.example/', { https_proxy: 'http://p:3128' }, 'http p:3128'],
    ['https://a.example/', { HTTPS_PROXY: '', https_proxy: 'p:3128' }, 'http p:3128'],
    ['https://a.example/', { HTTPS_PROXY: 'https://p' }, 'https p:443'],
    ['https://a.example/', { HTTPS_PROXY: 'http://[::1]:8080/' }, 'http ::1:8080'],
    ['https://a.example/', { HTTP_PROXY: 'http://p:3128', http_proxy: 'http://p:3128' }, 'direct'],
    ['http://a.example/', { http_proxy: 'http://p:3128' }, 'http p:3128'],
    ['http://a.example/', { HTTP_PROXY: 'http://p' }, 'http p:80'],
    ['http://a.example/', { HTTPS_PROXY: 'http://p:3128' }, 'direct'],
    ['https://a.example/', {}, 'direct'],
  ])('%s with %j: %s', (url, env, expected) => {
    expect(endpoint(url, env)).toBe(expected);
  });

  it.each([
    'http://169.254.169.254/metadata/versions',
    'http://169.254.170.2/',
    'http://metadata.google.internal/',
    'http://metadata.google.internal./',
    'http://127.0.0.1:8080/',
    'https://127.9.9.9/',
    'https://localhost:3080/',
    'https://LOCALHOST/',
    'https://[::1]:3080/',
  ])('never one for %s', (url) => {
    expect(endpoint(url, { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://p:1' })).toBe('direct');
  });

  it('says what is wrong with a password that is not written as a URL has it', () => {
    const env = { HTTPS_PROXY: 'http://user:100%@proxy:3128' };
    expect(() => endpoint('https://a.example/', env)).toThrow(TypeError);
    expect(() => endpoint('https://a.example/', env)).toThrow(/in HTTPS_PROXY has a `%`.*`%25`/);
    expect(endpoint('https://a.example/', { HTTPS_PROXY: 'http://user:100%25@p:1' })).toBe(
      'http p:1',
    );
  });

  it.each([
    ['a.example.com', 'example.com', 'direct'],
    ['example.com', 'example.com', 'direct'],
    ['badexample.com', 'example.com', 'http p:1'],
    ['a.example.com', '.example.com', 'direct'],
    ['example.com', '.example.com', 'http p:1'],
    ['a.example.com', '*.example.com', 'direct'],
    ['a.example.com', 'other, EXAMPLE.com', 'direct'],
    ['a.example.com', 'other example.com', 'direct'],
    ['a.example.com', '*', 'direct'],
    ['a.example.com', 'example.com:443', 'direct'],
    ['a.example.com', 'example.com:8443', 'http p:1'],
    ['10.1.2.3', '10.0.0.0/8', 'direct'],
    ['11.1.2.3', '10.0.0.0/8', 'http p:1'],
    ['10.1.2.3', '10.1.2.3', 'direct'],
    ['10.1.2.3', '2.3', 'http p:1'],
    ['10.1.2.3', '[broken', 'http p:1'],
    ['a.example.com', 'nonsense/33', 'http p:1'],
    ['[fd00::7]', 'fd00::/8', 'direct'],
    ['[fd00::7]', '[fd00::7]:443', 'direct'],
    ['10.1.2.3', '10.0.0.0/99', 'http p:1'],
    ['a.example.com', '10.0.0.0/8', 'http p:1'],
  ])('https://%s with NO_PROXY=%s: %s', (host, list, expected) => {
    const env = { HTTPS_PROXY: 'http://p:1' };
    expect(endpoint(`https://${host}/`, { ...env, NO_PROXY: list })).toBe(expected);
    expect(endpoint(`https://${host}/`, { ...env, no_proxy: list })).toBe(expected);
  });

  it('takes the credentials out of the address', () => {
    const proxy = httpProxyFor(new URL('https://a.example/'), {
      HTTPS_PROXY: 'http://user:p%40ss@p:1',
    });
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    expect(proxy?.host).toBe('p');
  });

  it.each(['socks5://p:1080', 'http://'])(
    'refuses %s, without repeating what could be secret',
    (value) => {
      expect(() => httpProxyFor(new URL('https://a.example/'), { HTTPS_PROXY: value })).toThrow(
        /HTTPS_PROXY/,
      );
    },
  );
});
