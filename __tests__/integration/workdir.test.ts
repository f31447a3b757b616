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
import { createAsOther, createOnTmpfs, runnerFolders } from './workdir.fixture.ts';
import { needs } from '../requirements.ts';

const runner = runnerFolders();

const mode = async (path: string): Promise<string> =>
  ((await stat(path)).mode & 0o7777).toString(8);

function refuse(): never {
  throw new Error('GITHUB_STATE is full');
}

describe('createWorkdir', () => {
  it('creates a private directory with a new name below RUNNER_TEMP', async () => {
    const [one, other] = [await runner.workdir(), await runner.workdir()];
    expect(one.path).not.toBe(other.path);
    for (const { path } of [one, other]) {
      expect(dirname(path)).toBe(runner.temp);
      expect(basename(path)).toMatch(workdirName);
      expect(await mode(path)).toBe('700');
      expect(await mode(join(path, 'bin'))).toBe('700');
      expect((await readdir(path)).toSorted()).toEqual(['.machine-id-action.json', 'bin']);
    }
  });

  it('creates private files with any umask', async () => {
    const before = process.umask(0);
    try {
      const workdir = await runner.workdir();
      expect(await mode(workdir.path)).toBe('700');
      expect(await mode(await writeToWorkdir(workdir.path, 'file', 'text'))).toBe('600');
      expect(await mode(join(workdir.path, '.machine-id-action.json'))).toBe('600');
    } finally {
      process.umask(before);
    }
  });

  it('leaves room for the path of a Unix socket, at most 104 bytes on macOS', async () => {
    const usual = '/opt/actions-runner/_work/_temp';
    expect(
      join(usual, basename((await runner.workdir()).path), 'ssh', 'agent.sock').length,
    ).toBeLessThan(104);
  });

  it('writes a marker with the job and this process', async () => {
    const { path, marker } = await runner.workdir();
    expect(await readMarker(path)).toEqual(marker);
    expect(marker).toMatchObject({ job: runner.ci().job.key, exported: [] });
    expect(marker.processes.map(({ pid }) => pid)).toEqual([process.pid]);
  });

  it('saves the path before it creates the directory', async () => {
    const found: unknown[] = [];
    const { path } = await createWorkdir({
      ...runner.ci(),
      saveState: (name, value) => found.push([name, value, readdirSync(runner.temp)]),
    });
    expect(found).toEqual([[workdirState, path, []]]);
  });

  it('creates nothing if the path cannot be saved', async () => {
    await expect(createWorkdir({ ...runner.ci(), saveState: refuse })).rejects.toThrow(
      /GITHUB_STATE/,
    );
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it('resolves links in RUNNER_TEMP', async () => {
    const link = `${runner.temp}-link`;
    await symlink(runner.temp, link);
    expect(dirname((await runner.workdir({ RUNNER_TEMP: link })).path)).toBe(runner.temp);
    expect(await workdirRoot(ciWith({ RUNNER_TEMP: `${link}/` }).directories)).toBe(
      await realpath(runner.temp),
    );
  });

  it.each([undefined, ''])('throws a Problem without RUNNER_TEMP (%s)', async (temp) => {
    await expect(runner.workdir({ RUNNER_TEMP: temp })).rejects.toMatchObject({
      name: 'Problem',
      code: 'platform',
      message: expect.stringContaining('RUNNER_TEMP is not set'),
    });
  });

  it('throws a Problem if RUNNER_TEMP does not exist or is a file', async () => {
    const absent = join(runner.temp, 'absent');
    await expect(runner.workdir({ RUNNER_TEMP: absent })).rejects.toMatchObject({
      code: 'platform',
      message: expect.stringContaining('does not exist'),
    });
    await writeFile(absent, '');
    await expect(runner.workdir({ RUNNER_TEMP: absent })).rejects.toMatchObject({
      code: 'platform',
      message: expect.stringContaining('not a directory'),
    });
  });
});

describe('writeToWorkdir', () => {
  it('writes a new private file, and does not replace a file', async () => {
    const { path } = await runner.workdir();
    const file = await writeToWorkdir(path, 'tbot.yaml', 'version: v2');
    expect(await readFile(file, 'utf8')).toBe('version: v2');
    expect(await mode(file)).toBe('600');
    await expect(writeToWorkdir(path, 'tbot.yaml', 'other')).rejects.toMatchObject({
      code: 'platform',
    });
    expect(await readFile(file, 'utf8')).toBe('version: v2');
  });

  it('writes nothing through a link', async () => {
    const { path } = await runner.workdir();
    const victim = join(runner.temp, 'victim');
    await symlink(victim, join(path, 'tbot.yaml'));
    await expect(writeToWorkdir(path, 'tbot.yaml', 'text')).rejects.toMatchObject({
      code: 'platform',
    });
    await expect(stat(victim)).rejects.toThrow(/ENOENT/);
  });

  it('throws a Problem if the directory was removed', async () => {
    const { path, marker } = await runner.workdir();
    await rm(path, { recursive: true });
    const gone = { name: 'Problem', code: 'platform', message: expect.stringContaining(path) };
    await expect(writeToWorkdir(path, 'file', 'text')).rejects.toMatchObject(gone);
    await expect(changeMarker(path, marker)).rejects.toMatchObject(gone);
  });
});

it('has a separate folder for programs', () => {
  expect(programsOf({ path: '/tmp/machine-id-0' })).toBe(join('/tmp/machine-id-0', 'bin'));
});

it('restricts the directory to its owner on Windows', () => {
  expect(icaclsArguments('D:\\a\\_temp\\machine-id-0')).toEqual([
    'D:\\a\\_temp\\machine-id-0',
    '/inheritance:r',
    '/grant:r',
    '*S-1-3-4:(OI)(CI)F',
  ]);
});

it('shows an error without a code unchanged', () => {
  expect(unwritable('/tmp', new Error('odd')).message).toContain('Error: odd');
  expect(unwritable('/tmp', 'odd').message).toContain('odd');
});

describe('as another user', needs('root'), () => {
  it('throws a Problem without write permission', async () => {
    const created = await createAsOther(runner.temp);
    expect(created).toMatchObject({ name: 'Problem', code: 'platform' });
    expect(created.message).toContain('permission denied');
    // The path is saved before: the post step then finds no directory.
    expect(created.state).toHaveLength(1);
  });
});

describe('file systems', needs('mounts'), () => {
  it.each([
    ['ro', 'read-only'],
    ['nr_inodes=1', 'the disk is full'],
    ['nr_inodes=2', 'the disk is full'],
  ])('%s: %s', async (options, why) => {
    const mount = join(runner.temp, 'mount');
    await mkdir(mount);
    const created = await createOnTmpfs(mount, { options });
    expect(created).toMatchObject({ name: 'Problem', code: 'platform' });
    expect(created.message).toContain(why);
    expect(created.state).toEqual([[workdirState, expect.stringContaining(mount)]]);
  });

  it('throws a Problem when the disk is full', async () => {
    const mount = join(runner.temp, 'mount');
    await mkdir(mount);
    expect(await createOnTmpfs(mount, { options: 'size=64k', bytes: 1000 })).toHaveProperty('path');
    expect(await createOnTmpfs(mount, { options: 'size=64k', bytes: 100_000 })).toMatchObject({
      name: 'Problem',
      code: 'platform',
      message: expect.stringContaining('the disk is full'),
    });
  });
});
