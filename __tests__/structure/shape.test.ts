import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionsOf, importsOf, isNode, loadedBy, parseSource } from './syntax.ts';
import { files, text } from './tree.ts';

const sources = files(/^src\/.*\.ts$/);
const functions = sources.flatMap(functionsOf);

describe('functions', () => {
  it('have at most 40 lines', () => {
    expect(functions.filter(({ lines }) => lines > 40)).toEqual([]);
  });
});

describe('pure files', () => {
  const pure = files(
    /^src\/(inputs\/.*|yaml\/.*|text\/.*|versions\/.*|plan|problem|services\/(?!verify\.|.*\.verify)[\w-]+|tbot\/(config|environment|version-checks|diagnosis\/(?!explain).*)|methods\/(?!.*\.evidence).*|cluster\/(version|find-response))\.ts$/,
  );

  it.each(pure)('%s has no side effects, not even through dynamic imports', (path) => {
    const foreign = [...loadedBy(path).values()].filter(({ from }) => !from.startsWith('src/'));
    // Packages that only compute; node:crypto parses public keys.
    const computing = foreign.filter(
      ({ from, dynamic }) =>
        (dynamic && (from === 'yaml' || from === 'jose')) ||
        from === 'node:path' ||
        from === 'node:crypto',
    );
    expect(foreign).toEqual(computing);
  });
});

/** Returns the folder of a file below src; empty for files in src itself. */
function folderOf(path: string): string {
  return path.split('/').slice(1, -1)[0] ?? '';
}

describe('folders', () => {
  const edges = sources
    .flatMap((path) => importsOf(path).map(({ from }) => [path, from] as const))
    .filter(([, from]) => from.startsWith('src/'))
    .map(([path, from]) => [folderOf(path), folderOf(from)] as const)
    .filter(([one, other]) => one !== other && one !== '' && other !== '');

  /** Returns all folders that a folder imports, directly or indirectly. */
  const reached = (start: string, seen = new Set<string>()): ReadonlySet<string> => {
    for (const [one, other] of edges)
      if (one === start && !seen.has(other)) reached(other, seen.add(other));
    return seen;
  };

  it('import each other in one direction only, including types', () => {
    const folders = new Set(sources.map(folderOf));
    expect(edges.length).toBeGreaterThan(20);
    expect([...folders].filter((folder) => reached(folder).has(folder))).toEqual([]);
  });
});

/**
 * Packages that no source imports, and the files that do: other programs must find the programs in the
 * tool cache, and the benchmark compares the action with it.
 */
const others: Readonly<Record<string, readonly string[]>> = {
  '@actions/tool-cache': [
    '__tests__/integration/install-cache.test.ts',
    'bench/install/contestant.ts',
  ],
};

/** Returns the packages that files import. */
function packagesOf(paths: readonly string[]): readonly string[] {
  const names = paths
    .flatMap(importsOf)
    .filter(({ from }) => !/\.(ts|json)$/.test(from) && !from.startsWith('node:'))
    .map(({ from }) => from.split('/', from.startsWith('@') ? 2 : 1).join('/'));
  return [...new Set(names)].toSorted();
}

describe('the verification of issued files', () => {
  it('is used only by the services, and after tbot has run', () => {
    const users = sources.filter(
      (path) =>
        !path.startsWith('src/services/') &&
        importsOf(path).some(({ from }) => /^src\/services\/.*verify\.ts$/.test(from)),
    );
    const expected = ['src/background/health.ts', 'src/collect.ts', 'src/join.ts'];
    expect(users.toSorted()).toEqual(expected);
  });
});

describe('packages', () => {
  const { dependencies }: { dependencies: object } = JSON.parse(text('package.json'));

  it('are those that the sources, the tests and the benchmark import', () => {
    const expected = [...packagesOf(sources), ...Object.keys(others)];
    expect(Object.keys(dependencies).toSorted()).toEqual(expected.toSorted());
  });

  it.each(Object.entries(others))('%s is imported', (name, users) => {
    for (const path of users) expect(packagesOf([path])).toContain(name);
  });
});

describe('tests', () => {
  // Types may be imported from any file, because parameters have them.
  it('call only what other folders of src import as well', () => {
    const used = new Set(
      sources.flatMap((path) =>
        importsOf(path)
          .filter(({ from }) => dirname(from) !== dirname(path))
          .map(({ from }) => from),
      ),
    );
    const isPublic = (path: string) => dirname(path) === 'src' || used.has(path);
    const imported = files(/^__tests__\/.*\.ts$/)
      .flatMap(importsOf)
      .filter(({ typeOnly }) => !typeOnly)
      .map(({ from }) => from);
    const fromSources = [...new Set(imported)].filter((from) => from.startsWith('src/'));
    expect(fromSources.length).toBeGreaterThan(20);
    expect(fromSources.filter((from) => !isPublic(from)).toSorted()).toEqual([]);
  });

  it('use no mocking library', () => {
    const pretending = files(/^__tests__\/.*\.ts$/).filter((path) =>
      parseSource(path).nodes.some(
        ({ type, imported }) =>
          type === 'ImportSpecifier' && isNode(imported) && imported['name'] === 'vi',
      ),
    );
    expect(pretending).toEqual([]);
  });
});
