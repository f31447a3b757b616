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
import { failureAt } from '../../src/workdir/delete.ts';
import { changeMarker, type Workdir, writeToWorkdir } from '../../src/workdir/workdir.ts';
import type { ExportedVariable } from '../../src/workdir/marker.ts';
import { markProcess } from '../../src/workdir/processes.ts';
import { describeFailures } from '../../src/workdir/leftover.ts';
import { restoredVariables, removeWorkdir } from '../../src/workdir/remove.ts';
import { canBeOther, canMount, idle, nobody, runnerPlace, stubborn } from './workdir.fixture.ts';

const place = runnerPlace();

const exists = async (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** A folder with a home's name, and what it takes for one of ours. */
async function lookalike(name = 'machine-id-0011223344556677'): Promise<string> {
  const path = join(place.temp, name);
  await mkdir(path);
  return path;
}

describe('removeWorkdir', () => {
  it('removes a home with all that is in it, and says how many files', async () => {
    const { path, marker } = await place.workdir();
    await writeToWorkdir(path, 'tbot.yaml', 'version: v2');
    await mkdir(join(path, 'identity'), { mode: 0o700 });
    await writeFile(join(path, 'identity', 'key'), 'secret');
    await writeFile(join(path, 'identity', '.write-test'), '');
    const exported = [{ name: 'TELEPORT_PROXY', value: 'a:443', before: '' }];
    await changeMarker(path, { ...marker, exported });
    expect(await removeWorkdir(path, place.temp)).toEqual({
      kind: 'removed',
      files: 4,
      ended: [],
      exported,
    });
    expect(await readdir(place.temp)).toEqual([]);
  });

  it('finds nothing a second time', async () => {
    const { path } = await place.workdir();
    await removeWorkdir(path, place.temp);
    expect(await removeWorkdir(path, place.temp)).toEqual({ kind: 'absent' });
  });

  it('ends first what still writes there', async () => {
    const { path, marker } = await place.workdir();
    const file = JSON.stringify(join(path, 'key'));
    const writer = await place.start(
      `const { writeFileSync, mkdirSync } = require('node:fs');
       setInterval(() => {
         mkdirSync(${JSON.stringify(path)}, { recursive: true });
         writeFileSync(${file}, 'secret');
       }, 1);`,
    );
    const processes = [...marker.processes, await markProcess(writer.pid)];
    await changeMarker(path, { ...marker, processes });
    expect(await removeWorkdir(path, place.temp)).toMatchObject({
      kind: 'removed',
      ended: [writer.pid],
    });
    expect(await writer.exited).toEqual([null, 'SIGTERM']);
    expect(await readdir(place.temp)).toEqual([]);
  });

  it('ends one that ignores being told as well', async () => {
    const { path, marker } = await place.workdir();
    const { pid, exited } = await place.start(stubborn, { detached: true });
    await changeMarker(path, { ...marker, processes: [await markProcess(pid)] });
    expect(await removeWorkdir(path, place.temp)).toMatchObject({ kind: 'removed', ended: [pid] });
    expect(await exited).toEqual([null, 'SIGKILL']);
  });

  it('leaves a process alone that has come by the id of one of ours', async () => {
    const { path, marker } = await place.workdir();
    const { pid, child } = await place.start(idle);
    await changeMarker(path, { ...marker, processes: [{ pid, started: '1' }] });
    expect(await removeWorkdir(path, place.temp)).toMatchObject({ kind: 'removed', ended: [] });
    expect(child.signalCode).toBeNull();
    expect(child.exitCode).toBeNull();
  });

  it('removes links, and not what they point to', async () => {
    const { path } = await place.workdir();
    const precious = join(place.temp, 'precious');
    await mkdir(precious);
    await writeFile(join(precious, 'file'), 'precious');
    await symlink(precious, join(path, 'folder'));
    await symlink(join(precious, 'file'), join(path, 'file'));
    await symlink('/nowhere', join(path, 'broken'));
    expect(await removeWorkdir(path, place.temp)).toMatchObject({ kind: 'removed' });
    expect(await readFile(join(precious, 'file'), 'utf8')).toBe('precious');
  });

  it('removes what a main left that died before it could mark the home', async () => {
    const path = await lookalike();
    expect(await removeWorkdir(path, place.temp)).toEqual({
      kind: 'removed',
      files: 0,
      ended: [],
      exported: [],
    });
    await mkdir(path);
    await writeFile(join(path, '.machine-id-action.json.4711'), '{"form');
    expect(await removeWorkdir(path, place.temp)).toMatchObject({ kind: 'removed' });
    expect(await exists(path)).toBe(false);
  });
});

describe('without a valid marker', () => {
  it.each(['', '{"format":"machine-id-action/1"}', '{"format":"other","job":"","processes":[]}'])(
    'removes a home whose marker is damaged: %j',
    async (text) => {
      const path = await lookalike();
      await writeFile(join(path, '.machine-id-action.json'), text);
      await writeFile(join(path, 'key'), 'secret');
      expect(await removeWorkdir(path, place.temp)).toEqual({
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
    const { path, marker } = await place.workdir();
    const { pid, child } = await place.start(idle);
    await changeMarker(path, { ...marker, processes: [await markProcess(pid)] });
    await rm(join(path, '.machine-id-action.json'));
    expect(await removeWorkdir(path, place.temp)).toMatchObject({ kind: 'removed', ended: [] });
    expect(child.signalCode).toBeNull();
    expect(child.exitCode).toBeNull();
  });
});

describe('describeFailures', () => {
  it('names the first of many paths', async () => {
    const workdir = join(place.temp, 'home');
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

  it('reports a process that keeps writing if the home exists again', async () => {
    expect(await describeFailures(place.temp, [])).toEqual({
      why: 'a process keeps writing to it',
    });
  });

  it('shows an error without a code as it is', () => {
    expect(failureAt('/a', new Error('odd'))).toEqual([{ path: '/a', code: 'Error: odd' }]);
  });
});

describe('the fence', () => {
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
  ])('keeps %j below RUNNER_TEMP, even with a marker', async (name) => {
    const { path, marker } = await place.workdir();
    const workdir = await lookalike();
    await changeMarker(workdir, marker);
    const asked = `${place.temp}/${name}`;
    expect(await removeWorkdir(asked, place.temp)).toMatchObject({ kind: 'left' });
    expect(await exists(path)).toBe(true);
    expect(await exists(join(workdir, '.machine-id-action.json'))).toBe(true);
  });

  it('keeps a home of another place, be it above or below', async () => {
    const { path } = await place.workdir();
    for (const root of ['/', '/tmp', join(place.temp, 'x'), path])
      expect(await removeWorkdir(path, root)).toMatchObject({
        kind: 'left',
        why: `it is not a directory of ours below ${root}`,
      });
    expect(await exists(path)).toBe(true);
  });

  it('keeps a link to a home, and the home', async () => {
    const { path } = await place.workdir();
    const link = join(place.temp, 'machine-id-0011223344556677');
    await symlink(path, link);
    expect(await removeWorkdir(link, place.temp)).toMatchObject({
      kind: 'left',
      why: 'it is not a directory',
    });
    expect(await exists(join(path, '.machine-id-action.json'))).toBe(true);
  });

  it('keeps a file with the name of a home', async () => {
    const path = join(place.temp, 'machine-id-0011223344556677');
    await writeFile(path, 'precious');
    expect(await removeWorkdir(path, place.temp)).toMatchObject({ kind: 'left' });
    expect(await readFile(path, 'utf8')).toBe('precious');
  });
});

describe.skipIf(!canBeOther)('another user (skipped unless root)', () => {
  it('keeps the home of somebody else', async () => {
    const { path } = await place.workdir();
    await chown(path, nobody, nobody);
    expect(await removeWorkdir(path, place.temp)).toEqual({
      kind: 'left',
      why: 'it belongs to another user',
      exported: [],
    });
    expect(await exists(join(path, '.machine-id-action.json'))).toBe(true);
  });

  it('says why it could not remove what somebody else put in', async () => {
    const { path } = await ownerless();
    const foreign = join(path, 'foreign');
    await mkdir(foreign);
    await writeFile(join(foreign, 'file'), '');
    // As a step in a container leaves it that runs as root, and a main that does not.
    for (const own of [path, join(path, '.machine-id-action.json'), join(path, 'bin')])
      await chown(own, nobody, nobody);
    await chmod(place.temp, 0o777);
    const ids = ['--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups'];
    expect(await scrubBy(['setpriv', ...ids], path)).toMatchObject({
      kind: 'left',
      why: expect.stringMatching(/EACCES|EPERM/),
    });
    expect(await exists(foreign)).toBe(true);
  });
});

describe.skipIf(!canMount)('file systems (skipped where `unshare --mount` is not allowed)', () => {
  it('says that it is read-only', async () => {
    const { path } = await ownerless();
    const readOnly = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"';
    const removal = await scrubBy(['unshare', '--mount', 'sh', '-c', readOnly, place.temp], path);
    expect(removal).toMatchObject({ kind: 'left', why: expect.stringContaining('EROFS') });
    expect(await exists(join(path, '.machine-id-action.json'))).toBe(true);
  });
});

/** A home that names no process: another process that scrubs it would end this one. */
async function ownerless(): Promise<Workdir> {
  const { path, marker } = await place.workdir();
  return changeMarker(path, { ...marker, processes: [] });
}

/** What `removeWorkdir` answers in another process, which the given command starts. */
async function scrubBy([command = '', ...args]: readonly string[], path: string): Promise<unknown> {
  const source = new URL('../../src/workdir/remove.ts', import.meta.url).href;
  const code = `
    import { removeWorkdir } from ${JSON.stringify(source)};
    console.log(JSON.stringify(await removeWorkdir(process.argv[1], process.argv[2])));`;
  const node = [process.execPath, '--input-type=module', '--eval', code, path, place.temp];
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_NO_WARNINGS: '1' };
  return JSON.parse((await promisify(execFile)(command, [...args, ...node], { env })).stdout);
}

function variable(changes: Partial<ExportedVariable> = {}): ExportedVariable {
  return { name: 'TELEPORT_PROXY', value: 'a:443', before: '', ...changes };
}

describe('restoredVariables', () => {
  it('blanks what still has our value', async () => {
    expect(await restoredVariables([variable()], { TELEPORT_PROXY: 'a:443' })).toEqual([
      { name: 'TELEPORT_PROXY', value: '' },
    ]);
  });

  it('puts back what was there before', async () => {
    const exported = [variable({ before: 'b:443' })];
    expect(await restoredVariables(exported, { TELEPORT_PROXY: 'a:443' })).toEqual([
      { name: 'TELEPORT_PROXY', value: 'b:443' },
    ]);
  });

  it.each([{ TELEPORT_PROXY: 'c:443' }, { TELEPORT_PROXY: '' }, {}])(
    'leaves alone what somebody changed since: %j',
    async (env) => {
      expect(await restoredVariables([variable({ before: 'b:443' })], env)).toEqual([]);
    },
  );

  it('puts back a path into another home of ours only while that is there', async () => {
    const { path } = await place.workdir();
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

  it('puts back of several paths those that are there', async () => {
    const { path } = await place.workdir();
    const kept = [join(path, 'a', 'kubeconfig.yaml'), '/etc/kubeconfig'];
    const gone = join(place.temp, 'machine-id-0011223344556677', 'kubeconfig.yaml');
    const before = [kept[0], gone, kept[1]].join(delimiter);
    const exported = [variable({ name: 'KUBECONFIG', value: '/mine', before })];
    expect(await restoredVariables(exported, { KUBECONFIG: '/mine' })).toEqual([
      { name: 'KUBECONFIG', value: kept.join(delimiter) },
    ]);
  });

  it('puts back a path of the user that is not there', async () => {
    const exported = [variable({ before: '/home/runner/identity' })];
    expect(await restoredVariables(exported, { TELEPORT_PROXY: 'a:443' })).toEqual([
      { name: 'TELEPORT_PROXY', value: '/home/runner/identity' },
    ]);
  });
});
