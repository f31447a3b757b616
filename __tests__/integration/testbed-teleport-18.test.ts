import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultBots, defaultTokens } from '../../testbed/defaults.ts';
import { calm, errorOf, logOf, type Fixture, startFixture } from './testbed-teleport.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture('18.2.4');
});
beforeEach(() => calm(fixture.faults));
afterAll(async () => await fixture[Symbol.asyncDispose]());

const read = (name: string) => readFileSync(join(fixture.destinations, 'identity', name), 'utf8');
const joining =
  'building identity service\n\tinitializing identity service\n\t\tjoining with token\n\t\t\t';

function service(ttl: string): string {
  return `  - type: identity\n    destination: {type: directory, path: $DEST/identity}\n    credential_ttl: ${ttl}`;
}

describe('the messages of tbot 18', () => {
  it.each([
    ['nope', 'token expired or not found'],
    ['other-repo', 'id token claims did not match any allow rules'],
    ['ci-azure', 'client requested join method github, provision token only supports method azure'],
    ['node-only', 'cannot join the cluster, the token does not allow role Bot'],
    ['locked-bot', 'lock targeting User:"bot-locked" is in force'],
  ])('of the token %s', async (token, cause) => {
    const ending = await fixture.start({ token });
    expect(ending).toMatchObject({ code: 1, stdout: '' });
    expect(errorOf(ending)).toBe(joining + cause);
  });

  it('for a machine that matches no rule', async () => {
    fixture.imds.machine.resourceGroupName = 'group2';
    const ending = await fixture.start({ token: 'ci-azure', method: 'azure' });
    const { vmId } = fixture.imds.machine;
    fixture.imds.machine.resourceGroupName = 'GROUP1';
    expect(await fixture.start({ token: 'ci-azure', method: 'azure' })).toMatchObject({ code: 0 });
    expect(errorOf(ending)).toBe(
      `${joining}instance ${vmId} did not match any allow rules in token ci-azure`,
    );
  });

  it('for a bot without roles', async () => {
    const ending = await fixture.start({ token: 'no-roles' });
    expect(errorOf(ending)).toBe(
      'service(identity-output (directory: $DEST/identity))\n\tgenerating identity\n\t\tat least one role request is required',
    );
  });

  it('do not mention unknown keys', async () => {
    const ending = await fixture.start({ root: 'surprise: 1\nauth_server: x:1' });
    expect(ending.code).toBe(0);
  });

  it('for a deprecated TTL and one that is too long', async () => {
    const old = await fixture.start({ root: 'certificate_ttl: 1h' });
    expect(logOf(old)[0]).toContain('certificate_ttl will be ignored');
    const half = await fixture.start({ outputs: service('1h') });
    expect(errorOf(half)).toMatch(/credential_ttl and renewal_interval must both be specified/);
    const long = await fixture.start({ outputs: `${service('169h')}\n    renewal_interval: 1h` });
    expect(errorOf(long)).toContain('requested_ttl=169h0m0s, maximum_ttl=168h0m0s');
    const good = await fixture.start({ outputs: `${service('2h')}\n    renewal_interval: 1h` });
    expect(good.code).toBe(0);
    const { validFromDate, validToDate } = new X509Certificate(read('tlscert'));
    expect(validToDate.getTime() - validFromDate.getTime()).toBe(121 * 60_000);
  });

  it('for unsupported services and destinations', async () => {
    const errors: Record<string, RegExp> = {
      '  - type: nope': /failed parsing config file: unrecognized service type \(nope\)$/,
      '  - type: identity': /no destination configured for output$/,
      '  - type: identity\n    destination: {path: /x}': /unrecognized destination type \(\)$/,
      '  - type: spiffe-svid\n    destination: {type: memory}':
        /does not play the type spiffe-svid$/,
    };
    for (const [outputs, error] of Object.entries(errors)) {
      expect(errorOf(await fixture.start({ outputs }))).toMatch(error);
    }
  });

  it('for variables that override the file', async () => {
    const proxy = await fixture.start({}, { TELEPORT_PROXY: '127.0.0.1:1' });
    expect(proxy.stderr).toContain('CLI parameters are overriding configuration flag:proxy-server');
    expect(errorOf(proxy)).toContain('dial tcp 127.0.0.1:1: connect: connection refused');
    const token = await fixture.start({}, { TELEPORT_BOT_TOKEN: 'ci-github' });
    expect(errorOf(token)).toBe('join method must be provided');
    const debug = await fixture.start({ token: 'nope' }, { TBOT_DEBUG: '1' });
    expect(debug.stderr).toContain('ERROR REPORT:');
  });

  it('show that rules support wildcards, unlike in 15', async () => {
    const allow = [{ repository: 'acme/*', ref: 'refs/heads/mai?' }];
    const tokens = { ...defaultTokens, glob: { bot: 'ci', joinMethod: 'github' as const, allow } };
    await using newer = await startFixture('18.2.4', { tokens });
    expect(await newer.start({ token: 'glob' })).toMatchObject({ code: 0 });
    await using older = await startFixture('15.0.0-dev', { tokens });
    expect(await older.start({ token: 'glob' })).toMatchObject({ code: 1 });
  });
});

describe('bots and locks', () => {
  it('are set by the options', async () => {
    const bots = { ...defaultBots, ci: { roles: ['only'], logins: [], maxSessionTtl: 600 } };
    await using other = await startFixture('18.2.4', { bots });
    expect(await other.start()).toMatchObject({ code: 0 });
    const path = join(other.destinations, 'identity', 'tlscert');
    const certificate = new X509Certificate(readFileSync(path));
    expect(certificate.toLegacyObject().subject).toMatchObject({
      O: 'only',
      L: '-teleport-internal-join',
    });
    const seconds =
      (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 1000;
    expect(seconds).toBe(660);
  });
});
