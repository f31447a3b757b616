import * as core from '@actions/core';
import { plainLines } from '../plain-lines.ts';
import type { CiPort, Environment } from '../port.ts';
import { secretSet } from '../secrets.ts';
import { directoriesOf, jobFacts } from './job.ts';

/**
 * Returns the port to GitHub Actions: its variables, and its commands through @actions/core. `program`
 * is the path of the running file.
 */
export function githubActions(
  env: Environment = process.env,
  program: string | undefined = process.argv[1],
): CiPort {
  return {
    inputs: inputsOf(env),
    env,
    debugging: core.isDebug(),
    job: jobFacts(env),
    directories: directoriesOf(env),
    ...releaseLinks(env, program),
    ...masking(),
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

function masking(): Pick<CiPort, 'mask' | 'redact'> {
  const secrets = secretSet();
  return {
    mask: (secret) => {
      if (secret === '') return;
      core.setSecret(secret);
      secrets.add(secret);
    },
    redact: secrets.redact,
  };
}

/** Adds the path to the error of a command file, and the error code that @actions/core omits. */
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

/**
 * Returns a text in which the runner finds no commands: `::name::` at the start of a line, after white
 * space, or `##[name]` anywhere (actions/runner, src/Runner.Common/ActionCommand.cs). Escape sequences
 * and control characters are removed first, because terminals interpret them, and because U+0085 is
 * white space to .NET but not to a regular expression.
 */
function withoutCommands(text: string): string {
  return plainLines(text)
    .replaceAll(/^([^\S\n]*)::/gm, '$1: :')
    .replaceAll('##[', '# #[');
}

/**
 * Returns links to the release in use. The runner names it in GITHUB_ACTION_REPOSITORY and
 * GITHUB_ACTION_REF, which are empty for `uses: ./` and can name a composite action that wraps this
 * one. Therefore the repository must have this action's name, and `program`, the path of the running
 * file, must be where the runner downloads that release to: `_actions/<owner>/<name>/<ref>`.
 */
function releaseLinks(
  env: Environment,
  program: string | undefined,
): Pick<CiPort, 'documentationUrl' | 'issuesUrl'> {
  const repository = env['GITHUB_ACTION_REPOSITORY'] ?? '';
  const ref = env['GITHUB_ACTION_REF'] ?? '';
  const folder = `/_actions/${repository}/${ref}/`;
  if (!/^[^/]+\/machine-id-action$/i.test(repository) || ref === '') return unknownLinks;
  if (!program?.replaceAll('\\', '/').includes(folder)) return unknownLinks;
  const url = `${env['GITHUB_SERVER_URL'] || 'https://github.com'}/${repository}`;
  return {
    documentationUrl: (page, anchor) => `${url}/blob/${ref}/${page}#${anchor}`,
    issuesUrl: `${url}/issues`,
  };
}

const unknownLinks = { documentationUrl: () => undefined, issuesUrl: undefined };
