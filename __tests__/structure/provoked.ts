import { isNode, literalOf, type Node, type Source } from './syntax.ts';

/** The last of `expect(...).toBe(...)`, or of `expect.objectContaining(...)`. */
const matchers =
  /^(toBe|toEqual|toStrictEqual|toMatchObject|toContain|toContainEqual|toThrow|objectContaining|arrayContaining)$/;

/**
 * The codes that a test expects: what it gives to a matcher as `code: 'x'`, as a title
 * `machine-id-action: x`, for something called `code`, or by the column `code` of a table. What it
 * gives to the code under test is none of them, nor is a Problem that it makes by itself.
 */
export function provokedIn(source: Source): readonly string[] {
  const made = new Set<string>();
  const expected = new Set(columnsIn(source));
  for (const { node, around } of source.nodes) {
    const literal = literalOf(node);
    const call = callAround(around);
    if (literal === undefined || call === undefined) continue;
    if (makesProblem(call)) made.add(literal);
    else if (isMatcher(call) && isCode(literal, node, around))
      expected.add(literal.replace(title, ''));
  }
  return [...expected].filter((code) => !made.has(code));
}

const title = /^machine-id-action: /;

function callAround(around: readonly Node[]): Node | undefined {
  return around.findLast(({ type }) => type === 'CallExpression' || type === 'NewExpression');
}

function makesProblem({ type, callee }: Node): boolean {
  return type === 'NewExpression' && isNode(callee) && callee['name'] === 'Problem';
}

function isMatcher(node: Node | undefined): boolean {
  const callee = node?.['callee'];
  if (!isNode(callee) || propertyOf(callee['object']) === 'not') return false;
  return matchers.test(propertyOf(callee) ?? '');
}

/** `x` of `anything.x`. */
function propertyOf(node: unknown): string | undefined {
  const property = isNode(node) ? node['property'] : undefined;
  return isNode(property) ? String(property['name']) : undefined;
}

function isCode(literal: string, node: Node, around: readonly Node[]): boolean {
  const parent = around.at(-1);
  if (title.test(literal)) return true;
  if (parent?.type === 'CallExpression') return isOfCode(parent);
  return (
    parent?.type === 'Property' &&
    parent['value'] === node &&
    isNode(parent['key']) &&
    parent['key']['name'] === 'code'
  );
}

/** `expect(found.code).toBe('x')`. */
function isOfCode({ callee }: Node): boolean {
  const subject = isNode(callee) ? callee['object'] : undefined;
  return propertyOf(argumentsOf(subject)[0]) === 'code';
}

function argumentsOf(call: unknown): readonly Node[] {
  return isNode(call) && Array.isArray(call['arguments']) ? call['arguments'].filter(isNode) : [];
}

/** `it.each([['a', 'x']])('...', (a, code) => expect(...).toBe(code))`. */
function columnsIn(source: Source): readonly string[] {
  return source.nodes.flatMap(({ node: { type, callee, ...rest } }) => {
    if (type !== 'CallExpression' || !isNode(callee) || callee.type !== 'CallExpression') return [];
    const isTable = isNode(callee['callee']) && propertyOf(callee['callee']) === 'each';
    const [, test] = argumentsOf({ type, ...rest });
    if (!isTable || test === undefined || !expectsCode(source, test)) return [];
    const column = elementsOf(test['params']).findIndex(({ name }) => name === 'code');
    return rowsOf(source, argumentsOf(callee)[0]).flatMap(
      (row) => literalOf(elementsOf(row['elements'])[column]) ?? [],
    );
  });
}

/** Whether a test gives its `code` to a matcher. */
function expectsCode({ nodes }: Source, test: Node): boolean {
  return nodes.some(({ node, around }) => {
    if (node['name'] !== 'code' || !around.includes(test) || !isMatcher(callAround(around)))
      return false;
    const parent = around.at(-1);
    return parent?.type === 'Property'
      ? parent['value'] === node
      : parent?.type !== 'MemberExpression';
  });
}

/** The rows of a table that stands there or has a name. */
function rowsOf({ nodes }: Source, table: Node | undefined): readonly Node[] {
  const named = nodes.find(
    ({ node: { type, id } }) =>
      type === 'VariableDeclarator' && isNode(id) && id['name'] === table?.['name'],
  );
  const rows = table?.type === 'Identifier' ? named?.node['init'] : table;
  return isNode(rows) ? elementsOf(rows['elements']) : [];
}

function elementsOf(list: unknown): readonly Node[] {
  return Array.isArray(list) ? list.filter(isNode) : [];
}
