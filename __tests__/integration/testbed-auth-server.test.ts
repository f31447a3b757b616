import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Run, type ServiceFixture, startServiceFixture } from './testbed-services.fixture.ts';
import { errorOf } from './testbed-teleport.fixture.ts';

let fixture: ServiceFixture;
beforeAll(async () => {
  fixture = await startServiceFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());

const identity = '{type: identity, destination: {type: directory, path: $DEST/identity}}';
const unknownAuthority = 'has presented a certificate signed by a\n  unknown authority';

/** One run with pins beside the token of a good join. */
async function run(version: string, pins: readonly string[], extra: object = {}): Promise<Run> {
  const { address } = fixture.testbed.proxy.authServer;
  const token = `ci-github, ca_pins: ${JSON.stringify(pins)}`;
  return await fixture.run(version, [identity], {
    address: `auth_server: "${address}"`,
    token,
    ...extra,
  });
}

describe('the Auth Service', () => {
  it('is joined with its pin, and without any', async () => {
    const { caPin } = fixture.testbed.proxy.authServer;
    for (const pins of [[caPin], []]) {
      const ended = await run('18.2.4', pins);
      expect(ended.code).toBe(0);
      expect(ended.stderr).toContain('Successfully registered with auth server.');
      expect(ended.files('identity')).toContain('ssh_config');
      expect(ended.read('identity', 'ssh_config')).toContain(fixture.testbed.proxy.address);
    }
  });

  it.each([
    ['sha1:00', 'sha256 only supported'],
    ['00', 'invalid format for certificate pin'],
    [`sha256:${'0'.repeat(64)}`, 'cluster pin does not match any provided'],
  ])('is not joined with %s, which is told to those who debug', async (pin, words) => {
    const [usual, debug] = [
      await run('18.2.4', [pin]),
      await run('18.2.4', [pin], { debug: true }),
    ];
    expect(usual.code).toBe(1);
    expect(usual.stderr).toContain(unknownAuthority);
    expect(usual.stderr).not.toContain(words);
    expect(debug.stderr).toContain(words);
  });

  it('is no proxy', async () => {
    const { address } = fixture.testbed.proxy.authServer;
    const ended = await run('18.2.4', [], { address: `proxy_server: "${address}"` });
    expect(ended.stderr).toContain(unknownAuthority);
  });

  it('tells of both ways where nobody answers', async () => {
    const ended = await run('18.2.4', [], { address: 'auth_server: "127.0.0.1:1"' });
    expect(errorOf(ended).match(/connection refused/g)).toHaveLength(2);
    const old = await run('15.0.0-dev', [], { address: 'auth_server: "127.0.0.1:1"' });
    expect(errorOf(old).match(/connection refused/g)).toHaveLength(2);
  });
});
