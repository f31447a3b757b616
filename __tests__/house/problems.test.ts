import { describe, expect, it } from 'vitest';
import { problemCodes } from '../../src/problem.ts';
import { isNode, literalOf, type Node, parseSource, type Source } from './syntax.ts';
import { files, text } from './tree.ts';

const matchers = /^(toBe|toEqual|toMatchObject|toContain|toContainEqual|toThrow|objectContaining)$/;

/**
 * The codes that a test expects: `code: 'x'` within a matcher or a table, a matcher's argument `'x'`,
 * a row of a table with `'x'`, a title `machine-id-action: x`. A Problem that the test makes by itself
 * is not provoked.
 */
function provokedIn(source: Source): readonly string[] {
  const made = new Set<string>();
  const expected = new Set<string>();
  for (const { node, around } of source.nodes) {
    const code = literalOf(node)?.replace(/^machine-id-action: /, '');
    if (code === undefined) continue;
    if (around.some(makesProblem)) made.add(code);
    else if (isExpected(node, around)) expected.add(code);
  }
  return [...expected].filter((code) => !made.has(code));
}

function makesProblem({ type, callee }: Node): boolean {
  return type === 'NewExpression' && isNode(callee) && callee['name'] === 'Problem';
}

function isExpected(node: Node, around: readonly Node[]): boolean {
  const parent = around.at(-1);
  if (parent?.type === 'Property')
    return (
      isNode(parent['key']) &&
      parent['key']['name'] === 'code' &&
      parent['value'] === node &&
      around.some((outer) => isMatcher(outer) || isTable(outer))
    );
  // A word such as `version` stands in arrays for many things; a code with a hyphen for itself.
  if (parent?.type === 'ArrayExpression')
    return literalOf(node)?.includes('-') === true || isMatcher(around.at(-2));
  return isMatcher(parent);
}

function isMatcher(node: Node | undefined): boolean {
  return node?.type === 'CallExpression' && matchers.test(nameOfMethod(node));
}

/** The rows of `it.each`, or a table beside the tests. */
function isTable(node: Node): boolean {
  return node.type === 'ArrayExpression' || nameOfMethod(node) === 'each';
}

function nameOfMethod({ callee }: Node): string {
  const property = isNode(callee) ? callee['property'] : undefined;
  return isNode(property) ? String(property['name']) : '';
}

describe('every problem', () => {
  // Tests of the testbed show what it does, not what becomes of it in the action.
  const tests = files(/^__tests__\/(unit|world|action)\/(?!testbed-).*\.test\.ts$/);
  const provoked = new Set(tests.flatMap((path) => provokedIn(parseSource(path))));

  it.each(problemCodes)('%s is what a test expects, not only a word in one', (code) => {
    expect(provoked).toContain(code);
  });

  it('is all that docs/problems.md has a section for', () => {
    const headings = [...text('docs/problems.md').matchAll(/^## (.+)$/gm)];
    const codes: readonly string[] = problemCodes;
    expect(headings.filter(([, title = '']) => !codes.includes(title))).toEqual([]);
  });
});
