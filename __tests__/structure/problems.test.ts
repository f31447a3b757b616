import { describe, expect, it } from 'vitest';
import { problemCodes } from '../../src/problem.ts';
import { provokedIn } from './provoked.ts';
import { parseSource, parseText } from './syntax.ts';
import { files, text } from './tree.ts';

describe('every problem', () => {
  // Tests of the testbed show what it does, not what becomes of it in the action.
  const tests = files(/^__tests__\/(unit|integration|action)\/(?!testbed-).*\.test\.ts$/);
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

describe('what counts as expected', () => {
  it.each([
    "expect(found).toMatchObject({ code: 'x' })",
    "expect(work).rejects.toThrow(expect.objectContaining({ code: 'x' }))",
    "expect(said).toEqual([['machine-id-action: x', expect.anything()]])",
    "expect(found.code).toBe('x')",
    "it.each([['a', 'x']])('%s', (log, code) => expect(f(log)).toMatchObject({ code }))",
    "const rows = [['a', 'x']]; it.each(rows)('%s', (log, code) => expect(f(log)).toBe(code))",
  ])('%s', (test) => {
    expect(provokedIn(parseText(test))).toEqual(['x']);
  });

  it.each([
    "export const made = { code: 'x' }",
    "report({ code: 'x' })",
    "expect(problemOf({ code: 'x' })).toMatchObject({ paste: '' })",
    "expect(found).toEqual(problemOf({ code: 'x' }))",
    "expect(found).not.toMatchObject({ code: 'x' })",
    "expect(names).toEqual(['x'])",
    "expect(found.kind).toBe('x')",
    "it.each([['x', 'a']])('%s', (code, fix) => expect(textOf(code)).toEqual({ fix }))",
    "it.each([['x', 'a']])('%s', (log, code) => expect(f(log)).toBe(code))",
    "expect(report(new Problem({ code: 'x' }))).toMatchObject({ code: 'x' })",
  ])('not %s', (test) => {
    expect(provokedIn(parseText(test))).not.toContain('x');
  });
});
