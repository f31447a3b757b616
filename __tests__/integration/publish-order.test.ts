import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CiPort } from '../../src/ci/port.ts';
import { type Changes, mainFixture } from './main.fixture.ts';

const fixture = mainFixture();
const { play } = fixture;

/** What a post step would find in the private directory at this moment. */
function onDisk(): { readonly exported: readonly object[]; readonly expiresAt?: string } {
  const [workdir = ''] = readdirSync(fixture.temp);
  return JSON.parse(readFileSync(join(fixture.temp, workdir, '.machine-id-action.json'), 'utf8'));
}

/** Notes of what was given, at each giving, what post would have known then. */
function noting(known: unknown[]): Required<Pick<Changes, 'around'>> {
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

/** A CI system whose disk is full from the second variable on. */
function fullAfterOne(ci: CiPort): CiPort {
  let given = 0;
  return {
    ...ci,
    exportVariable: (name, value) => {
      given += 1;
      if (given > 1) throw new Error('ENOSPC: no space left on device, write');
      ci.exportVariable(name, value);
    },
  };
}

describe('what the post step must restore', () => {
  it('is on disk before anything is published', async () => {
    const notes: unknown[] = [];
    const env = { TELEPORT_PROXY: 'own.example.com:443' };
    const played = await play({ env, ...noting(notes) });
    expect(played.of('fail')).toEqual([]);
    const given = played.of('exportVariable');
    const known = given.map(([name = '', value]) => ({
      name,
      value,
      before: name === 'TELEPORT_PROXY' ? env.TELEPORT_PROXY : '',
    }));
    const outputs = played.values('output');
    const expiresAt = outputs['expires-at'];
    expect(given.length).toBeGreaterThan(2);
    expect(notes).toEqual([
      ...given.map(([name]) => ({ name, known })),
      ...Object.keys(outputs).map((name) => ({ name, known, expiresAt })),
    ]);
  });

  it('is only the expiry of the credentials if no variable is set', async () => {
    const notes: unknown[] = [];
    const played = await play({ inputs: { 'export-env': 'false' }, ...noting(notes) });
    const outputs = played.values('output');
    const expiresAt = outputs['expires-at'];
    expect(expiresAt).toMatch(/^\d{4}-/);
    expect(notes).toEqual(Object.keys(outputs).map((name) => ({ name, known: [], expiresAt })));
  });

  it.each([
    ['nothing', {}, ''],
    ['what the author had set', { TELEPORT_PROXY: 'own.example.com:443' }, 'own.example.com:443'],
  ])('is restored if publishing fails halfway, for %s', async (_, env, before) => {
    const played = await play({ env, around: fullAfterOne });
    expect(played.of('fail')).toHaveLength(1);
    const proxy = fixture.testbed.proxy.address;
    expect(played.of('exportVariable')).toEqual([['TELEPORT_PROXY', proxy]]);
    expect(played.takenBack).toEqual([['TELEPORT_PROXY', before]]);
  });

  it('is exactly what was published', async () => {
    const played = await play();
    const names = played.of('exportVariable').map(([name]) => name);
    expect(names).toContain('TELEPORT_IDENTITY_FILE');
    expect(played.takenBack).toEqual(names.map((name) => [name, '']));
  });
});
