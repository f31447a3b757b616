/** A line of a log, or a group, which GitHub folds. */
export type LogEntry =
  | { readonly kind: 'line'; readonly level?: string; readonly text: string }
  | { readonly kind: 'group'; readonly title: string; readonly lines: readonly string[] };

const prefixes: Readonly<Record<string, string>> = {
  error: 'Error: ',
  warning: 'Warning: ',
  notice: 'Notice: ',
};

/** Returns a log of the runner as GitHub shows it. */
export function foldLog(log: string): readonly LogEntry[] {
  const entries: LogEntry[] = [];
  let group: string[] | undefined;
  for (const line of log.split('\n')) {
    const [, command = '', text = ''] = /^##\[(\w+)\](.*)$/.exec(line) ?? [];
    if (command === 'group') {
      group = [];
      entries.push({ kind: 'group', title: text, lines: group });
    } else if (command === 'endgroup') group = undefined;
    else if (group !== undefined) group.push(line);
    else entries.push(lineOf(line, command, text));
  }
  return entries;
}

function lineOf(line: string, level: string, text: string): LogEntry {
  const prefix = prefixes[level];
  if (prefix === undefined) return { kind: 'line', text: line };
  return { kind: 'line', level, text: `${prefix}${text}` };
}
