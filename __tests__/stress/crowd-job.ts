import { watch } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRunner, type StandInRunner, type StepResult } from '../../testbed/runner/runner.ts';
import { type ProbeFile, settingsOf } from './events.ts';
import { leftoversOf } from './leftovers.ts';
import { listensOn } from './listeners.ts';
import { readStep, watched } from './step.ts';

/** How the main step of a job ends. */
export const endings = ['success', 'denied', 'success', 'cancelled', 'success', 'killed'] as const;

export type Ending = (typeof endings)[number];

/** How tbot runs; in the background it serves an application tunnel as well. */
export type Mode = 'oneshot' | 'background';

/** One job of the crowd. */
export interface CrowdJob {
  readonly name: string;
  readonly ending: Ending;
  readonly mode: Mode;
  /** Folder of the runner. */
  readonly root: string;
  readonly toolCache: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** What one job did. */
export interface JobReport {
  readonly name: string;
  readonly ending: Ending;
  readonly mode: Mode;
  readonly milliseconds: number;
  readonly tbotSource: string;
  /** The port of its tunnel; undefined without one. */
  readonly port: number | undefined;
  /** What is wrong, as one line each. */
  readonly failures: readonly string[];
}

/** A job whose main step has ended, and whose post step has not begun. */
export interface StartedJob {
  /** Every file below RUNNER_TEMP that the action created. */
  readonly files: readonly string[];
  finish(): Promise<JobReport>;
}

/** Runs the main step of a job. */
export async function startJob(job: CrowdJob): Promise<StartedJob> {
  const { root, toolCache, environment, inputs } = job;
  await mkdir(root);
  const runner = await createRunner({ root, toolCache, environment, patience });
  const log = `${root}.events`;
  await writeFile(log, '');
  await writeFile(settingsOf(root), JSON.stringify(settingsFor(job, log)));
  const onStart = job.ending === 'cancelled' ? () => cancelAt(log, runner) : () => undefined;
  const main = await runner.uses({ ...(await readStep()), inputs, env: watched, onStart });
  const failures = [...wrongEnding(job, main), ...(await wrongTunnel(job, runner, main))];
  const files = await privateFiles(runner.temp);
  return { files, finish: async () => finish(job, { runner, main, failures }) };
}

/** Milliseconds. Jobs in a crowd are slow, and one that is cancelled must end by itself. */
const patience = { interrupt: 120_000 };

/** The event at which a job is stopped: tbot has written a part of its files. */
const halfway = 'tbot: writeFile _temp/machine-id-*/identity/key #1';

function settingsFor({ ending }: CrowdJob, log: string): ProbeFile {
  return ending === 'killed' ? { log, event: halfway, way: 'SIGKILL' } : { log };
}

/** Cancels the running step, as the runner does, when tbot has started. */
function cancelAt(log: string, runner: StandInRunner): void {
  const watcher = watch(log, () => void cancelIfStarted());
  const cancelIfStarted = async (): Promise<void> => {
    if (!(await readFile(log, 'utf8')).includes('tbot: start')) return;
    watcher.close();
    await runner.cancel();
  };
}

async function privateFiles(temp: string): Promise<readonly string[]> {
  const names = (await readdir(temp)).filter((name) => name.startsWith('machine-id-'));
  const files = await Promise.all(
    names.map(async (name) => {
      const entries = await readdir(join(temp, name), { recursive: true });
      return [name, ...entries.map((entry) => join(name, entry))];
    }),
  );
  return files.flat().map((name) => join(temp, name));
}

interface Ended {
  readonly runner: StandInRunner;
  readonly main: StepResult;
  /** What is wrong until now. */
  readonly failures: readonly string[];
}

async function finish(job: CrowdJob, { runner, main, failures }: Ended): Promise<JobReport> {
  await using ending = runner;
  const end = await ending.finish();
  const posts = end.posts.map(({ durationMs }) => durationMs);
  const { name, mode } = job;
  const port = main.outputs['tunnel-port'];
  return {
    name,
    ending: job.ending,
    mode,
    milliseconds: posts.reduce((sum, one) => sum + one, main.durationMs),
    tbotSource: main.outputs['tbot-source'] ?? '',
    port: port === undefined || port === '' ? undefined : Number(port),
    failures: [...failures, ...(await leftoversOf(ending, end))].map(
      (failure) => `${name} (${mode}, ${job.ending}): ${failure}`,
    ),
  };
}

/** Makes a request through the tunnel of a job; returns what is wrong with it. */
async function wrongTunnel(
  { mode, ending }: CrowdJob,
  runner: StandInRunner,
  { outputs }: StepResult,
): Promise<readonly string[]> {
  if (mode === 'oneshot' || ending !== 'success') return [];
  const { pid = '', 'tunnel-port': port = '' } = outputs;
  const { raw } = await runner.run(['curl', '-sS', '--fail', `http://127.0.0.1:${port}/`]);
  return [
    ...(raw.includes('hello greets bot-ci') ? [] : [`its tunnel answered: ${raw}`]),
    ...((await listensOn(pid, Number(port))) ? [] : [`tbot ${pid} does not listen on ${port}`]),
  ];
}

/** Returns what is wrong with the end of a main step. */
function wrongEnding({ ending, root }: CrowdJob, main: StepResult): readonly string[] {
  const { outcome, signal, annotations, outputs, log } = main;
  const errors = annotations.flatMap(({ level, title }) =>
    level === 'error' && title ? [title] : [],
  );
  const told = `${outcome}, signal ${signal}, errors ${errors.join(', ')}\n${log.slice(-800)}`;
  switch (ending) {
    case 'success': {
      const own = outputs['identity-file']?.startsWith(`${root}/`) === true;
      return outcome === 'success' && own ? [] : [`ended with ${told}`];
    }
    case 'denied':
      return errors.join(' ') === 'machine-id-action: claims-denied' ? [] : [`ended with ${told}`];
    case 'cancelled':
      return outcome === 'cancelled' && signal === null ? [] : [`ended with ${told}`];
    case 'killed':
      return signal === 'SIGKILL' ? [] : [`ended with ${told}`];
    default:
      return ending satisfies never;
  }
}
