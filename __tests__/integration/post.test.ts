import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  changeMarker,
  type Workdir,
  workdirState,
  writeToWorkdir,
} from '../../src/workdir/workdir.ts';
import { markProcess } from '../../src/workdir/processes.ts';
import { post } from '../../src/post.ts';
import type { Environment } from '../../src/ci/port.ts';
import { recordingCi, type Said } from '../recording.ts';
import { idle, runnerFolders, stubborn } from './workdir.fixture.ts';

const runner = runnerFolders();

/** Returns the calls of a post step with this path in its state. */
async function posted(path: string, env: Environment = {}): Promise<readonly Said[]> {
  const { ci, said } = recordingCi({
    env: runner.env(env),
    state: path === '' ? {} : { [workdirState]: path },
  });
  await post(ci);
  return said;
}

const proxy = { name: 'TELEPORT_PROXY', value: 'a:443', before: '' };

function refuse(): never {
  throw new Error('Missing file at path: /github/env');
}

const exporting = async (workdir: Workdir, exported = [proxy]): Promise<Workdir> =>
  changeMarker(workdir.path, { ...workdir.marker, exported });

describe('post', () => {
  it('removes the directory, restores the variables and reports both in one line', async () => {
    const { path } = await exporting(await runner.workdir());
    await writeToWorkdir(path, 'key', 'secret');
    expect(await posted(path, { TELEPORT_PROXY: 'a:443' })).toEqual([
      ['exportVariable', 'TELEPORT_PROXY', ''],
      ['info', 'Removed 2 files and cleared TELEPORT_PROXY.'],
    ]);
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it('stops a main step and a tbot that are still running', async () => {
    const { path, marker } = await runner.workdir();
    const [main, tbot] = [
      await runner.start(idle),
      await runner.start(stubborn, { detached: true }),
    ];
    const processes = [await markProcess(main.pid), await markProcess(tbot.pid)];
    await changeMarker(path, { ...marker, processes });
    expect(await posted(path)).toEqual([
      ['info', `Removed 1 file and stopped processes ${main.pid} and ${tbot.pid}.`],
    ]);
    expect(await main.exited).toEqual([null, 'SIGTERM']);
    expect(await tbot.exited).toEqual([null, 'SIGKILL']);
  });

  it.each([
    [0, 'expired less than a minute before'],
    [90_000, 'expired 1 minute before'],
    [3_600_000, 'expired 60 minutes before'],
  ])('reports credentials that expired before the end of the job: %i ms', async (ago, words) => {
    const { path, marker } = await runner.workdir();
    const expiresAt = new Date(Date.now() - ago).toISOString();
    await changeMarker(path, { ...marker, expiresAt });
    const said = await posted(path);
    expect(said.at(-1)).toEqual([
      'notice',
      'machine-id-action: ttl',
      expect.stringContaining(words),
    ]);
    expect(said.at(-1)?.[2]).toMatch(/`certificate-ttl`.*or use this action again/);
  });

  it.each([new Date(Date.now() + 3_600_000).toISOString(), 'never'])(
    'reports no expiry of valid credentials: %s',
    async (expiresAt) => {
      const { path, marker } = await runner.workdir();
      await changeMarker(path, { ...marker, expiresAt });
      expect((await posted(path)).filter(([what]) => what === 'notice')).toEqual([]);
    },
  );

  it('names a single process that it stopped', async () => {
    const { path, marker } = await runner.workdir();
    const { pid } = await runner.start(idle);
    await changeMarker(path, { ...marker, processes: [await markProcess(pid)] });
    expect(await posted(path)).toEqual([['info', `Removed 1 file and stopped process ${pid}.`]]);
  });

  it('removes nothing after a main step that never ran, or failed early', async () => {
    expect(await posted('')).toEqual([['info', 'Nothing to clean up.']]);
  });

  it('removes nothing if the directory no longer exists', async () => {
    const { path } = await runner.workdir();
    await rm(path, { recursive: true });
    expect(await posted(path)).toEqual([['info', 'Nothing to clean up.']]);
  });

  it('removes the empty directory of a main step that was killed', async () => {
    const path = join(runner.temp, 'machine-id-0011223344556677');
    await mkdir(path, { mode: 0o700 });
    expect(await posted(path)).toEqual([['info', 'Nothing to clean up.']]);
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it('removes a directory with a damaged marker, and warns that no variable was restored', async () => {
    const { path } = await exporting(await runner.workdir());
    await writeFile(join(path, '.machine-id-action.json'), '{');
    await writeToWorkdir(path, 'key', 'secret');
    const said = await posted(path, { TELEPORT_PROXY: 'a:443' });
    expect(said).toEqual([
      ['info', 'Removed 2 files.'],
      ['warning', 'machine-id-action: leftover', expect.stringContaining('were not restored')],
    ]);
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it.each(['/etc', '/', '/tmp/machine-id-0011223344556677', '../..', 'x\u0000y'])(
    'removes nothing if the state is %j',
    async (path) => {
      const { path: own } = await runner.workdir();
      const said = await posted(path);
      expect(said.map(([what]) => what)).toEqual(['warning']);
      expect(said[0]?.[2]).toContain('it is not a private directory of this action');
      expect(await readdir(own)).toContain('.machine-id-action.json');
    },
  );

  it.each([{ RUNNER_TEMP: undefined }, { RUNNER_TEMP: '' }, { RUNNER_TEMP: '/absent' }])(
    'warns and does not throw with %j',
    async (env) => {
      const { path } = await runner.workdir();
      const said = await posted(path, env);
      expect(said.map(([what]) => what)).toEqual(['warning']);
      expect(await readdir(runner.temp)).toHaveLength(1);
    },
  );

  it('finds the directory if RUNNER_TEMP is a link', async () => {
    const link = `${runner.temp}-link`;
    await symlink(runner.temp, link);
    const { path } = await runner.workdir({ RUNNER_TEMP: link });
    const [[, text] = []] = await posted(path, { RUNNER_TEMP: link });
    expect(text).toBe('Removed 1 file.');
  });

  it('removes the directory and warns if a variable cannot be restored', async () => {
    const { path } = await exporting(await runner.workdir());
    const env = runner.env({ TELEPORT_PROXY: 'a:443' });
    const { ci, said } = recordingCi({ env, state: { [workdirState]: path } });
    await post({ ...ci, exportVariable: refuse });
    expect(said.map(([what]) => what)).toEqual(['warning', 'info']);
    expect(said[0]?.[2]).toContain('Missing file at path');
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it('distinguishes restored and cleared variables', async () => {
    const kubeconfig = { name: 'KUBECONFIG', value: '/a', before: '/b' };
    const tools = { name: 'TELEPORT_TOOLS_VERSION', value: 'off', before: '' };
    const { path } = await exporting(await runner.workdir(), [proxy, kubeconfig, tools]);
    const env = { TELEPORT_PROXY: 'a:443', KUBECONFIG: '/a', TELEPORT_TOOLS_VERSION: 'off' };
    expect((await posted(path, env)).at(-1)).toEqual([
      'info',
      'Removed 1 file, restored KUBECONFIG, and cleared TELEPORT_PROXY and TELEPORT_TOOLS_VERSION.',
    ]);
  });

  it('restores the variables of two calls, those of the later one first', async () => {
    const first = await exporting(await runner.workdir());
    const second = await exporting(await runner.workdir(), [
      { ...proxy, value: 'b:443', before: 'a:443' },
    ]);
    expect(await posted(second.path, { TELEPORT_PROXY: 'b:443' })).toEqual([
      ['exportVariable', 'TELEPORT_PROXY', 'a:443'],
      ['info', 'Removed 1 file and restored TELEPORT_PROXY.'],
    ]);
    expect(await posted(first.path, { TELEPORT_PROXY: 'a:443' })).toContainEqual([
      'exportVariable',
      'TELEPORT_PROXY',
      '',
    ]);
  });
});
