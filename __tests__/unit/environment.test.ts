import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Identity } from '../../src/methods/join-identity.ts';
import type { Environment } from '../../src/ci/port.ts';
import { type EnvironmentRequest, tbotEnvironment } from '../../src/tbot/environment.ts';
import { metadataHosts, namesLoopback } from '../../src/http/hosts.ts';

const github: Identity = { method: 'github' };
const azure: Identity = { method: 'azure' };

const environment = (
  env: Environment,
  changes: Partial<EnvironmentRequest> = {},
): Readonly<Record<string, string>> =>
  tbotEnvironment({
    env,
    identity: github,
    endpoint: { kind: 'proxy' },
    anonymousTelemetry: false,
    caBundle: undefined,
    ...changes,
  });

/** tbot's environment if no variable of the job is passed on. */
const bare = { TELEPORT_ANONYMOUS_TELEMETRY: '0' };

const idToken = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example.com/?x=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};

describe('tbotEnvironment', () => {
  it('contains the variables that tbot needs', () => {
    const kept = {
      PATH: '/usr/bin',
      HOME: '/home/runner',
      TMPDIR: '/tmp',
      LANG: 'C.UTF-8',
      LC_ALL: 'C',
      SSL_CERT_FILE: '/etc/ca.pem',
      SSL_CERT_DIR: '/etc/ca',
      RUNNER_TRACKING_ID: 'github_1',
      TBOT_USE_PROXY_ADDR: 'yes',
    };
    expect(environment(kept)).toEqual({ ...kept, ...bare });
  });

  it.each([
    'TELEPORT_PROXY',
    'TELEPORT_AUTH_SERVER',
    'TELEPORT_BOT_TOKEN',
    'TELEPORT_IDENTITY_FILE',
    'TELEPORT_ANONYMOUS_TELEMETRY_ADDRESS',
    'TBOT_CONFIG',
    'TBOT_CONFIG_PATH',
    'TBOT_DEBUG',
    'TBOT_GITLAB_JWT',
    'TBOT_REGISTRATION_SECRET',
    'INPUT_TOKEN',
    'INPUT_PROXY',
    'GITHUB_TOKEN',
    'GITHUB_ENV',
    'ACTIONS_RUNTIME_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'AZURE_CLIENT_SECRET',
    'KUBECONFIG',
    'NODE_OPTIONS',
    'LD_PRELOAD',
    'GODEBUG',
    'LC_SECRET',
    'POD_NAMESPACE',
    'NODE_EXTRA_CA_CERTS',
  ])('does not contain %s', (name) => {
    expect(environment({ [name]: 'x' }, { identity: azure })).toEqual(bare);
    expect(environment({ [name]: 'x' })).toEqual(bare);
  });

  it('contains only variables on the list', () => {
    const prefix = fc.constantFrom(
      'INPUT_',
      'TELEPORT_',
      'TBOT_',
      'GITHUB_',
      'ACTIONS_',
      'LC_',
      '',
    );
    const name = fc.tuple(prefix, fc.string({ maxLength: 12 })).map((parts) => parts.join(''));
    const allowed =
      /^(PATH|HOME|TMPDIR|TMP|TEMP|USERPROFILE|SYSTEMROOT|LANG|LANGUAGE|LC_(ALL|CTYPE|MESSAGES)|(HTTPS?|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|RUNNER_TRACKING_ID|TBOT_USE_PROXY_ADDR)$/i;
    fc.assert(
      fc.property(fc.dictionary(name, fc.constant('a secret')), fc.boolean(), (env, cloud) => {
        const given = environment({ ...env, ...idToken }, cloud ? { identity: azure } : {});
        const leaked = Object.entries(given).filter(
          ([key, value]) => value === 'a secret' && !allowed.test(key) && !(key in idToken),
        );
        expect(leaked).toEqual([]);
      }),
    );
  });

  it('contains the OIDC token endpoint only for join method github', () => {
    expect(environment(idToken)).toEqual({ ...bare, ...idToken });
    expect(environment(idToken, { identity: azure })).toEqual(bare);
  });

  it('accepts another Azure metadata service only on a loopback address', () => {
    const name = 'AZURE_POD_IDENTITY_AUTHORITY_HOST';
    const given = (value: string): unknown => environment({ [name]: value }, { identity: azure });
    expect(given('http://127.0.0.1:8080')).toEqual({ ...bare, [name]: 'http://127.0.0.1:8080' });
    expect(given('http://169.254.169.254')).toEqual(bare);
    expect(given('http://evil.example.com')).toEqual(bare);
    expect(environment({ [name]: 'http://127.0.0.1:8080' })).toEqual(bare);
  });

  it('replaces SSL_CERT_FILE by the CA bundle, and keeps SSL_CERT_DIR', () => {
    const env = { SSL_CERT_FILE: '/etc/ca.pem', SSL_CERT_DIR: '/etc/ca' };
    expect(environment(env, { caBundle: '/temp/ca-bundle.pem' })).toMatchObject({
      SSL_CERT_FILE: '/temp/ca-bundle.pem',
      SSL_CERT_DIR: '/etc/ca',
    });
  });

  it('has telemetry off unless the input is set', () => {
    expect(environment({ TELEPORT_ANONYMOUS_TELEMETRY: '1' })).toEqual(bare);
    expect(environment({}, { anonymousTelemetry: true })).toEqual({
      TELEPORT_ANONYMOUS_TELEMETRY: '1',
      _TBOT_TELEMETRY_HELPER: 'gha:machine-id-action',
    });
  });

  it('matches names in any case, as on Windows', () => {
    const env = { Path: 'C:\\Windows', SystemRoot: 'C:\\Windows', Temp: 'C:\\Temp' };
    expect(environment(env)).toEqual({ ...env, ...bare });
  });

  it('omits undefined variables', () => {
    expect(environment({ PATH: undefined, HOME: '/home/runner' })).toEqual({
      HOME: '/home/runner',
      ...bare,
    });
  });
});

describe('metadata services', () => {
  const all = metadataHosts.join(',');

  it.each(['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'https_proxy', 'http_proxy', 'all_proxy'])(
    'are excluded from %s',
    (name) => {
      expect(environment({ [name]: 'http://proxy:3128' })).toEqual({
        ...bare,
        [name]: 'http://proxy:3128',
        NO_PROXY: all,
        no_proxy: all,
      });
    },
  );

  it.each([
    [{ NO_PROXY: 'a.example' }, 'a.example'],
    [{ no_proxy: 'a.example' }, 'a.example'],
    [{ NO_PROXY: 'a.example', no_proxy: 'b.example' }, 'a.example'],
    [{ NO_PROXY: '', no_proxy: 'b.example' }, 'b.example'],
    [{ NO_PROXY: 'a.example', no_proxy: '' }, 'a.example'],
    [{ No_Proxy: 'c.example' }, 'c.example'],
    [{ NO_PROXY: '*' }, '*'],
  ])('are added to the existing exceptions, as Go reads them: %j', (env, before) => {
    expect(environment({ HTTPS_PROXY: 'http://proxy:3128', ...env })).toMatchObject({
      NO_PROXY: `${before},${all}`,
      no_proxy: `${before},${all}`,
    });
  });

  it('are not added without a proxy', () => {
    expect(environment({ NO_PROXY: 'a.example' })).toEqual({ NO_PROXY: 'a.example', ...bare });
  });
});

describe('namesLoopback', () => {
  it.each(['http://127.0.0.1', 'http://127.9.9.9:80/x', 'http://[::1]:80', 'https://localhost'])(
    '%s',
    (url) => expect(namesLoopback(url)).toBe(true),
  );

  it.each([
    undefined,
    '',
    '127.0.0.1',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://localhost@example.com',
    'http://example.com/127.0.0.1',
    'http://example.com#localhost',
    'http://0.0.0.0',
    'http://[::ffff:10.0.0.1]',
    'http://10.0.0.1',
  ])('not %s', (url) => expect(namesLoopback(url)).toBe(false));
});
