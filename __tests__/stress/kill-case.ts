import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UsesStep } from '../../testbed/runner/plan.ts';
import {
  createRunner,
  type JobEnd,
  type StandInRunner,
  type StepResult,
} from '../../testbed/runner/runner.ts';
import { appendEvent, type ProbeFile, readEvents, settingsOf } from './events.ts';
import { readStep, watched } from './step.ts';
import { ageUnmarked, isPartial, leftoversOf, wrongCache } from './leftovers.ts';
import { type KillCase, type KillResult, notStopped, wrongMain, wrongPost } from './kill-result.ts';
import type { Stand } from './stand.ts';
import { isDiskFault, repairDisk, searchPath, stop } from './stop.ts';

/** One runner with one job on it. */
interface Trial {
  readonly stand: Stand;
  readonly test: KillCase;
  readonly runner: StandInRunner;
  readonly step: UsesStep & { readonly post: string };
  readonly log: string;
}

/**
 * Runs one case in a folder of its own. `mounts` gives the runner a file system of its own, which the
 * faults of the disk need; it is visible only in the mount namespace of this process.
 */
export async function runCase(stand: Stand, test: KillCase, mounts: boolean): Promise<KillResult> {
  const base = await mkdtemp(join(tmpdir(), 'stress-'));
  const root = join(base, 'runner');
  await mkdir(root);
  if (mounts) mountAt(root);
  try {
    if (test.scenario === 'tool cache' || test.scenario === 'background')
      await copyInto(root, await filledCache(stand));
    // Programs are copied across file systems, and linked otherwise.
    if (mounts && test.scenario === 'image') mountAt(await created(join(root, '_work', '_tool')));
    const { environment, inputs } = stand.join(test.scenario);
    await using runner = await createRunner({ root, environment });
    // The runner itself must be able to write there.
    if (test.way === 'read-only')
      mountAt(await created(join(runner.temp, '_runner_file_commands')));
    const step = { ...(await readStep(test.idlePost)), inputs, env: watched };
    const log = join(base, 'events');
    await writeFile(log, '');
    return await follow({ stand, test, runner, step, log });
  } finally {
    if (mounts) spawnSync('umount', ['-R', '-l', root], { env: { PATH: searchPath } });
    await rm(base, { recursive: true, force: true });
  }
}

async function follow(trial: Trial): Promise<KillResult> {
  const { test, runner } = trial;
  const main = await runMain(trial);
  const first = await runPost(trial);
  const events = await readEvents(trial.log);
  const failures = [
    ...notStopped(test, events),
    ...wrongMain(test, main),
    ...wrongPost(test, first),
  ];
  let end = first;
  if (test.sequel === 'post') {
    runner.registerPost(trial.step, main.state);
    end = await runner.finish({ keepTemp: true });
  }
  if (isDiskFault(test.way)) repairDisk(runner.root);
  // The next job removes what a post step cannot delete, or what it had no time to.
  const later = test.sequel === 'next job' || test.way === 'read-only';
  const leftInTemp = later ? [] : end.leftInTemp;
  if (test.sequel !== 'next job')
    failures.push(...(await leftoversOf(runner, { ...end, leftInTemp })));
  if (later || (await isPartial(runner.toolCache, await filledCache(trial.stand))))
    failures.push(...(await runNextJob(trial)));
  return { events, failures };
}

async function runMain({ stand, test, runner, step, log }: Trial): Promise<StepResult> {
  const counts = new Map<string, number>();
  let pid = 0;
  let waiting = false;
  if (test.step === 'main') await writeSettings(runner, test, log);
  stand.onRequest = (name) => {
    if (test.step !== 'main') return;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const label = `${name} #${count}`;
    appendEvent(log, label);
    if (label === test.event) waiting = true;
    if (waiting) waiting = !stop(test.way, { pid, root: runner.root, log });
  };
  stand.testbed.faults.tbot = { kind: test.tbotHangs === true ? 'hang' : 'none' };
  const onStart = (started: { readonly pid: number }): void => void (pid = started.pid);
  try {
    return await runner.uses({ ...step, onStart });
  } finally {
    stand.onRequest = undefined;
    stand.testbed.faults.tbot = { kind: 'none' };
    await rm(settingsOf(runner.root), { force: true });
  }
}

async function runPost({ test, runner, log }: Trial): Promise<JobEnd> {
  if (test.step === 'post') await writeSettings(runner, test, log);
  const end = await runner.finish({ keepTemp: true });
  await rm(settingsOf(runner.root), { force: true });
  return end;
}

async function writeSettings(
  { root }: StandInRunner,
  { event, way }: KillCase,
  log: string,
): Promise<void> {
  const settings: ProbeFile = { log, way, ...(event === undefined ? {} : { event }) };
  await writeFile(settingsOf(root), JSON.stringify(settings));
}

/** Runs another job in the same folders, which removes what the first one left. */
async function runNextJob({ stand, test, runner, step }: Trial): Promise<readonly string[]> {
  const { root, temp, toolCache } = runner;
  await ageUnmarked(temp);
  const { environment } = stand.join(test.scenario);
  await using next = await createRunner({ root, environment, keepTemp: true });
  const main = await next.uses({ ...step, env: {} });
  const end = await next.finish({ keepTemp: true });
  const failures = [
    ...(main.outcome === 'success' ? [] : [`failed: ${main.log.slice(-500)}`]),
    ...(await leftoversOf(next, end)),
    ...(await wrongCache(toolCache, await filledCache(stand))),
  ];
  return failures.map((failure) => `next job: ${failure}`);
}

function mountAt(folder: string): void {
  const args = ['-t', 'tmpfs', '-o', 'size=8m,mode=755', 'tmpfs', folder];
  const { status, stderr } = spawnSync('mount', args, { env: { PATH: searchPath } });
  if (status !== 0) throw new Error(`mount: ${String(stderr)}`);
}

async function created(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}

/** The tool cache that a job leaves which succeeds, by the stand. */
const filled = new WeakMap<Stand, Promise<string>>();

async function filledCache(stand: Stand): Promise<string> {
  const folder = filled.get(stand) ?? fillCache(stand);
  filled.set(stand, folder);
  return folder;
}

async function fillCache(stand: Stand): Promise<string> {
  const toolCache = join(stand.testbed.directory, 'tool-cache');
  const { environment, inputs } = stand.join('archive');
  await using runner = await createRunner({ environment, toolCache });
  const { outcome, log } = await runner.uses({ ...(await readStep()), inputs });
  if (outcome !== 'success') throw new Error(`a job without faults failed:\n${log}`);
  await runner.finish();
  return toolCache;
}

async function copyInto(root: string, toolCache: string): Promise<void> {
  const folder = await mkdir(join(root, '_work'), { recursive: true });
  const { status } = spawnSync('cp', ['-a', toolCache, join(folder ?? root, '_tool')]);
  if (status !== 0) throw new Error('the tool cache could not be copied');
}
