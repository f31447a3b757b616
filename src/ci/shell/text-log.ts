import { plainLines } from '../plain-lines.ts';
import type { CiPort } from '../port.ts';
import { secretSet } from '../secrets.ts';
import type { Annotation, SystemContext, TextSystem } from './text-system.ts';
import { translated } from './words.ts';

/** The part of a port that prints. No secret is printed, because not every system can mask one. */
export interface TextLog extends Pick<
  CiPort,
  'mask' | 'redact' | 'info' | 'debug' | 'group' | 'notice' | 'warning' | 'fail'
> {
  /** Returns a message in the words of the system, without secrets. */
  readonly worded: (text: string) => string;
}

export function textLog(system: TextSystem, context: SystemContext, debugging: boolean): TextLog {
  const { redact, add } = secretSet();
  const safe = (text: string): string => {
    // A secret can have a control character in it, or become one without them.
    const plain = redact(plainLines(redact(text)));
    return system.inert?.(plain) ?? plain;
  };
  const worded = (text: string): string => redact(translated(text, system.words));
  const print = (text: string): void => {
    for (const line of safe(text).split('\n')) context.write(line);
  };
  const messages = annotations(system, context, { safe, worded, print });
  return {
    mask: (secret) => {
      if (secret === '') return;
      add(secret);
      system.mask?.(secret, context);
    },
    redact,
    worded,
    info: (text) => print(worded(text)),
    debug: (text) => void (debugging && print(`debug: ${text}`)),
    group: (title, lines) => {
      const safeLines = lines.flatMap((line) => safe(line).split('\n'));
      if (system.group) return system.group(safe(worded(title)), safeLines, context);
      print(`${worded(title)}:`);
      for (const line of safeLines) context.write(`  ${line}`);
    },
    ...messages,
  };
}

type Printing = Readonly<Record<'safe' | 'worded', (text: string) => string>> & {
  readonly print: (text: string) => void;
};

function annotations(
  { annotate, annotationsAreLogged }: TextSystem,
  context: SystemContext,
  { safe, worded, print }: Printing,
): Pick<CiPort, 'notice' | 'warning' | 'fail'> {
  const at =
    (level: Annotation['level']) =>
    (title: string, text: string): void => {
      const topic = title.replace(/^machine-id-action(: )?/, '');
      const said = worded(text);
      if (!annotationsAreLogged) print(`${level}${topic === '' ? '' : ` (${topic})`}: ${said}`);
      annotate?.({ level, title: safe(title), text: safe(said) }, context);
    };
  return { notice: at('notice'), warning: at('warning'), fail: at('error') };
}
