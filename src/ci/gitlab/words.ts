import type { Words } from '../shell/text-system.ts';
import { shellWords } from '../shell/words.ts';

/** The words of GitLab, before those of a plain shell. */
export const gitlabWords: Words = [
  ['in the `env:` of the step', 'in the `variables:` of the job'],
  [
    'Correct the `with:` block of the step.',
    'Correct the `variables:` of the job (`MACHINE_ID_` and the name), or the options of the command.',
  ],
  [
    'Run this action on a GitHub Actions runner, which sets RUNNER_TEMP.',
    'Run machine-id in a job, for which GitLab sets CI_PROJECT_DIR.',
  ],
  ["the runner's temporary directory (RUNNER_TEMP)", 'the folder $CI_PROJECT_DIR.tmp'],
  ['RUNNER_TEMP', '$CI_PROJECT_DIR.tmp'],
  ...shellWords,
];
