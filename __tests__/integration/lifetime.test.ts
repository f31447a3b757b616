import { describe, expect, it } from 'vitest';
import { checkLifetime, revocationNotices } from '../../src/services/lifetime.ts';
import type { Credential } from '../../src/services/credential.ts';
import { defaultBots } from '../../testbed/defaults.ts';
import { mainFixture } from './main.fixture.ts';

const now = Date.parse('2026-11-21T00:00:00Z');
const hour = 3600;

/** A credential that ends so many seconds from now. */
function ending(seconds: number): Credential {
  const expiresAt = new Date(now + seconds * 1000);
  return {
    name: 'identity',
    type: 'identity',
    dir: '/tmp/identity',
    files: {},
    expiresAt,
    certificate: { cluster: 'a', user: 'bot-ci', roles: [], botInstanceId: undefined, expiresAt },
  };
}

const asked = { certificateTtl: hour, minTtl: undefined };

describe('checkLifetime', () => {
  it('has nothing to say where nothing was issued, or all that was asked for', () => {
    expect(checkLifetime([], asked, now)).toBeUndefined();
    expect(checkLifetime([ending(hour)], { ...asked, minTtl: hour }, now)).toBeUndefined();
  });

  it('forgives the minute that the join took, and no more', () => {
    const wanted = { ...asked, minTtl: hour };
    expect(checkLifetime([ending(hour - 60)], wanted, now)).toBeUndefined();
    expect(() => checkLifetime([ending(hour - 61)], wanted, now)).toThrow('`min-ttl` (1h)');
    expect(checkLifetime([ending(hour - 61)], asked, now)).toContain('2026-11-21T00:58:59Z');
  });

  it('forgives half of a `min-ttl` that is short itself', () => {
    for (const [minTtl, left] of [
      [60, 30],
      [600, 540],
      [12 * hour, 12 * hour - 60],
    ] as const) {
      const wanted = { certificateTtl: 24 * hour, minTtl };
      expect(() => checkLifetime([ending(left - 1)], wanted, now)).toThrow('`min-ttl`');
      expect(checkLifetime([ending(left)], wanted, now)).toContain('24h asked for');
    }
  });

  it('holds a session of AWS to it too', () => {
    const service = {
      type: 'workload-identity-aws-roles-anywhere',
      selector: { name: 'a' },
      role_arn: 'a',
      profile_arn: 'b',
      trust_anchor_arn: 'c',
    } as const;
    const wanted = { certificateTtl: 12 * hour, minTtl: 8 * hour };
    expect(() => checkLifetime([{ ...ending(6 * hour), service }], wanted, now)).toThrow('min-ttl');
  });

  it('names the bot whose lifetime Teleport cut', () => {
    expect(checkLifetime([ending(600)], asked, now)).toMatch(/1h asked for.*`tctl edit bot\/ci`/);
  });

  it('goes by the one that ends first', () => {
    const credentials = [ending(hour), ending(600), ending(hour)];
    expect(checkLifetime(credentials, asked, now)).toContain('end 2026-11-21T00:10:00Z');
  });

  it('refuses what has ended: one of the clocks is wrong', () => {
    for (const seconds of [0, -7200])
      expect(() => checkLifetime([ending(hour), ending(seconds)], asked, now)).toThrow(
        expect.objectContaining({ code: 'clock', fix: expect.stringContaining('timedatectl') }),
      );
    expect(() => checkLifetime([ending(-7200)], asked, now)).toThrow(
      'ended 2026-11-20T22:00:00Z, and for this machine it is 2026-11-21T00:00:00Z',
    );
  });
});

describe('what each service asked for', () => {
  const selector = { name: 'a' };
  const arns = { role_arn: 'a', profile_arn: 'b', trust_anchor_arn: 'c' };

  it('counts, and not what the others asked for', () => {
    const service = { type: 'identity', credential_ttl: 2 * hour } as const;
    const notice = checkLifetime(
      [ending(hour), { ...ending(hour), name: 'b', service }],
      asked,
      now,
    );
    expect(notice).toMatch(/^The credentials \(`b`\) end .* sooner than the 2h asked for/);
    const short = { ...service, credential_ttl: 600 };
    expect(checkLifetime([{ ...ending(600), service: short }], asked, now)).toBeUndefined();
  });

  it('is cut by others than the bot where it is no certificate of it', () => {
    const svid = { type: 'workload-identity-x509', selector, credential_ttl: 48 * hour } as const;
    const certificate = undefined;
    expect(checkLifetime([{ ...ending(hour), certificate, service: svid }], asked, now)).toContain(
      'Teleport cuts an SVID',
    );
    const aws = { type: 'workload-identity-aws-roles-anywhere', selector, ...arns } as const;
    const session = { ...ending(hour), certificate, service: aws };
    expect(checkLifetime([session], asked, now)).toMatch(/6h asked for\. AWS cuts/);
    expect(revocationNotices([ending(hour), session])).toEqual([
      expect.stringContaining('2026-11-21T01:00:00Z'),
    ]);
    expect(revocationNotices([{ ...session, expiresAt: undefined }])).toEqual([
      expect.stringContaining('until its 6h are over'),
    ]);
  });

  it('ignores a credential without an expiry', () => {
    const forever = { ...ending(hour), expiresAt: undefined };
    expect(checkLifetime([forever], asked, now)).toBeUndefined();
    expect(checkLifetime([forever, ending(600)], asked, now)).toContain('(`identity`)');
    const wanted = { ...asked, minTtl: hour };
    const unnamed = { ...ending(600), certificate: undefined };
    expect(() => checkLifetime([unnamed], wanted, now)).toThrow('min-ttl');
  });
});

describe('a bot whose sessions are short', () => {
  const { play } = mainFixture({
    bots: { ...defaultBots, ci: { roles: ['access'], logins: ['root'], maxSessionTtl: 1800 } },
  });

  it('gets a notice with what it has', async () => {
    const recording = await play();
    expect(recording.of('fail')).toEqual([]);
    const end = `${recording.values('output')['expires-at']}`;
    expect(recording.of('notice')).toEqual([['machine-id-action', expect.stringContaining(end)]]);
  });

  it('gets nothing published where that is too short', async () => {
    const recording = await play({ inputs: { 'min-ttl': '45m' } });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: ttl', expect.stringContaining('`min-ttl` (45m)')],
    ]);
    expect(recording.of('output')).toEqual([]);
    expect(recording.of('exportVariable')).toEqual([]);
  });

  it('is left in peace where that is enough', async () => {
    const recording = await play({ inputs: { 'min-ttl': '20m', 'certificate-ttl': '30m' } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.of('notice')).toEqual([]);
  });
});
