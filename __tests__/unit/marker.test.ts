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
import { type Marker, readMarker, writeMarker, writePrivately } from '../../src/home/marker.ts';

const name = '.machine-id-action.json';

const marker: Marker = {
  job: 'acme/web 1 1 build github_1',
  processes: [
    { pid: 4711, started: '81234' },
    { pid: 4712, started: undefined },
  ],
  exported: [{ name: 'TELEPORT_PROXY', value: 'example.com:443', before: '' }],
};

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'marker-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('a marker', () => {
  it('is read as it was written, and is private', async () => {
    await writeMarker(home, marker);
    expect(await readMarker(home)).toEqual(marker);
    expect(await readdir(home)).toEqual([name]);
    expect(await mode(join(home, name))).toBe('600');
  });

  it('takes the place of an older one, whole', async () => {
    await writeMarker(home, marker);
    await chmod(join(home, name), 0o644);
    await writeMarker(home, { ...marker, processes: [], exported: [] });
    expect(await readMarker(home)).toEqual({ ...marker, processes: [], exported: [] });
    expect(await mode(join(home, name))).toBe('600');
  });

  it('comes back, whatever is in it', async () => {
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
        await writeMarker(home, given);
        expect(await readMarker(home)).toEqual(given);
      }),
      { numRuns: 50 },
    );
  });

  it('is not written through a link', async () => {
    const victim = join(home, 'victim');
    await writeFile(victim, 'precious');
    await symlink(victim, join(home, `${name}.${process.pid}`));
    await expect(writeMarker(home, marker)).rejects.toThrow(/ELOOP/);
    expect(await readFile(victim, 'utf8')).toBe('precious');
  });

  it('takes the place of a link, not of what that points to', async () => {
    const victim = join(home, 'victim');
    await writeFile(victim, 'precious');
    await symlink(victim, join(home, name));
    await writeMarker(home, marker);
    expect(await readFile(victim, 'utf8')).toBe('precious');
    expect(await readMarker(home)).toEqual(marker);
  });
});

describe('readMarker', () => {
  const valid = { format: 'machine-id-action/1', ...marker };

  it('finds none in an empty home, nor where there is no home', async () => {
    expect(await readMarker(home)).toBeUndefined();
    expect(await readMarker(join(home, 'absent'))).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['another format', { ...valid, format: 'machine-id-action/2' }],
    ['no format', { ...marker }],
    ['no job', { ...valid, job: undefined }],
    ['a job that is no text', { ...valid, job: 7 }],
    ['no processes', { ...valid, processes: undefined }],
    ['processes that are no list', { ...valid, processes: {} }],
    ['the process 1', { ...valid, processes: [{ pid: 1 }] }],
    ['the process 0, which means our own group', { ...valid, processes: [{ pid: 0 }] }],
    ['the process -1, which means all', { ...valid, processes: [{ pid: -1 }] }],
    ['a process that is no number', { ...valid, processes: [{ pid: '4711' }] }],
    ['half a process', { ...valid, processes: [{ pid: 4711.5 }] }],
    ['a start that is no text', { ...valid, processes: [{ pid: 4711, started: 1 }] }],
    ['a process that is null', { ...valid, processes: [null] }],
    ['a variable without a value', { ...valid, exported: [{ name: 'A', before: '' }] }],
    ['a variable that is a text', { ...valid, exported: ['A=1'] }],
    ['a list', []],
    ['null', null],
    ['a text', 'machine-id-action/1'],
  ])('takes %s for none of ours', async (_, json) => {
    await writeFile(join(home, name), JSON.stringify(json));
    expect(await readMarker(home)).toBeUndefined();
  });

  it.each(['', '{', `${JSON.stringify(valid)}}`, JSON.stringify(valid).slice(0, -1), '\u0000'])(
    'takes a damaged one for none: %j',
    async (text) => {
      await writeFile(join(home, name), text);
      expect(await readMarker(home)).toBeUndefined();
    },
  );

  it('takes one that is too long for none', async () => {
    await writeFile(join(home, name), JSON.stringify({ ...valid, job: 'x'.repeat(1_000_001) }));
    expect(await readMarker(home)).toBeUndefined();
  });

  it('follows no link and reads no folder', async () => {
    await writeFile(join(home, 'elsewhere'), JSON.stringify(valid));
    await symlink(join(home, 'elsewhere'), join(home, name));
    expect(await readMarker(home)).toBeUndefined();
    await rm(join(home, name));
    await mkdir(join(home, name));
    expect(await readMarker(home)).toBeUndefined();
  });
});

describe('writePrivately', () => {
  it('makes a file of mode 0600, and refuses one that is there', async () => {
    const path = join(home, 'file');
    await writePrivately(path, 'text');
    expect(await mode(path)).toBe('600');
    await expect(writePrivately(path, 'other')).rejects.toThrow(/EEXIST/);
    expect(await readFile(path, 'utf8')).toBe('text');
  });

  it('refuses a link, also one that points nowhere, also when it may reuse', async () => {
    const path = join(home, 'link');
    await symlink(join(home, 'nowhere'), path);
    await expect(writePrivately(path, 'text')).rejects.toThrow(/EEXIST|ELOOP/);
    await expect(writePrivately(path, 'text', { reuse: true })).rejects.toThrow(/ELOOP/);
    expect(await readdir(home)).toEqual(['link']);
  });

  it('replaces a text that may be reused', async () => {
    const path = join(home, 'file');
    await writePrivately(path, 'a longer text');
    await writePrivately(path, 'text', { reuse: true, flush: true });
    expect(await readFile(path, 'utf8')).toBe('text');
  });
});
