import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Marker, readMarker, writeMarker, writePrivately } from '../../src/workdir/marker.ts';

const name = '.machine-id-action.json';

const marker: Marker = {
  job: 'acme/web 1 1 build github_1',
  processes: [
    { pid: 4711, started: '81234' },
    { pid: 4712, started: undefined },
  ],
  exported: [{ name: 'TELEPORT_PROXY', value: 'example.com:443', before: '' }],
};

let workdir = '';
beforeEach(async () => {
  workdir = await mkdtemp(join(tmpdir(), 'marker-'));
});
afterEach(async () => {
  await rm(workdir, { recursive: true, force: true });
});

const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('a marker', () => {
  it('is read back unchanged, and has mode 0600', async () => {
    await writeMarker(workdir, marker);
    expect(await readMarker(workdir)).toEqual(marker);
    expect(await readdir(workdir)).toEqual([name]);
    expect(await mode(join(workdir, name))).toBe('600');
  });

  it('replaces an older one completely', async () => {
    await writeMarker(workdir, marker);
    await chmod(join(workdir, name), 0o644);
    await writeMarker(workdir, { ...marker, processes: [], exported: [] });
    expect(await readMarker(workdir)).toEqual({ ...marker, processes: [], exported: [] });
    expect(await mode(join(workdir, name))).toBe('600');
  });

  it('is read back unchanged with any content', async () => {
    const text = fc.string({ unit: 'binary' });
    const any: fc.Arbitrary<Marker> = fc.record({
      job: text,
      processes: fc.array(
        fc.record({ pid: fc.integer({ min: 2 }), started: fc.option(text, { nil: undefined }) }),
      ),
      exported: fc.array(fc.record({ name: text, value: text, before: text })),
    });
    await fc.assert(
      fc.asyncProperty(any, async (given) => {
        await writeMarker(workdir, given);
        expect(await readMarker(workdir)).toEqual(given);
      }),
      { numRuns: 50 },
    );
  });

  it('is not written through a link', async () => {
    const victim = join(workdir, 'victim');
    await writeFile(victim, 'precious');
    await symlink(victim, join(workdir, `${name}.${process.pid}`));
    await expect(writeMarker(workdir, marker)).rejects.toThrow(/ELOOP/);
    expect(await readFile(victim, 'utf8')).toBe('precious');
  });

  it('replaces a link, not its target', async () => {
    const victim = join(workdir, 'victim');
    await writeFile(victim, 'precious');
    await symlink(victim, join(workdir, name));
    await writeMarker(workdir, marker);
    expect(await readFile(victim, 'utf8')).toBe('precious');
    expect(await readMarker(workdir)).toEqual(marker);
  });
});

describe('readMarker', () => {
  const valid = { format: 'machine-id-action/1', ...marker };

  it('returns undefined for an empty directory and for one that does not exist', async () => {
    expect(await readMarker(workdir)).toBeUndefined();
    expect(await readMarker(join(workdir, 'absent'))).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['another format', { ...valid, format: 'machine-id-action/2' }],
    ['no format', { ...marker }],
    ['no job', { ...valid, job: undefined }],
    ['a job that is not a string', { ...valid, job: 7 }],
    ['no processes', { ...valid, processes: undefined }],
    ['processes that are not a list', { ...valid, processes: {} }],
    ['the process 1', { ...valid, processes: [{ pid: 1 }] }],
    ['the process 0, which means the own group', { ...valid, processes: [{ pid: 0 }] }],
    ['the process -1, which means all', { ...valid, processes: [{ pid: -1 }] }],
    ['a process that is not a number', { ...valid, processes: [{ pid: '4711' }] }],
    ['a fraction as a process', { ...valid, processes: [{ pid: 4711.5 }] }],
    ['a start that is not a string', { ...valid, processes: [{ pid: 4711, started: 1 }] }],
    ['a process that is null', { ...valid, processes: [null] }],
    ['a variable without a value', { ...valid, exported: [{ name: 'A', before: '' }] }],
    ['a variable that is a string', { ...valid, exported: ['A=1'] }],
    ['a list', []],
    ['null', null],
    ['a string', 'machine-id-action/1'],
  ])('returns undefined for %s', async (_, json) => {
    await writeFile(join(workdir, name), JSON.stringify(json));
    expect(await readMarker(workdir)).toBeUndefined();
  });

  it.each(['', '{', `${JSON.stringify(valid)}}`, JSON.stringify(valid).slice(0, -1), '\u0000'])(
    'returns undefined for a damaged marker: %j',
    async (text) => {
      await writeFile(join(workdir, name), text);
      expect(await readMarker(workdir)).toBeUndefined();
    },
  );

  it('returns undefined for a marker that is too long', async () => {
    await writeFile(join(workdir, name), JSON.stringify({ ...valid, job: 'x'.repeat(1_000_001) }));
    expect(await readMarker(workdir)).toBeUndefined();
  });

  it('reads neither a link nor a directory', async () => {
    await writeFile(join(workdir, 'elsewhere'), JSON.stringify(valid));
    await symlink(join(workdir, 'elsewhere'), join(workdir, name));
    expect(await readMarker(workdir)).toBeUndefined();
    await rm(join(workdir, name));
    await mkdir(join(workdir, name));
    expect(await readMarker(workdir)).toBeUndefined();
  });
});

describe('writePrivately', () => {
  it('creates a file of mode 0600, and rejects an existing one', async () => {
    const path = join(workdir, 'file');
    await writePrivately(path, 'text');
    expect(await mode(path)).toBe('600');
    await expect(writePrivately(path, 'other')).rejects.toThrow(/EEXIST/);
    expect(await readFile(path, 'utf8')).toBe('text');
  });

  it('rejects a link, even if its target does not exist, and with `reuse`', async () => {
    const path = join(workdir, 'link');
    await symlink(join(workdir, 'nowhere'), path);
    await expect(writePrivately(path, 'text')).rejects.toThrow(/EEXIST|ELOOP/);
    await expect(writePrivately(path, 'text', { reuse: true })).rejects.toThrow(/ELOOP/);
    expect(await readdir(workdir)).toEqual(['link']);
  });

  it('replaces a file with `reuse`', async () => {
    const path = join(workdir, 'file');
    await writePrivately(path, 'a longer text');
    await writePrivately(path, 'text', { reuse: true, flush: true });
    expect(await readFile(path, 'utf8')).toBe('text');
  });
});
