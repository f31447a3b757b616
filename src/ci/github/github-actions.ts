import * as core from '@actions/core';
import type { CiPort, Environment } from '../port.ts';
import { directoriesOf, jobFacts } from './job.ts';
import { releaseLinks } from './links.ts';
import { withoutCommands } from './workflow-commands.ts';

/** Returns the port to GitHub Actions: its variables, and its commands through @actions/core. */
export function githubActions(env: Environment = process.env): CiPort {
  return {
    inputs: inputsOf(env),
    env,
    debugging: core.isDebug(),
    job: jobFacts(env),
    directories: directoriesOf(env),
    ...releaseLinks(env, process.argv[1]),
    mask: (secret) => secret !== '' && core.setSecret(secret),
    info: (text) => core.info(withoutCommands(text)),
    debug: (text) => core.debug(withoutCommands(text)),
    group: (title, lines) => {
      core.startGroup(title);
      for (const line of lines) core.info(withoutCommands(line));
      core.endGroup();
    },
    notice: (title, text) => core.notice(withoutCommands(text), { title }),
    warning: (title, text) => core.warning(withoutCommands(text), { title }),
    fail: (title, text) => {
      process.exitCode = 1;
      core.error(withoutCommands(text), { title });
    },
    output: (name, value) => through(env['GITHUB_OUTPUT'], () => core.setOutput(name, value)),
    exportVariable: (name, value) =>
      through(env['GITHUB_ENV'], () => core.exportVariable(name, value)),
    addPath: (directory) => through(env['GITHUB_PATH'], () => core.addPath(directory)),
    saveState: (name, value) => through(env['GITHUB_STATE'], () => core.saveState(name, value)),
    state: (name) => core.getState(name),
    summary: async (markdown) => {
      if (env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(markdown, true).write();
    },
  };
}

/** Completes the error of a command file: of a missing file @actions/core throws one without a code. */
function through(path: string | undefined, command: () => void): void {
  try {
    command();
  } catch (error) {
    if (error instanceof Error) {
      if (error.message.startsWith('Missing file at path'))
        Object.assign(error, { code: 'ENOENT', syscall: 'open' });
      if ('syscall' in error && path) Object.assign(error, { path });
    }
    throw error;
  }
}

/** The runner delivers an input `join-method` as INPUT_JOIN-METHOD. */
function inputsOf(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith('INPUT_') && value !== undefined
        ? [[name.slice('INPUT_'.length).toLowerCase(), value]]
        : [],
    ),
  );
}
