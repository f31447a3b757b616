import { describe, expect, it } from 'vitest';
import { problemCodes } from '../../src/problem.ts';
import { isNode, literalOf, type Node, parseSource } from './syntax.ts';
import { files, text } from './tree.ts';

/** One place in the sources that makes a Problem, and what its sentences have in code marks. */
interface Cause {
  readonly code: string;
  readonly place: string;
  readonly names: readonly string[];
}

function causesIn(path: string): readonly Cause[] {
  const { nodes, text: source } = parseSource(path);
  return nodes.flatMap(({ node }) => {
    const code = literalOf(property(node, 'code'));
    if (node.type !== 'ObjectExpression' || code === undefined) return [];
    const names = ['what', 'fix'].flatMap((key) => namesIn(property(node, key)));
    const line = source.slice(0, node.start).split('\n').length;
    return [{ code, place: `${path}:${line}`, names }];
  });
}

function property(node: Node, name: string): unknown {
  const properties = Array.isArray(node['properties']) ? node['properties'].filter(isNode) : [];
  const found = properties.find(({ key }) => isNode(key) && key['name'] === name);
  return found?.['value'];
}

/** What stands in code marks in a text that is written out, also in the parts of a choice. */
function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isNode(value)) return [];
  const whole = wholeOf(value);
  if (whole === undefined) return Object.values(value).flatMap(namesIn);
  const marked = [...whole.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  return marked.filter((name) => !name.includes(gap));
}

/** Stands for what is known only when the step runs. */
const gap = '\0';

function wholeOf(node: Node): string | undefined {
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node['quasis'])) return literalOf(node);
  const parts = node['quasis'].filter(isNode).map(({ value }) => Object(value).cooked);
  return parts.join(gap);
}

const causes = files(/^src\/.*\.ts$/).flatMap(causesIn);

/** What the section of a code has in code marks, and its fences. */
function writtenIn(code: string): string {
  const section = text('docs/problems.md').split(`\n## ${code}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/```[\s\S]*?```|`[^`]+`/g)].map(([written]) => written).join('\n');
}

describe('docs/problems.md', () => {
  const naming = causes.filter(({ names }) => names.length > 0);
  const codes = [...new Set(naming.map(({ code }) => code))];

  it('is held against more than a few messages', () => {
    expect(codes.length).toBeGreaterThan(10);
    expect(problemCodes).toEqual(expect.arrayContaining(codes));
  });

  it.each(codes)('has under %s all that its messages tell to look at', (code) => {
    const written = writtenIn(code);
    const missing = naming
      .filter((cause) => cause.code === code)
      .flatMap(({ place, names }) => names.map((name) => [place, name]))
      .filter(([, name = '']) => !written.includes(name));
    expect(missing).toEqual([]);
  });
});
