import { describe, expect, it } from 'vitest';
import { checkLifetime } from '../../src/lifetime.ts';
import type { Credential } from '../../src/tbot/credentials.ts';
import { defaultBots } from '../../testbed/defaults.ts';
import { outputsOf, theatre } from './main.stage.ts';

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

  it('names the bot whose lifetime Teleport cut', () => {
    expect(checkLifetime([ending(600)], asked, now)).toMatch(/1h asked for.*`tctl edit bot\/ci`/);
  });

  it('goes by the one that ends first', () => {
    const credentials = [ending(hour), ending(600), ending(hour)];
    expect(checkLifetime(credentials, asked, now)).toContain('end 2026-11-21T00:10:00Z');
  });

  it('counts one that has ended as no time at all', () => {
    const wanted = { ...asked, minTtl: 1 };
    expect(checkLifetime([ending(-7200)], wanted, now)).toContain('2026-11-20T22:00:00Z');
    expect(() => checkLifetime([ending(-7200)], { ...asked, minTtl: 61 }, now)).toThrow('min-ttl');
  });
});

describe('a bot whose sessions are short', () => {
  const { play } = theatre({
    bots: { ...defaultBots, ci: { roles: ['access'], logins: ['root'], maxSessionTtl: 1800 } },
  });

  it('gets a notice with what it has', async () => {
    const recording = await play();
    expect(recording.of('fail')).toEqual([]);
    const end = `${outputsOf(recording)['expires-at']}`;
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
