import type { Words } from './text-system.ts';

/**
 * Replaces GitHub's words in a message. The messages of `src` are written for GitHub Actions; a test
 * translates all of them and fails if a word of GitHub remains.
 */
export function translated(text: string, words: Words): string {
  return words.reduce((rest, [phrase, other]) => rest.replaceAll(phrase, other), text);
}

/** The words of a plain shell. Other systems put their own in front. */
export const shellWords: Words = [
  [/\bInput `([a-z-]+)`/g, 'Option `--$1`'],
  ['Correct the `with:` block of the step.', 'Correct the options of the command.'],
  [
    'Correct the value in the `with:` block of the step.',
    'Correct the option, or its variable (`MACHINE_ID_` and the name).',
  ],
  [
    'Correct the name in the `with:` block of the step.',
    'Correct the name of the option or variable.',
  ],
  [
    'Add it to the `with:` block of the step. If it is already there, its value is empty, for example because a variable is not defined.',
    'Add the option to the command, or set its variable (`MACHINE_ID_` and the name). An empty value counts as not set.',
  ],
  [
    'An empty input is treated as not set. An expression with an undefined variable is empty.',
    'An option with an empty value counts as not set.',
  ],
  ['in the `env:` of the step', 'in the environment of the command'],
  [
    'Run this action on a GitHub Actions runner, which sets RUNNER_TEMP.',
    'Set TMPDIR to a directory that this user can write to.',
  ],
  ["the runner's temporary directory (RUNNER_TEMP)", 'the temporary directory (TMPDIR)'],
  ['RUNNER_TEMP', 'TMPDIR'],
  ['run the job again with debug logging enabled', 'run the command again with `--debug`'],
  ['RUNNER_TOOL_CACHE is not set', 'this system has no tool cache'],
  [
    'No action is needed: the post step removes what this step created.',
    'No action is needed: this command removes what it has created.',
  ],
  [
    'If a private directory remains, the post step tries again when the job ends.',
    'Run `machine-id scrub` again once the cause is removed.',
  ],
  [
    'If a step of this job created the directory, the post step of that step removes it.',
    'If a command of this job created the directory, `machine-id scrub` removes it.',
  ],
  ['the post step restores', '`machine-id scrub --exports FILE` restores'],
  ['The post step cannot revoke', '`machine-id scrub` cannot revoke'],
  [/\b(T|t)he post step\b/g, '`machine-id scrub`'],
  ['before the next step', 'before the next command'],
  [
    'use this action again before the steps that need them',
    'run this command again before they are needed',
  ],
  ['Use two steps', 'Use two commands'],
  ['in an earlier step', 'before this command'],
  ['during this step', 'during this command'],
  ['for this step only', 'for this command only'],
  ['private directory of this step', 'private directory of this command'],
  ['from the step', 'from the command'],
  [/\bThe step\b/g, 'The command'],
  ['the whole step', 'the whole command'],
  ['later steps', 'later commands'],
  [/\b(T|t)his step\b/g, '$1his command'],
  ['a bug in the action, not in your workflow', 'a bug in machine-id, not in your job'],
  ['in a workflow with a public log', 'in a job with a public log'],
  [
    '; or join with `github` and `permissions: id-token: write`',
    '; or choose another `join-method`',
  ],
  [/\b[Tt](?:his|he) action\b/g, 'machine-id'],
];
