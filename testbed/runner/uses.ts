import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { actionHeader, commandHeader } from './header.ts';
import type { Job, PendingPost, RunOptions, UsesStep, Variables } from './plan.ts';
import { runStep, type StepResult } from './step.ts';
import { actionEnvironment, environment } from './variables.ts';

/** Runs the main step of an action. Registers its post step even if main fails. */
export async function uses(job: Job, step: UsesStep): Promise<StepResult> {
  const script = resolve(step.main);
  const result = await runStep(job, {
    ...step,
    header: actionHeader(job, step),
    reportsExitCode: false,
    invocation: (files) => action(job, step, script, actionEnvironment(job, step, files, {})),
  });
  if (step.post !== undefined) {
    job.posts.push({ step, script: resolve(step.post), state: result.state });
  }
  return result;
}

/** Runs a post step with the inputs of its main step and its state in STATE_*. */
export async function runPost(job: Job, post: PendingPost): Promise<StepResult> {
  const { step, script, state } = post;
  return await runStep(job, {
    header: ['Post job cleanup.'],
    reportsExitCode: false,
    invocation: (files) => action(job, step, script, actionEnvironment(job, step, files, state)),
  });
}

/** Runs a script with `bash -e`, or a program with arguments. */
export async function runCommand(
  job: Job,
  command: string | readonly string[],
  options: RunOptions,
): Promise<StepResult> {
  const text = typeof command === 'string' ? command : command.join(' ');
  const [file = '', ...args] = typeof command === 'string' ? await scriptFile(job, text) : command;
  return await runStep(job, {
    ...options,
    header: commandHeader(text),
    reportsExitCode: true,
    invocation: (files) => ({
      file,
      args,
      environment: environment(job, files, { ...options.env }),
      directory: job.folders.workspace,
    }),
  });
}

async function scriptFile(job: Job, text: string): Promise<readonly string[]> {
  const path = join(job.temp, `${randomUUID()}.sh`);
  await writeFile(path, `${text}\n`);
  return ['bash', '-e', path];
}

function action(
  job: Job,
  step: { readonly id?: string },
  path: string,
  variables: Variables,
): { file: string; args: readonly string[]; environment: Variables; directory: string } {
  const own = { ...variables, GITHUB_ACTION: step.id ?? '__self' };
  return { file: job.node, args: [path], environment: own, directory: job.folders.workspace };
}
