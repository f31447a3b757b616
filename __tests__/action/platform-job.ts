import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  createRunner,
  type JobEnd,
  readAction,
  type RunnerOptions,
  type StepResult,
} from '../../testbed/runner/runner.ts';

/** A job in a process of its own, which can have its own mounts, umask and binary formats. */
export interface PlatformJob extends RunnerOptions {
  readonly inputs: Readonly<Record<string, string>>;
  /** Scripts of later steps. They get each output as a variable, such as `OUTPUT_SSH_CONFIG`. */
  readonly later?: readonly string[];
}

/** A file or folder in the private directory, with its mode while the job runs. */
export interface Entry {
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'link';
  /** In octal. */
  readonly mode: string;
}

/** The result of the job. */
export interface PlatformResult {
  readonly step: StepResult;
  readonly later: readonly StepResult[];
  /** Empty if the step left no private directory. */
  readonly entries: readonly Entry[];
  readonly end: JobEnd;
}

/** Runs the built action, later steps and the post step. */
async function run({ inputs, later: scripts = [], ...options }: PlatformJob): Promise<object> {
  await using runner = await createRunner(options);
  const action = await readAction(new URL('../..', import.meta.url).pathname);
  const step = await runner.uses({ ...action, declared: action.inputs, inputs });
  const env = Object.fromEntries(
    Object.entries(step.outputs).map(([name, value]) => [
      `OUTPUT_${name.replaceAll('-', '_').toUpperCase()}`,
      value,
    ]),
  );
  const later: StepResult[] = [];
  for (const script of scripts) later.push(await runner.run(script, { env }));
  const entries = await entriesOf(step.state['workdir'] ?? '');
  return { step, later, entries, end: await runner.finish() } satisfies PlatformResult;
}

async function entriesOf(folder: string): Promise<readonly Entry[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => undefined);
  const paths = names === undefined ? [] : [folder, ...names.map((name) => join(folder, name))];
  return await Promise.all(
    paths.map(async (path) => {
      const stats = await lstat(path);
      const kind = stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'link';
      return { path: relative(folder, path), kind, mode: (stats.mode & 0o7777).toString(8) };
    }),
  );
}

const job: PlatformJob = JSON.parse(process.argv[2] ?? '');
process.stdout.write(JSON.stringify(await run(job)));
