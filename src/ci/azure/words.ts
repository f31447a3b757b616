import { shellWords } from '../shell/words.ts';
import type { Words } from '../shell/text-system.ts';

/** Inputs whose names in `task.json` differ, because names there consist of letters and digits. */
const renamed = [
  'allow-reissue',
  'anonymous-telemetry',
  'application-tunnel',
  'auth-server',
  'azure-client-id',
  'ca-pins',
  'certificate-ttl',
  'database-tunnel',
  'dry-run',
  'expected-cluster',
  'export-env',
  'extra-ca-file',
  'install-from',
  'join-method',
  'kubernetes-cluster',
  'leaf-cluster',
  'min-ttl',
  'renewal-interval',
  'signature-extension',
  'signature-key',
  'tbot-path',
];

/** Returns the name of an input or output in `task.json`. */
export function inCamelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The words of an Azure Pipelines task. */
export const azureWords: Words = [
  ...renamed.map(
    (name) => [new RegExp(`\`${name}(?=[\`:])`, 'g'), `\`${inCamelCase(name)}`] as const,
  ),
  // Keeps the words of a shell from calling inputs options.
  [/\bInput `(\w+)`/g, 'The input `$1`'],
  ['Correct the `with:` block of the step.', 'Correct the `inputs` of the task.'],
  [
    'Add it to the `with:` block of the step. If it is already there, its value is empty, for example because a variable is not defined.',
    'Add it to the `inputs` of the task. If it is already there, its value is empty.',
  ],
  ['in the `with:` block of the step', 'in the `inputs` of the task'],
  [
    'An expression with an undefined variable is empty.',
    'A macro with an undefined variable, such as `$(NAME)`, is not replaced.',
  ],
  ['with debug logging enabled', 'with the variable `system.debug` set to `true`'],
  ['in the `env:` of the step', 'in the `env` of the task'],
  [
    'Run this action on a GitHub Actions runner, which sets RUNNER_TEMP.',
    'Run the task on an agent of Azure Pipelines, which sets AGENT_TEMPDIRECTORY.',
  ],
  ["the runner's temporary directory (RUNNER_TEMP)", 'Agent.TempDirectory'],
  ['RUNNER_TEMP', 'AGENT_TEMPDIRECTORY'],
  ['RUNNER_TOOL_CACHE', 'AGENT_TOOLSDIRECTORY'],
  [
    'No action is needed: the post step removes what this step created.',
    'No action is needed: the task removes what it has created.',
  ],
  [
    'If a private directory remains, the post step tries again when the job ends.',
    'Agent.TempDirectory is emptied when the job ends.',
  ],
  [/\b(T|t)he post step\b/g, '$1he post-job step'],
  ['before the next step', 'before the next step of the job'],
  ['use this action again', 'use the task again'],
  [/\b(T|t)his step\b/g, '$1his task'],
  ['of this action', 'of this task'],
  ['so that this action downloads tbot', 'so that this task downloads tbot'],
  ['This action requires', 'This task requires'],
  ['this action always verifies', 'this task always verifies'],
  ['the action creates', 'the task creates'],
  ...shellWords,
];
