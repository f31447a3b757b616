import { readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  changeMarker,
  workdirName,
  workdirRoot,
  workdirState,
  createWorkdir,
  icaclsArguments,
  programsOf,
  unwritable,
  writeToWorkdir,
} from '../../src/workdir/workdir.ts';
import { readMarker } from '../../src/workdir/marker.ts';
import { ciWith } from '../recording.ts';
import { canBeOther, canMount, homeOfOther, homeOnTmpfs, runnerPlace } from './workdir.fixture.ts';

const place = runnerPlace();

const mode = async (path: string): Promise<string> =>
  ((await stat(path)).mode & 0o7777).toString(8);

function refuse(): never {
  throw new Error('GITHUB_STATE is full');
}

describe('makeHome', () => {
  it('makes a private folder of a fresh name below RUNNER_TEMP', async () => {
    const [one, other] = [await place.workdir(), await place.workdir()];
    expect(one.path).not.toBe(other.path);
    for (const { path } of [one, other]) {
      expect(dirname(path)).toBe(place.temp);
      expect(basename(path)).toMatch(workdirName);
      expect(await mode(path)).toBe('700');
      expect(await mode(join(path, 'bin'))).toBe('700');
      expect((await readdir(path)).toSorted()).toEqual(['.machine-id-action.json', 'bin']);
    }
  });

  it('is private whatever the umask', async () => {
    const before = process.umask(0);
    try {
      const workdir = await place.workdir();
      expect(await mode(workdir.path)).toBe('700');
      expect(await mode(await writeToWorkdir(workdir.path, 'file', 'text'))).toBe('600');
      expect(await mode(join(workdir.path, '.machine-id-action.json'))).toBe('600');
    } finally {
      process.umask(before);
    }
  });

  it('leaves room for a Unix socket below the 104 bytes of macOS', async () => {
    const usual = '/Users/runner/work/_temp';
    expect(
      join(usual, basename((await place.workdir()).path), 'ssh', 'agent.sock').length,
    ).toBeLessThan(104);
  });

  it('marks it with the job and with this very process', async () => {
    const { path, marker } = await place.workdir();
    expect(await readMarker(path)).toEqual(marker);
    expect(marker).toMatchObject({ job: place.ci().job.key, exported: [] });
    expect(marker.processes.map(({ pid }) => pid)).toEqual([process.pid]);
  });

  it('remembers the path before anything is there', async () => {
    const found: unknown[] = [];
    const { path } = await createWorkdir({
      ...place.ci(),
      saveState: (name, value) => found.push([name, value, readdirSync(place.temp)]),
    });
    expect(found).toEqual([[workdirState, path, []]]);
  });

  it('has made nothing when the path cannot be remembered', async () => {
    await expect(createWorkdir({ ...place.ci(), saveState: refuse })).rejects.toThrow(
      /GITHUB_STATE/,
    );
    expect(await readdir(place.temp)).toEqual([]);
  });

  it('resolves links on the way to RUNNER_TEMP', async () => {
    const link = `${place.temp}-link`;
    await symlink(place.temp, link);
    expect(dirname((await place.workdir({ RUNNER_TEMP: link })).path)).toBe(place.temp);
    expect(await workdirRoot(ciWith({ RUNNER_TEMP: `${link}/` }).directories)).toBe(
      await realpath(place.temp),
    );
  });

  it.each([undefined, ''])('is a Problem without RUNNER_TEMP (%s)', async (temp) => {
    await expect(place.workdir({ RUNNER_TEMP: temp })).rejects.toMatchObject({
      name: 'Problem',
      code: 'platform',
      message: expect.stringContaining('RUNNER_TEMP is not set'),
    });
  });

  it('is a Problem where RUNNER_TEMP does not exist, or is a file', async () => {
    const absent = join(place.temp, 'absent');
    await expect(place.workdir({ RUNNER_TEMP: absent })).rejects.toMatchObject({
      code: 'platform',
      message: expect.stringContaining('does not exist'),
    });
    await writeFile(absent, '');
    await expect(place.workdir({ RUNNER_TEMP: absent })).rejects.toMatchObject({
      code: 'platform',
      message: expect.stringContaining('is not a directory'),
    });
  });
});

describe('writeIntoHome', () => {
  it('writes a new private file, and refuses one that is there', async () => {
    const { path } = await place.workdir();
    const file = await writeToWorkdir(path, 'tbot.yaml', 'version: v2');
    expect(await readFile(file, 'utf8')).toBe('version: v2');
    expect(await mode(file)).toBe('600');
    await expect(writeToWorkdir(path, 'tbot.yaml', 'other')).rejects.toMatchObject({
      code: 'platform',
    });
    expect(await readFile(file, 'utf8')).toBe('version: v2');
  });

  it('writes nothing through a link that somebody laid there', async () => {
    const { path } = await place.workdir();
    const victim = join(place.temp, 'victim');
    await symlink(victim, join(path, 'tbot.yaml'));
    await expect(writeToWorkdir(path, 'tbot.yaml', 'text')).rejects.toMatchObject({
      code: 'platform',
    });
    await expect(stat(victim)).rejects.toThrow(/ENOENT/);
  });

  it('is a Problem when the home was removed meanwhile', async () => {
    const { path, marker } = await place.workdir();
    await rm(path, { recursive: true });
    const gone = { name: 'Problem', code: 'platform', message: expect.stringContaining(path) };
    await expect(writeToWorkdir(path, 'file', 'text')).rejects.toMatchObject(gone);
    await expect(changeMarker(path, marker)).rejects.toMatchObject(gone);
  });
});

it('programs lie in a folder of their own', () => {
  expect(programsOf({ path: '/tmp/machine-id-0' })).toBe(join('/tmp/machine-id-0', 'bin'));
});

it('on Windows the folder is given to its owner alone', () => {
  expect(icaclsArguments('D:\\a\\_temp\\machine-id-0')).toEqual([
    'D:\\a\\_temp\\machine-id-0',
    '/inheritance:r',
    '/grant:r',
    '*S-1-3-4:(OI)(CI)F',
  ]);
});

it('an error that has no name is said as it is', () => {
  expect(unwritable('/tmp', new Error('odd')).message).toContain('Error: odd');
  expect(unwritable('/tmp', 'odd').message).toContain('odd');
});

describe.skipIf(!canBeOther)('as another user (skipped unless root)', () => {
  it('is a Problem where this user may not write', async () => {
    const told = await homeOfOther(place.temp);
    expect(told).toMatchObject({ name: 'Problem', code: 'platform' });
    expect(told.message).toContain('this user may not write there');
    // Remembered all the same: post finds nothing there and says so.
    expect(told.said).toHaveLength(1);
  });
});

describe.skipIf(!canMount)('file systems (skipped where `unshare --mount` is not allowed)', () => {
  it.each([
    ['ro', 'read-only'],
    ['nr_inodes=1', 'the disk is full'],
    ['nr_inodes=2', 'the disk is full'],
  ])('%s: %s', async (options, why) => {
    const mount = join(place.temp, 'mount');
    await mkdir(mount);
    const told = await homeOnTmpfs(mount, { options });
    expect(told).toMatchObject({ name: 'Problem', code: 'platform' });
    expect(told.message).toContain(why);
    expect(told.said).toEqual([[workdirState, expect.stringContaining(mount)]]);
  });

  it('takes files until the disk is full, which is a Problem', async () => {
    const mount = join(place.temp, 'mount');
    await mkdir(mount);
    expect(await homeOnTmpfs(mount, { options: 'size=64k', bytes: 1000 })).toHaveProperty('path');
    expect(await homeOnTmpfs(mount, { options: 'size=64k', bytes: 100_000 })).toMatchObject({
      name: 'Problem',
      code: 'platform',
      message: expect.stringContaining('the disk is full'),
    });
  });
});
