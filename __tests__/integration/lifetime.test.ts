import { describe, expect, it } from 'vitest';
import { checkLifetime, revocationNotices } from '../../src/services/lifetime.ts';
import type { Credential } from '../../src/services/credential.ts';
import { defaultBots } from '../../testbed/defaults.ts';
import { mainFixture } from './main.fixture.ts';

const now = Date.parse('2026-11-21T00:00:00Z');
const hour = 3600;

/** Returns a credential that expires so many seconds from now. */
function expiringIn(seconds: number): Credential {
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

const requested = { certificateTtl: hour, minTtl: undefined };

describe('checkLifetime', () => {
  it('returns no notice if the lifetimes are those requested', () => {
    expect(checkLifetime([], requested, now)).toBeUndefined();
    expect(checkLifetime([expiringIn(hour)], { ...requested, minTtl: hour }, now)).toBeUndefined();
  });

  it('tolerates one minute for the join', () => {
    const wanted = { ...requested, minTtl: hour };
    expect(checkLifetime([expiringIn(hour - 60)], wanted, now)).toBeUndefined();
    expect(() => checkLifetime([expiringIn(hour - 61)], wanted, now)).toThrow('`min-ttl` (1h)');
    expect(checkLifetime([expiringIn(hour - 61)], requested, now)).toContain(
      '2026-11-21T00:58:59Z',
    );
  });

  it('tolerates half of a short `min-ttl`', () => {
    for (const [minTtl, left] of [
      [60, 30],
      [600, 540],
      [12 * hour, 12 * hour - 60],
    ] as const) {
      const wanted = { certificateTtl: 24 * hour, minTtl };
      expect(() => checkLifetime([expiringIn(left - 1)], wanted, now)).toThrow('`min-ttl`');
      expect(checkLifetime([expiringIn(left)], wanted, now)).toContain('requested lifetime is 24h');
    }
  });

  it('applies `min-ttl` to an AWS session', () => {
    const service = {
      type: 'workload-identity-aws-roles-anywhere',
      selector: { name: 'a' },
      role_arn: 'a',
      profile_arn: 'b',
      trust_anchor_arn: 'c',
    } as const;
    const wanted = { certificateTtl: 12 * hour, minTtl: 8 * hour };
    expect(() => checkLifetime([{ ...expiringIn(6 * hour), service }], wanted, now)).toThrow(
      'min-ttl',
    );
  });

  it('names the bot whose lifetime Teleport limits', () => {
    expect(checkLifetime([expiringIn(600)], requested, now)).toMatch(
      /requested lifetime is 1h.*`tctl edit bot\/ci`/,
    );
  });

  it('uses the earliest expiry', () => {
    const credentials = [expiringIn(hour), expiringIn(600), expiringIn(hour)];
    expect(checkLifetime(credentials, requested, now)).toContain('expire at 2026-11-21T00:10:00Z');
  });

  it('reports an expired credential as a problem of the clocks', () => {
    for (const seconds of [0, -7200])
      expect(() => checkLifetime([expiringIn(hour), expiringIn(seconds)], requested, now)).toThrow(
        expect.objectContaining({ code: 'clock', fix: expect.stringContaining('timedatectl') }),
      );
    expect(() => checkLifetime([expiringIn(-7200)], requested, now)).toThrow(
      'expired at 2026-11-20T22:00:00Z, but the clock of the runner shows 2026-11-21T00:00:00Z',
    );
  });
});

describe('the lifetime of a service', () => {
  const selector = { name: 'a' };
  const arns = { role_arn: 'a', profile_arn: 'b', trust_anchor_arn: 'c' };

  it('is compared with what that service requested', () => {
    const service = { type: 'identity', credential_ttl: 2 * hour } as const;
    const notice = checkLifetime(
      [expiringIn(hour), { ...expiringIn(hour), name: 'b', service }],
      requested,
      now,
    );
    expect(notice).toMatch(
      /^The requested lifetime is 2h, but the credentials expire at \S+ \(`b`\)/,
    );
    const short = { ...service, credential_ttl: 600 };
    expect(checkLifetime([{ ...expiringIn(600), service: short }], requested, now)).toBeUndefined();
  });

  it('has other limits if it is not a certificate of the bot', () => {
    const svid = { type: 'workload-identity-x509', selector, credential_ttl: 48 * hour } as const;
    const certificate = undefined;
    expect(
      checkLifetime([{ ...expiringIn(hour), certificate, service: svid }], requested, now),
    ).toContain('Teleport limits SVIDs');
    const aws = { type: 'workload-identity-aws-roles-anywhere', selector, ...arns } as const;
    const session = { ...expiringIn(hour), certificate, service: aws };
    expect(checkLifetime([session], requested, now)).toMatch(
      /requested lifetime is 6h, .* AWS limits/,
    );
    expect(revocationNotices([expiringIn(hour), session])).toEqual([
      expect.stringContaining('2026-11-21T01:00:00Z'),
    ]);
    expect(revocationNotices([{ ...session, expiresAt: undefined }])).toEqual([
      expect.stringContaining('stays valid for 6h'),
    ]);
  });

  it('ignores a credential without an expiry', () => {
    const forever = { ...expiringIn(hour), expiresAt: undefined };
    expect(checkLifetime([forever], requested, now)).toBeUndefined();
    expect(checkLifetime([forever, expiringIn(600)], requested, now)).toContain('(`identity`)');
    const wanted = { ...requested, minTtl: hour };
    const unnamed = { ...expiringIn(600), certificate: undefined };
    expect(() => checkLifetime([unnamed], wanted, now)).toThrow('min-ttl');
  });
});

describe('a bot with a short `max_session_ttl`', () => {
  const { play } = mainFixture({
    bots: { ...defaultBots, ci: { roles: ['access'], logins: ['root'], maxSessionTtl: 1800 } },
  });

  it('gets a notice with the expiry', async () => {
    const recording = await play();
    expect(recording.of('fail')).toEqual([]);
    const end = `${recording.values('output')['expires-at']}`;
    expect(recording.of('notice')).toEqual([['machine-id-action', expect.stringContaining(end)]]);
  });

  it('publishes nothing if the lifetime is shorter than `min-ttl`', async () => {
    const recording = await play({ inputs: { 'min-ttl': '45m' } });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: ttl', expect.stringContaining('`min-ttl` (45m)')],
    ]);
    expect(recording.of('output')).toEqual([]);
    expect(recording.of('exportVariable')).toEqual([]);
  });

  it('gets no notice if the lifetime is long enough', async () => {
    const recording = await play({ inputs: { 'min-ttl': '20m', 'certificate-ttl': '30m' } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.of('notice')).toEqual([]);
  });
});
