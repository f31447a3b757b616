import { styleText } from 'node:util';
import type { DemoRun } from './run.ts';
import { foldLog } from './log.ts';

type Style = Parameters<typeof styleText>[0];

/** Prints with colours only where the terminal supports them; see NO_COLOR and FORCE_COLOR. */
export function print(text = '', style: Style = 'none'): void {
  console.log(styleText(style, text, { stream: process.stdout }));
}

/** Prints a job of the demo. */
export function printRun({ scenario, ...run }: DemoRun): void {
  show('Step', run.workflow.split('\n'));
  showLog('Log', run.step.log);
  if (run.later) showLog(`Later step (${scenario.later?.title ?? ''})`, run.later.log);
  show('Job summary', run.step.summary.split('\n'));
  showLog('Post step', run.posts.map(({ log }) => log).join('\n'));
  show('Left on the runner', run.left.length > 0 ? run.left : ['nothing']);
  if (run.surprises.length === 0) print('As expected.', 'green');
  else print(`Not as expected: ${run.surprises.join('; ')}.`, 'red');
}

function show(title: string, lines: readonly string[]): void {
  print(title, 'cyan');
  for (const line of lines.join('\n').trimEnd().split('\n'))
    print(line === '' ? '' : `  ${line}`, line.startsWith('Error: ') ? 'red' : 'none');
}

/** Shows a log with closed groups, without the inputs that come first. */
function showLog(title: string, log: string): void {
  const lines = foldLog(log).map((entry) =>
    entry.kind === 'group' ? `> ${entry.title}` : entry.text,
  );
  show(
    title,
    lines.filter((line) => !line.startsWith('> Run ')),
  );
}
