import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  calm,
  created,
  either,
  errorOf,
  loginPage,
  logOf,
  redirected,
  type Sketch,
  type Fixture,
  startFixture,
} from './testbed-teleport.fixture.ts';

const azure = { token: 'ci-azure', method: 'azure' };
const otherGroup = {
  'ci-azure': {
    bot: 'ci',
    joinMethod: 'azure' as const,
    allow: [{ subscription: '11111111-1111-1111-1111-111111111111', resource_groups: ['other'] }],
  },
};

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture('15.0.0-dev');
});
beforeEach(() => calm(fixture.faults));
afterAll(async () => await fixture[Symbol.asyncDispose]());

describe('a denied join, as recorded from tbot 15.0.0-dev', () => {
  it.each<[string, Sketch, string]>([
    [
      'unknown token',
      { token: 'nope' },
      '"" cannot join the cluster with role "Bot", token expired or not found',
    ],
    ['claims', { token: 'other-repo' }, 'id token claims did not match any allow rules'],
    [
      'join method',
      { token: 'ci-azure' },
      'this token is only valid for the azure join method but the node has connected to the wrong endpoint, make sure your node is configured to use the azure join method',
    ],
    [
      'role of the token',
      { token: 'node-only' },
      'node "" [] cannot join the cluster, the token does not allow "Bot" role',
    ],
    ['lock', { token: 'locked-bot' }, 'lock targeting User:"bot-locked" is in force'],
  ])('%s', async (_name, sketch, cause) => {
    const ending = await fixture.fail(sketch);
    expect(logOf(ending)).toEqual([created]);
    expect(either(cause, loginPage)).toContain(errorOf(ending));
    expect(fixture.files()).toEqual([]);
    expect(fixture.proxy.joins.at(-1)).toMatchObject({ ok: false, error: cause });
  });

  it('prints the two causes in either order', async () => {
    const seen = new Set<string>();
    for (let tries = 0; seen.size < 2 && tries < 60; tries += 1) {
      seen.add(errorOf(await fixture.fail({ token: 'nope' })));
    }
    expect(seen.size).toBe(2);
  });
});

describe('the OIDC token', () => {
  it.each([
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: '' }, 'ACTIONS_ID_TOKEN_REQUEST_URL'],
    [{ ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' }, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
  ])('is missing its variable %o', async (env, name) => {
    expect(errorOf(await fixture.fail({}, env))).toBe(`${name} environment variable missing`);
  });

  it.each([
    [{ kind: 'status', status: 401 } as const, 'response did not include ID token'],
    [{ kind: 'status', status: 500 } as const, 'response did not include ID token'],
    [{ kind: 'no-value' } as const, 'response did not include ID token'],
    [{ kind: 'html' } as const, loginPage],
  ])('is not given: %o', async (fault, error) => {
    fixture.faults.github = fault;
    expect(errorOf(await fixture.fail({}))).toBe(error);
  });

  it.each([
    ['expired', { github: -3600, proxy: 0 }, /^oidc: token is expired/],
    ['not yet valid', { github: 3600, proxy: 0 }, /nbf/],
    ['expired for the cluster', { github: 0, proxy: 3600 }, /^oidc: token is expired/],
  ])('is %s', async (_name, clock, cause) => {
    Object.assign(fixture.faults.clock, clock);
    await fixture.fail({});
    expect(fixture.proxy.joins.at(-1)?.error).toMatch(cause);
  });
});

describe('Azure', () => {
  it.each([[{ kind: 'down' } as const], [{ kind: 'throttled', requests: 1 } as const]])(
    'fails without the metadata service: %o',
    async (fault) => {
      fixture.faults.imds = fault;
      const cause = 'could not reach instance metadata. Is Teleport running on an Azure VM?';
      expect(either(cause, redirected)).toContain(errorOf(await fixture.fail(azure)));
    },
  );

  it.each([
    ['no identity', { kind: 'no-identity' } as const, '', 'Identity not found'],
    [
      'several',
      { kind: 'several-identities' } as const,
      '',
      'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
    ],
    [
      'a foreign client id',
      { kind: 'none' } as const,
      ', azure: {client_id: 99999999-9999-9999-9999-999999999999}',
      'Identity not found',
    ],
  ])('has %s', async (_name, fault, onboarding, description) => {
    fixture.faults.imds = fault;
    const cause = `invalid_request\n\t{"error":"invalid_request","error_description":"${description}"}`;
    const text = errorOf(await fixture.fail({ ...azure, onboarding }));
    expect(either(cause, redirected)).toContain(text);
    expect(fixture.files()).toEqual([]);
  });

  it('fails for a machine that matches no rule', async () => {
    await using other = await startFixture('15.0.0-dev', { tokens: otherGroup });
    const ending = await other.start(azure);
    expect(
      either(
        'rpc error: code = PermissionDenied desc = instance did not match any allow rules',
        redirected,
      ),
    ).toContain(errorOf(ending));
  });
});

describe('--debug', () => {
  it('prints a report with a stack instead of the error', async () => {
    const ending = await fixture.start({ token: 'other-repo' }, {}, '--debug');
    const cause = 'id token claims did not match any allow rules';
    const html = 'invalid character &#39;&lt;&#39; looking for beginning of value';
    const [, type, text = ''] =
      /\nERROR REPORT:\nOriginal Error: (\S+) (.*)\nStack Trace:\n\t\S+lib\/auth\/register\.go:290 /.exec(
        ending.stderr.slice(ending.stderr.lastIndexOf('\nERROR REPORT:')),
      ) ?? [];
    expect(ending).toMatchObject({ code: 1, stdout: '' });
    expect(type).toBe('trace.aggregate');
    expect(either(cause, html)).toContain(text);
    expect(ending.stderr.trimEnd().endsWith(`User Message: ${text}`)).toBe(true);
    expect(ending.raw).not.toContain('\u001B[31mERROR');
    expect(ending.stderr).toContain('] auth/register.go:284');
  });
});
