import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemCodes } from '../../src/problem.ts';
import { files, importsOf, resolveImport, root, text } from './tree.ts';

const sources = files(/^src\/.*\.ts$/);
describe('the sources', () => {
  it('are not imported by the testbed', () => {
    for (const path of files(/^testbed\/.*\.ts$/))
      for (const specifier of importsOf(path, true))
        expect(resolveImport(path, specifier) ?? '').not.toMatch(/^src\//);
  });

  it('have no mocks and no skipped or focused tests', () => {
    const banned =
      /\bvi\.(mock|doMock|spyOn|stubGlobal|stubEnv)\(|\b(it|test|describe)\.(skip|only|todo)\b/;
    for (const path of files(/^__tests__\/(?!structure\/).*\.ts$/))
      expect(text(path)).not.toMatch(banned);
  });

  it('have files of at most 200 lines and no miscellaneous folder', () => {
    for (const path of sources)
      expect([path, text(path).split('\n').length <= 200]).toEqual([path, true]);
    const folders = new Set(files(/\.ts$/).map((path) => basename(dirname(path))));
    for (const name of ['utils', 'util', 'helpers', 'common', 'misc', 'lib'])
      expect(folders).not.toContain(name);
  });
});

describe('every problem', () => {
  // Tests of the testbed do not test the action.
  const tests = files(/^__tests__\/(unit|integration|action)\/(?!testbed-).*\.test\.ts$/).map(text);

  it('has a section in docs/problems.md and a link to it below "Codes"', () => {
    const page = text('docs/problems.md');
    const index = page.split('\n## ').find((section) => section.startsWith('Codes\n')) ?? '';
    const sections = [...page.matchAll(/^## ([a-z-]+)$/gm)].map(([, title = '']) => title);
    const links = [...index.matchAll(/\[([a-z-]+)\]\(#\1\)/g)].map(([, code = '']) => code);
    expect(sections.toSorted()).toEqual(problemCodes.toSorted());
    expect(links.toSorted()).toEqual(problemCodes.toSorted());
  });

  it.each(problemCodes)('%s is provoked by a test', (code) => {
    const expected = [`code: '${code}'`, `'machine-id-action: ${code}'`];
    expect(tests.some((test) => expected.some((words) => test.includes(words)))).toBe(true);
  });
});

describe('the documents', () => {
  const documents = files(/\.md$/);

  it.each(documents)('%s has no broken links', (path) => {
    const links = [...text(path).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)/g)];
    for (const [, file, anchor] of links) {
      const target = file ? join(dirname(path), file) : path;
      if (target.endsWith('.md') && anchor)
        expect(anchors(target), `${path}: ${target}${anchor}`).toContain(anchor.slice(1));
      else if (!/^(examples|dist\/)/.test(target))
        expect(files(/./), `${path}: ${target}`).toContain(target);
    }
  });

  it.each(documents)('%s names existing scripts', (path) => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(text('package.json'));
    for (const [, name] of text(path).matchAll(/npm run (?:-s )?([a-z-]+)/g))
      expect(Object.keys(scripts)).toContain(name);
  });

  it('and all other files do not contain the path of this checkout', () => {
    const naming = files(/./).filter((path) => text(path).includes(root));
    expect(naming).toEqual([]);
  });
});

function anchors(path: string): readonly string[] {
  return [...text(path).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    (title ?? '')
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
