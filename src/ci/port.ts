import * as core from '@actions/core';
import { printableLines } from '../text/characters.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The one port to the CI system. Another system is another implementation of this interface.
 * Text given to `info`, `group` and the annotations may come from the network: the port takes care
 * that none of it is read as a command.
 */
export interface Runner {
  /** The step's inputs by their name in action.yml, lower case, as delivered. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Environment;
  /** Step debug logging is on. */
  readonly debugging: boolean;
  /** Masks a text in every later line of the job's log; an empty one is ignored. */
  readonly mask: (secret: string) => void;
  readonly info: (text: string) => void;
  readonly debug: (text: string) => void;
  /** Prints lines in a folded group. */
  readonly group: (title: string, lines: readonly string[]) => void;
  readonly notice: (title: string, text: string) => void;
  readonly warning: (title: string, text: string) => void;
  /** One annotation, and the step has failed. */
  readonly fail: (title: string, text: string) => void;
  /** Throws the system's error where the runner can't take it, as the three below do. */
  readonly output: (name: string, value: string) => void;
  /** Sets a variable for the later steps of the job; an empty value blanks it. */
  readonly exportVariable: (name: string, value: string) => void;
  readonly addPath: (directory: string) => void;
  /** Keeps a value for the post step of this very step. */
  readonly saveState: (name: string, value: string) => void;
  readonly state: (name: string) => string;
  /** Adds Markdown to the job summary, where the system has one. */
  readonly summary: (markdown: string) => Promise<void>;
}

/** GitHub's runner, spoken to through @actions/core. */
export function githubRunner(env: Environment = process.env): Runner {
  return {
    inputs: inputsOf(env),
    env,
    debugging: core.isDebug(),
    mask: (secret) => secret !== '' && core.setSecret(secret),
    info: (text) => core.info(harmless(text)),
    debug: (text) => core.debug(harmless(text)),
    group: (title, lines) => {
      core.startGroup(title);
      for (const line of lines) core.info(harmless(line));
      core.endGroup();
    },
    notice: (title, text) => core.notice(harmless(text), { title }),
    warning: (title, text) => core.warning(harmless(text), { title }),
    fail: (title, text) => {
      process.exitCode = 1;
      core.error(harmless(text), { title });
    },
    output: (name, value) => byFile(() => core.setOutput(name, value)),
    exportVariable: (name, value) => byFile(() => core.exportVariable(name, value)),
    addPath: (directory) => byFile(() => core.addPath(directory)),
    saveState: (name, value) => byFile(() => core.saveState(name, value)),
    state: (name) => core.getState(name),
    summary: async (markdown) => {
      if (env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(markdown, true).write();
    },
  };
}

/** @actions/core has words of its own for a file that is gone; here it is the system's error. */
function byFile(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Missing file at path'))
      Object.assign(error, { code: 'ENOENT', syscall: 'open' });
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
 * Text that the runner can't take for a command: it reads `::name::` at the start of a line, after
 * any white space, and `##[name]` anywhere in one (actions/runner, src/Runner.Common/ActionCommand.cs).
 * Escape sequences and control characters go first: a terminal would obey them, and U+0085 is white
 * space to .NET, not to a regular expression.
 */
export function harmless(text: string): string {
  return printableLines(text.replaceAll(escapeSequence, ''))
    .replaceAll(/^([^\S\n]*)::/gm, '$1: :')
    .replaceAll('##[', '# #[');
}

// oxlint-disable-next-line no-control-regex
const escapeSequence = /(?:\u001b\[|\u009b)[0-9;]*[A-Za-z]/g;
