import { describe, expect, it } from 'vitest';
import { checkLifetime, revocationNotices } from '../../src/services/lifetime.ts';
import type { Credential } from '../../src/services/credential.ts';
import { defaultBots } from '../../testbed/defaults.ts';
import { mainFixture } from './main.fixture.ts';

const now = Date.parse('2026-11-21T00:00:00Z');
const hour = 3600;

/** Returns a credential that expires after this many seconds. */
function expiring(seconds: number): Credential {
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
  it('returns nothing if the lifetimes are as requested', () => {
    expect(checkLifetime([], requested, now)).toBeUndefined();
    expect(checkLifetime([expiring(hour)], { ...requested, minTtl: hour }, now)).toBeUndefined();
  });

  it('tolerates a minute, which the join can take', () => {
    const wanted = { ...requested, minTtl: hour };
    expect(checkLifetime([expiring(hour - 60)], wanted, now)).toBeUndefined();
    expect(() => checkLifetime([expiring(hour - 61)], wanted, now)).toThrow('`min-ttl` (1h)');
    expect(checkLifetime([expiring(hour - 61)], requested, now)).toContain('2026-11-21T00:58:59Z');
  });

  it('tolerates at most half of a short `min-ttl`', () => {
    for (const [minTtl, left] of [
      [60, 30],
      [600, 540],
      [12 * hour, 12 * hour - 60],
    ] as const) {
      const wanted = { certificateTtl: 24 * hour, minTtl };
      expect(() => checkLifetime([expiring(left - 1)], wanted, now)).toThrow('`min-ttl`');
      expect(checkLifetime([expiring(left)], wanted, now)).toContain('the requested 24h');
    }
  });

  it('applies `min-ttl` to AWS sessions', () => {
    const service = {
      type: 'workload-identity-aws-roles-anywhere',
      selector: { name: 'a' },
      role_arn: 'a',
      profile_arn: 'b',
      trust_anchor_arn: 'c',
    } as const;
    const wanted = { certificateTtl: 12 * hour, minTtl: 8 * hour };
    expect(() => checkLifetime([{ ...expiring(6 * hour), service }], wanted, now)).toThrow(
      'min-ttl',
    );
  });

  it('names the bot that limits the lifetime', () => {
    expect(checkLifetime([expiring(600)], requested, now)).toMatch(
      /the requested 1h.*`tctl edit bot\/ci`/,
    );
  });

  it('reports the credential that expires first', () => {
    const credentials = [expiring(hour), expiring(600), expiring(hour)];
    expect(checkLifetime(credentials, requested, now)).toContain('expires at 2026-11-21T00:10:00Z');
  });

  it('rejects an expired credential', () => {
    for (const seconds of [0, -7200])
      expect(() => checkLifetime([expiring(hour), expiring(seconds)], requested, now)).toThrow(
        expect.objectContaining({ code: 'clock', fix: expect.stringContaining('timedatectl') }),
      );
    expect(() => checkLifetime([expiring(-7200)], requested, now)).toThrow(
      "expired at 2026-11-20T22:00:00Z, and the runner's clock shows 2026-11-21T00:00:00Z",
    );
  });
});

describe('the lifetime that a service requests', () => {
  const selector = { name: 'a' };
  const arns = { role_arn: 'a', profile_arn: 'b', trust_anchor_arn: 'c' };

  it('is compared with that of its own credential', () => {
    const service = { type: 'identity', credential_ttl: 2 * hour } as const;
    const notice = checkLifetime(
      [expiring(hour), { ...expiring(hour), name: 'b', service }],
      requested,
      now,
    );
    expect(notice).toMatch(/^Credential `b` expires at .*, sooner than the requested 2h\./);
    const short = { ...service, credential_ttl: 600 };
    expect(checkLifetime([{ ...expiring(600), service: short }], requested, now)).toBeUndefined();
  });

  it('has other limits for SVIDs and AWS sessions', () => {
    const svid = { type: 'workload-identity-x509', selector, credential_ttl: 48 * hour } as const;
    const certificate = undefined;
    expect(
      checkLifetime([{ ...expiring(hour), certificate, service: svid }], requested, now),
    ).toContain('maximum of the workload identity');
    const aws = { type: 'workload-identity-aws-roles-anywhere', selector, ...arns } as const;
    const session = { ...expiring(hour), certificate, service: aws };
    expect(checkLifetime([session], requested, now)).toMatch(
      /the requested 6h\. AWS limits the session/,
    );
    expect(revocationNotices([expiring(hour), session])).toEqual([
      expect.stringContaining('2026-11-21T01:00:00Z'),
    ]);
    expect(revocationNotices([{ ...session, expiresAt: undefined }])).toEqual([
      expect.stringContaining('remains valid for 6h, even after the job'),
    ]);
  });

  it('ignores a credential without an expiry', () => {
    const forever = { ...expiring(hour), expiresAt: undefined };
    expect(checkLifetime([forever], requested, now)).toBeUndefined();
    expect(checkLifetime([forever, expiring(600)], requested, now)).toContain(
      'Credential `identity` expires',
    );
    const wanted = { ...requested, minTtl: hour };
    const unnamed = { ...expiring(600), certificate: undefined };
    expect(() => checkLifetime([unnamed], wanted, now)).toThrow('min-ttl');
  });
});

describe('a bot with a short `max_session_ttl`', () => {
  const { play } = mainFixture({
    bots: { ...defaultBots, ci: { roles: ['access'], logins: ['root'], maxSessionTtl: 1800 } },
  });

  it('causes a notice with the actual expiry time', async () => {
    const recording = await play();
    expect(recording.of('fail')).toEqual([]);
    const end = `${recording.values('output')['expires-at']}`;
    expect(recording.of('notice')).toEqual([['machine-id-action', expect.stringContaining(end)]]);
  });

  it('causes a Problem if `min-ttl` is longer', async () => {
    const recording = await play({ inputs: { 'min-ttl': '45m' } });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: ttl', expect.stringContaining('`min-ttl` (45m)')],
    ]);
    expect(recording.of('output')).toEqual([]);
    expect(recording.of('exportVariable')).toEqual([]);
  });

  it('causes no notice if the request is within its limit', async () => {
    const recording = await play({ inputs: { 'min-ttl': '20m', 'certificate-ttl': '30m' } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.of('notice')).toEqual([]);
  });
});
