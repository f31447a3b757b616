import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CiPort } from '../../src/ci/port.ts';
import { type Changes, mainFixture } from './main.fixture.ts';

const fixture = mainFixture();
const { play } = fixture;

/** Returns the marker of the private directory. */
function onDisk(): { readonly exported: readonly object[]; readonly expiresAt?: string } {
  const [workdir = ''] = readdirSync(fixture.temp);
  return JSON.parse(readFileSync(join(fixture.temp, workdir, '.machine-id-action.json'), 'utf8'));
}

/** Records, whenever a value is published, what the marker contains. */
function recordingMarkers(known: unknown[]): Required<Pick<Changes, 'around'>> {
  return {
    around: (ci: CiPort) => ({
      ...ci,
      exportVariable: (name, value) => {
        known.push({ name, known: onDisk().exported });
        ci.exportVariable(name, value);
      },
      output: (name, value) => {
        known.push({ name, known: onDisk().exported, expiresAt: onDisk().expiresAt });
        ci.output(name, value);
      },
    }),
  };
}

/** A CI system that cannot set a second variable, because its disk is full. */
function fullAfterOne(ci: CiPort): CiPort {
  let count = 0;
  return {
    ...ci,
    exportVariable: (name, value) => {
      count += 1;
      if (count > 1) throw new Error('ENOSPC: no space left on device, write');
      ci.exportVariable(name, value);
    },
  };
}

describe('what the post step must restore', () => {
  it('is on disk before anything is published', async () => {
    const states: unknown[] = [];
    const env = { TELEPORT_PROXY: 'own.example.com:443' };
    const played = await play({ env, ...recordingMarkers(states) });
    expect(played.of('fail')).toEqual([]);
    const published = played.of('exportVariable');
    const known = published.map(([name = '', value]) => ({
      name,
      value,
      before: name === 'TELEPORT_PROXY' ? env.TELEPORT_PROXY : '',
    }));
    const outputs = played.values('output');
    const expiresAt = outputs['expires-at'];
    expect(published.length).toBeGreaterThan(2);
    expect(states).toEqual([
      ...published.map(([name]) => ({ name, known })),
      ...Object.keys(outputs).map((name) => ({ name, known, expiresAt })),
    ]);
  });

  it('is only the expiry of the credentials if no variable is set', async () => {
    const states: unknown[] = [];
    const played = await play({ inputs: { 'export-env': 'false' }, ...recordingMarkers(states) });
    const outputs = played.values('output');
    const expiresAt = outputs['expires-at'];
    expect(expiresAt).toMatch(/^\d{4}-/);
    expect(states).toEqual(Object.keys(outputs).map((name) => ({ name, known: [], expiresAt })));
  });

  it.each([
    ['an unset variable', {}, ''],
    ['a variable with a value', { TELEPORT_PROXY: 'own.example.com:443' }, 'own.example.com:443'],
  ])('is restored if publishing fails halfway: %s', async (_, env, before) => {
    const played = await play({ env, around: fullAfterOne });
    expect(played.of('fail')).toHaveLength(1);
    const proxy = fixture.testbed.proxy.address;
    expect(played.of('exportVariable')).toEqual([['TELEPORT_PROXY', proxy]]);
    expect(played.restored).toEqual([['TELEPORT_PROXY', before]]);
  });

  it('is exactly what was published', async () => {
    const played = await play();
    const names = played.of('exportVariable').map(([name]) => name);
    expect(names).toContain('TELEPORT_IDENTITY_FILE');
    expect(played.restored).toEqual(names.map((name) => [name, '']));
  });
});
