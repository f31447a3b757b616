import { describe, expect, it } from 'vitest';
import { functionsOf, importsOf, isNode, loadedBy, parseSource } from './syntax.ts';
import { files, text } from './tree.ts';

const sources = files(/^src\/.*\.ts$/);
const functions = sources.flatMap(functionsOf);

describe('functions', () => {
  it('fit on a screen', () => {
    expect(functions.filter(({ lines }) => lines > 40)).toEqual([]);
  });

  it('are mostly short', () => {
    const lines = functions.map((size) => size.lines).toSorted((one, other) => one - other);
    expect(lines.length).toBeGreaterThan(100);
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThan(10);
  });
});

describe('pure files', () => {
  const pure = files(
    /^src\/(inputs\/.*|yaml\/.*|text\/.*|json|plan|problem|tbot\/(config|versions\/.*|credentials\/(secrets|files)|services\/.*|environment|explain\/.*)|identity\/(methods|onboarding)|cluster\/version)\.ts$/,
  );

  it.each(pure)('%s has no effects, not even by what it loads later', (path) => {
    const foreign = [...loadedBy(path).values()].filter(({ from }) => !from.startsWith('src/'));
    // Packages that only compute.
    const computing = foreign.filter(
      ({ from, dynamic }) =>
        (dynamic && (from === 'yaml' || from === 'jose')) || from === 'node:path',
    );
    expect(foreign).toEqual(computing);
  });
});

/** Empty for what lies in src itself: it begins the line, or is what all may use. */
function folderOf(path: string): string {
  return path.split('/').slice(1, -1)[0] ?? '';
}

describe('folders', () => {
  const edges = sources
    .flatMap((path) => importsOf(path).map(({ from }) => [path, from] as const))
    .filter(([, from]) => from.startsWith('src/'))
    .map(([path, from]) => [folderOf(path), folderOf(from)] as const)
    .filter(([one, other]) => one !== other && one !== '' && other !== '');

  /** Everything that a folder leads to, by however many steps. */
  const reached = (start: string, seen = new Set<string>()): ReadonlySet<string> => {
    for (const [one, other] of edges)
      if (one === start && !seen.has(other)) reached(other, seen.add(other));
    return seen;
  };

  it('import each other in one direction alone, types included', () => {
    const folders = new Set(sources.map(folderOf));
    expect(edges.length).toBeGreaterThan(20);
    expect([...folders].filter((folder) => reached(folder).has(folder))).toEqual([]);
  });
});

describe('packages', () => {
  it('are the fixed few', () => {
    const { dependencies }: { dependencies: object } = JSON.parse(text('package.json'));
    const used = sources
      .flatMap(importsOf)
      .map(({ from }) => from)
      .filter((from) => !from.startsWith('src/') && !from.startsWith('node:'));
    // The bench measures against it, and a test shows that it finds what we put into the tool cache.
    const beside = ['@actions/tool-cache'];
    expect([...new Set([...used, ...beside])].toSorted()).toEqual(
      Object.keys(dependencies).toSorted(),
    );
    expect(used.filter((name) => beside.includes(name))).toEqual([]);
  });
});

describe('tests', () => {
  it('have no use for a tool that pretends', () => {
    const pretending = files(/^__tests__\/.*\.ts$/).filter((path) =>
      parseSource(path).nodes.some(
        ({ node: { type, imported } }) =>
          type === 'ImportSpecifier' && isNode(imported) && imported['name'] === 'vi',
      ),
    );
    expect(pretending).toEqual([]);
  });
});
