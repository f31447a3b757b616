import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { changeMarker, type Workdir, writeToWorkdir } from '../../src/workdir/workdir.ts';
import type { ExportedVariable } from '../../src/workdir/marker.ts';
import { markProcess } from '../../src/workdir/processes.ts';
import { describeFailures, failureAt } from '../../src/workdir/leftover.ts';
import { restoredVariables, removeWorkdir } from '../../src/workdir/remove.ts';
import { idle, nobody, runnerFolders, stubborn } from './workdir.fixture.ts';
import { needs } from '../requirements.ts';

const runner = runnerFolders();

const exists = async (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Creates a folder with the name of a private directory. */
async function lookalike(name = 'machine-id-0011223344556677'): Promise<string> {
  const path = join(runner.temp, name);
  await mkdir(path);
  return path;
}

describe('removeWorkdir', () => {
  it('removes a directory with its content, and counts the files', async () => {
    const { path, marker } = await runner.workdir();
    await writeToWorkdir(path, 'tbot.yaml', 'version: v2');
    await mkdir(join(path, 'identity'), { mode: 0o700 });
    await writeFile(join(path, 'identity', 'key'), 'secret');
    await writeFile(join(path, 'identity', '.write-test'), '');
    const exported = [{ name: 'TELEPORT_PROXY', value: 'a:443', before: '' }];
    await changeMarker(path, { ...marker, exported });
    expect(await removeWorkdir(path, runner.temp)).toEqual({
      kind: 'removed',
      files: 4,
      ended: [],
      exported,
    });
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it('returns `absent` the second time', async () => {
    const { path } = await runner.workdir();
    await removeWorkdir(path, runner.temp);
    expect(await removeWorkdir(path, runner.temp)).toEqual({ kind: 'absent' });
  });

  it('ends processes that still write to it before it deletes', async () => {
    const { path, marker } = await runner.workdir();
    const file = JSON.stringify(join(path, 'key'));
    const writer = await runner.start(
      `const { writeFileSync, mkdirSync } = require('node:fs');
       setInterval(() => {
         mkdirSync(${JSON.stringify(path)}, { recursive: true });
         writeFileSync(${file}, 'secret');
       }, 1);`,
    );
    const processes = [...marker.processes, await markProcess(writer.pid)];
    await changeMarker(path, { ...marker, processes });
    expect(await removeWorkdir(path, runner.temp)).toMatchObject({
      kind: 'removed',
      ended: [writer.pid],
    });
    expect(await writer.exited).toEqual([null, 'SIGTERM']);
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it('kills a process that ignores SIGTERM', async () => {
    const { path, marker } = await runner.workdir();
    const { pid, exited } = await runner.start(stubborn, { detached: true });
    await changeMarker(path, { ...marker, processes: [await markProcess(pid)] });
    expect(await removeWorkdir(path, runner.temp)).toMatchObject({ kind: 'removed', ended: [pid] });
    expect(await exited).toEqual([null, 'SIGKILL']);
  });

  it('does not end another process with a reused id', async () => {
    const { path, marker } = await runner.workdir();
    const { pid, child } = await runner.start(idle);
    await changeMarker(path, { ...marker, processes: [{ pid, started: '1' }] });
    expect(await removeWorkdir(path, runner.temp)).toMatchObject({ kind: 'removed', ended: [] });
    expect(child.signalCode).toBeNull();
    expect(child.exitCode).toBeNull();
  });

  it('removes links, but not their targets', async () => {
    const { path } = await runner.workdir();
    const precious = join(runner.temp, 'precious');
    await mkdir(precious);
    await writeFile(join(precious, 'file'), 'precious');
    await symlink(precious, join(path, 'folder'));
    await symlink(join(precious, 'file'), join(path, 'file'));
    await symlink('/nowhere', join(path, 'broken'));
    expect(await removeWorkdir(path, runner.temp)).toMatchObject({ kind: 'removed' });
    expect(await readFile(join(precious, 'file'), 'utf8')).toBe('precious');
  });

  it('removes the directory of a main step that died before it wrote the marker', async () => {
    const path = await lookalike();
    expect(await removeWorkdir(path, runner.temp)).toEqual({
      kind: 'removed',
      files: 0,
      ended: [],
      exported: [],
    });
    await mkdir(path);
    await writeFile(join(path, '.machine-id-action.json.4711'), '{"form');
    expect(await removeWorkdir(path, runner.temp)).toMatchObject({ kind: 'removed' });
    expect(await exists(path)).toBe(false);
  });
});

describe('without a valid marker', () => {
  it.each(['', '{"format":"machine-id-action/1"}', '{"format":"other","job":"","processes":[]}'])(
    'removes a directory with a damaged marker: %j',
    async (text) => {
      const path = await lookalike();
      await writeFile(join(path, '.machine-id-action.json'), text);
      await writeFile(join(path, 'key'), 'secret');
      expect(await removeWorkdir(path, runner.temp)).toEqual({
        kind: 'removed',
        files: 2,
        ended: [],
        exported: [],
        markerLost: true,
      });
      expect(await exists(path)).toBe(false);
    },
  );

  it('ends no process', async () => {
    const { path, marker } = await runner.workdir();
    const { pid, child } = await runner.start(idle);
    await changeMarker(path, { ...marker, processes: [await markProcess(pid)] });
    await rm(join(path, '.machine-id-action.json'));
    expect(await removeWorkdir(path, runner.temp)).toMatchObject({ kind: 'removed', ended: [] });
    expect(child.signalCode).toBeNull();
    expect(child.exitCode).toBeNull();
  });
});

describe('describeFailures', () => {
  it('names the first of many paths', async () => {
    const workdir = join(runner.temp, 'workdir');
    const paths = [
      join(workdir, 'a'),
      workdir,
      join(workdir, 'b', 'c'),
      join(workdir, 'd'),
      join(workdir, 'e'),
    ];
    const failures = paths.map((path) => ({ path, code: 'EBUSY' }));
    expect(await describeFailures(workdir, failures.slice(0, 1))).toEqual({
      why: 'cannot delete a (EBUSY)',
    });
    expect(await describeFailures(workdir, failures)).toEqual({
      why: `cannot delete a, ${workdir}, b/c and 2 more (EBUSY)`,
    });
  });

  it('reports a process that keeps writing if the directory exists again', async () => {
    expect(await describeFailures(runner.temp, [])).toEqual({
      why: 'a process keeps writing to it',
    });
  });

  it('shows an error without a code unchanged', () => {
    expect(failureAt('/a', new Error('odd'))).toEqual([{ path: '/a', code: 'Error: odd' }]);
  });
});

describe('a path that is not a private directory', () => {
  it.each([
    '',
    '.',
    '..',
    'machine-id-',
    'machine-id-00112233445566',
    'machine-id-00112233445566778',
    'machine-id-001122334455667G',
    'xmachine-id-0011223344556677',
    'machine-id-0011223344556677/identity',
    'machine-id-0011223344556677/..',
    'machine-id-0011223344556677/../machine-id-0011223344556677',
    '../machine-id-0011223344556677',
    'machine-id-0011223344556677/',
    'machine-id-0011223344556677\n',
  ])('is kept below RUNNER_TEMP, even with a marker: %j', async (name) => {
    const { path, marker } = await runner.workdir();
    const workdir = await lookalike();
    await changeMarker(workdir, marker);
    const candidate = `${runner.temp}/${name}`;
    expect(await removeWorkdir(candidate, runner.temp)).toMatchObject({ kind: 'left' });
    expect(await exists(path)).toBe(true);
    expect(await exists(join(workdir, '.machine-id-action.json'))).toBe(true);
  });

  it('is kept if it is elsewhere, above or below', async () => {
    const { path } = await runner.workdir();
    for (const root of ['/', '/tmp', join(runner.temp, 'x'), path])
      expect(await removeWorkdir(path, root)).toMatchObject({
        kind: 'left',
        why: `it is not a private directory of this action in ${root}`,
      });
    expect(await exists(path)).toBe(true);
  });

  it('is kept if it is a link, as is its target', async () => {
    const { path } = await runner.workdir();
    const link = join(runner.temp, 'machine-id-0011223344556677');
    await symlink(path, link);
    expect(await removeWorkdir(link, runner.temp)).toMatchObject({
      kind: 'left',
      why: 'it is not a directory',
    });
    expect(await exists(join(path, '.machine-id-action.json'))).toBe(true);
  });

  it('is kept if it is a file', async () => {
    const path = join(runner.temp, 'machine-id-0011223344556677');
    await writeFile(path, 'precious');
    expect(await removeWorkdir(path, runner.temp)).toMatchObject({ kind: 'left' });
    expect(await readFile(path, 'utf8')).toBe('precious');
  });
});

describe('another user', needs('root'), () => {
  it('keeps the directory of another user', async () => {
    const { path } = await runner.workdir();
    await chown(path, nobody, nobody);
    expect(await removeWorkdir(path, runner.temp)).toEqual({
      kind: 'left',
      why: 'it belongs to another user',
      exported: [],
    });
    expect(await exists(join(path, '.machine-id-action.json'))).toBe(true);
  });

  it('reports files of another user that it cannot remove', async () => {
    const { path } = await withoutProcesses();
    const foreign = join(path, 'foreign');
    await mkdir(foreign);
    await writeFile(join(foreign, 'file'), '');
    // As a step leaves it that runs in a container as root, while the main step does not.
    for (const own of [path, join(path, '.machine-id-action.json'), join(path, 'bin')])
      await chown(own, nobody, nobody);
    await chmod(runner.temp, 0o777);
    const ids = ['--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups'];
    expect(await removeBy(['setpriv', ...ids], path)).toMatchObject({
      kind: 'left',
      why: expect.stringMatching(/EACCES|EPERM/),
    });
    expect(await exists(foreign)).toBe(true);
  });
});

describe('file systems', needs('mounts'), () => {
  it('reports a read-only file system', async () => {
    const { path } = await withoutProcesses();
    const readOnly = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"';
    const removal = await removeBy(['unshare', '--mount', 'sh', '-c', readOnly, runner.temp], path);
    expect(removal).toMatchObject({ kind: 'left', why: expect.stringContaining('EROFS') });
    expect(await exists(join(path, '.machine-id-action.json'))).toBe(true);
  });
});

/** Creates a directory whose marker names no process, so that its removal does not end this one. */
async function withoutProcesses(): Promise<Workdir> {
  const { path, marker } = await runner.workdir();
  return changeMarker(path, { ...marker, processes: [] });
}

/** Returns the result of `removeWorkdir` in another process, which the given command starts. */
async function removeBy(
  [command = '', ...args]: readonly string[],
  path: string,
): Promise<unknown> {
  const source = new URL('../../src/workdir/remove.ts', import.meta.url).href;
  const code = `
    import { removeWorkdir } from ${JSON.stringify(source)};
    console.log(JSON.stringify(await removeWorkdir(process.argv[1], process.argv[2])));`;
  const node = [process.execPath, '--input-type=module', '--eval', code, path, runner.temp];
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_NO_WARNINGS: '1' };
  return JSON.parse((await promisify(execFile)(command, [...args, ...node], { env })).stdout);
}

function variable(changes: Partial<ExportedVariable> = {}): ExportedVariable {
  return { name: 'TELEPORT_PROXY', value: 'a:443', before: '', ...changes };
}

describe('restoredVariables', () => {
  it('clears a variable that still has the exported value', async () => {
    expect(await restoredVariables([variable()], { TELEPORT_PROXY: 'a:443' })).toEqual([
      { name: 'TELEPORT_PROXY', value: '' },
    ]);
  });

  it('restores the previous value', async () => {
    const exported = [variable({ before: 'b:443' })];
    expect(await restoredVariables(exported, { TELEPORT_PROXY: 'a:443' })).toEqual([
      { name: 'TELEPORT_PROXY', value: 'b:443' },
    ]);
  });

  it.each([{ TELEPORT_PROXY: 'c:443' }, { TELEPORT_PROXY: '' }, {}])(
    'skips a variable that has changed since: %j',
    async (env) => {
      expect(await restoredVariables([variable({ before: 'b:443' })], env)).toEqual([]);
    },
  );

  it('restores a path in another private directory only while that exists', async () => {
    const { path } = await runner.workdir();
    const before = join(path, 'identity', 'identity');
    const exported = [variable({ name: 'TELEPORT_IDENTITY_FILE', value: '/mine', before })];
    const env = { TELEPORT_IDENTITY_FILE: '/mine' };
    expect(await restoredVariables(exported, env)).toEqual([
      { name: 'TELEPORT_IDENTITY_FILE', value: before },
    ]);
    await rm(path, { recursive: true });
    expect(await restoredVariables(exported, env)).toEqual([
      { name: 'TELEPORT_IDENTITY_FILE', value: '' },
    ]);
  });

  it('restores those of several paths that exist', async () => {
    const { path } = await runner.workdir();
    const kept = [join(path, 'a', 'kubeconfig.yaml'), '/etc/kubeconfig'];
    const gone = join(runner.temp, 'machine-id-0011223344556677', 'kubeconfig.yaml');
    const before = [kept[0], gone, kept[1]].join(delimiter);
    const exported = [variable({ name: 'KUBECONFIG', value: '/mine', before })];
    expect(await restoredVariables(exported, { KUBECONFIG: '/mine' })).toEqual([
      { name: 'KUBECONFIG', value: kept.join(delimiter) },
    ]);
  });

  it('restores a path of the user that does not exist', async () => {
    const exported = [variable({ before: '/home/runner/identity' })];
    expect(await restoredVariables(exported, { TELEPORT_PROXY: 'a:443' })).toEqual([
      { name: 'TELEPORT_PROXY', value: '/home/runner/identity' },
    ]);
  });
});
