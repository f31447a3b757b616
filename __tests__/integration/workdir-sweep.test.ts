import { chown, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeMarker, writeToWorkdir } from '../../src/workdir/workdir.ts';
import { markProcess } from '../../src/workdir/processes.ts';
import { sweepWorkdirs } from '../../src/workdir/sweep.ts';
import { idle, nobody, runnerFolders } from './workdir.fixture.ts';
import { needs } from '../requirements.ts';

const runner = runnerFolders();

/** The key of the current job. */
const here = (): string => runner.ci().job.key;
const nothing = { removed: 0, left: [] };
const earlier = { GITHUB_RUN_ID: '16', RUNNER_TRACKING_ID: 'github_0' };

/** Makes a folder look as if it was changed more than a day ago. */
async function age(path: string): Promise<void> {
  const then = new Date(Date.now() - 25 * 3_600_000);
  await utimes(path, then, then);
}

describe('sweepWorkdirs', () => {
  it('removes the directories of earlier jobs, and keeps those of this one', async () => {
    const own = [await runner.workdir(), await runner.workdir()].map(({ path }) => basename(path));
    const dead = [await runner.workdir(earlier), await runner.workdir({ GITHUB_RUN_ATTEMPT: '2' })];
    for (const { path } of dead) await writeToWorkdir(path, 'key', 'secret');
    expect(await sweepWorkdirs(runner.temp, here())).toEqual({ removed: 2, left: [] });
    expect((await readdir(runner.temp)).toSorted()).toEqual(own.toSorted());
    expect(await sweepWorkdirs(runner.temp, here())).toEqual(nothing);
  });

  it('ends processes that an earlier job left running', async () => {
    const { path, marker } = await runner.workdir(earlier);
    const { pid, exited } = await runner.start(idle);
    await changeMarker(path, { ...marker, processes: [await markProcess(pid)] });
    expect(await sweepWorkdirs(runner.temp, here())).toEqual({ removed: 1, left: [] });
    expect(await exited).toEqual([null, 'SIGTERM']);
  });

  it('keeps everything else', async () => {
    const { path } = await runner.workdir(earlier);
    const elsewhere = `${runner.temp}-elsewhere`;
    const workdir = await runner.workdir({ ...earlier });
    await mkdir(join(runner.temp, 'machine-id-0000000000000000'));
    await mkdir(join(runner.temp, 'machine-id-1111111111111111'));
    await writeFile(join(runner.temp, 'machine-id-1111111111111111', 'file'), '');
    await writeFile(join(runner.temp, 'machine-id-2222222222222222'), '');
    await mkdir(elsewhere);
    await changeMarker(elsewhere, workdir.marker);
    await symlink(elsewhere, join(runner.temp, 'machine-id-3333333333333333'));
    await mkdir(join(runner.temp, 'other'));
    await changeMarker(join(runner.temp, 'other'), workdir.marker);
    await rm(path, { recursive: true });
    expect(await sweepWorkdirs(runner.temp, here())).toEqual({
      removed: 1,
      left: [
        expect.stringMatching(
          /machine-id-1111111111111111 could not be removed: its marker is missing or damaged/,
        ),
      ],
    });
    expect((await readdir(runner.temp)).toSorted()).toEqual([
      'machine-id-0000000000000000',
      'machine-id-1111111111111111',
      'machine-id-2222222222222222',
      'machine-id-3333333333333333',
      'other',
    ]);
    expect(await readdir(elsewhere)).toEqual(['.machine-id-action.json']);
  });

  it('keeps a directory without a valid marker for a day', async () => {
    const { path } = await runner.workdir(earlier);
    await writeFile(join(path, '.machine-id-action.json'), '{');
    expect(await sweepWorkdirs(runner.temp, here())).toEqual({
      removed: 0,
      left: [expect.stringMatching(/may belong to a job that is still running.*one day/)],
    });
    expect(await readdir(path)).toContain('bin');
    await age(path);
    expect(await sweepWorkdirs(runner.temp, here())).toEqual({ removed: 1, left: [] });
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it('does not report a directory that was just created', async () => {
    const path = join(runner.temp, 'machine-id-0011223344556677');
    await mkdir(path);
    expect(await sweepWorkdirs(runner.temp, here())).toEqual(nothing);
    await writeFile(join(path, '.machine-id-action.json.4711'), '{');
    expect(await sweepWorkdirs(runner.temp, here())).toEqual(nothing);
    expect(await readdir(runner.temp)).toEqual([basename(path)]);
    await age(path);
    expect(await sweepWorkdirs(runner.temp, here())).toEqual({ removed: 1, left: [] });
  });

  it('keeps the directories of another user', needs('root'), async () => {
    const { path } = await runner.workdir(earlier);
    await chown(path, nobody, nobody);
    expect(await sweepWorkdirs(runner.temp, here())).toEqual({
      removed: 0,
      left: [expect.stringContaining(`${path} could not be removed: it belongs to another user`)],
    });
    expect(await readdir(runner.temp)).toEqual([basename(path)]);
  });

  it('ignores what another user adds to a shared folder for this job', needs('root'), async () => {
    const { path } = await runner.workdir();
    await chown(path, nobody, nobody);
    const visited: unknown[] = [];
    const visit = async (call: unknown): Promise<void> => void visited.push(call);
    expect(await sweepWorkdirs(runner.temp, here(), visit, true)).toEqual(nothing);
    expect(visited).toEqual([]);
  });

  it('accepts a folder that does not exist', async () => {
    expect(await sweepWorkdirs(join(runner.temp, 'absent'), here())).toEqual(nothing);
  });
});
