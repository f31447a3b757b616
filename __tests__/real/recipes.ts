import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const document = readFileSync(new URL('../../docs/containers.md', import.meta.url), 'utf8');

/** A step of a recipe. */
export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Returns the recipes below a heading of docs/containers.md: the steps of each YAML fence. */
export function recipes(heading: string): readonly (readonly Step[])[] {
  const fences = section(heading).matchAll(/^```yaml\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, body = '']) => stepsOf(parse(body)));
}

/** Returns the steps of a list or of the jobs of a workflow. */
export function stepsOf(node: unknown): readonly Step[] {
  if (Array.isArray(node)) return node;
  const { jobs }: { jobs?: Record<string, { steps: readonly Step[] }> } = Object(node);
  return Object.values(jobs ?? {}).flatMap(({ steps }) => steps);
}

/** Returns the code in the first column of the table below a heading. */
export function messages(heading: string): readonly string[] {
  const rows = section(heading).matchAll(/^\| `(.+?)` +\|/gm);
  return [...rows].map(([, message = '']) => message);
}

function section(heading: string): string {
  const [, after] = document.split(`\n## ${heading}\n`);
  if (after === undefined) throw new Error(`docs/containers.md has no heading "${heading}"`);
  return after.split('\n## ')[0] ?? '';
}

/** Replaces the expressions in a step by the outputs of earlier steps. */
export function evaluate(
  texts: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      text.replaceAll(
        /\$\{\{ steps\.([\w-]+)\.outputs\.([\w-]+) \}\}/g,
        (_, id: string, output: string) => outputs[id]?.[output] ?? '',
      ),
    ]),
  );
}

/** Splits `args:` at spaces outside double quotes, as the runner does. */
export function words(args: string): readonly string[] {
  return [...args.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
