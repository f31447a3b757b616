import { describe, expect, it } from 'vitest';
import { importsOf, literalOf, type Node, parseSource } from './syntax.ts';
import { files } from './tree.ts';

const sources = files(/^src\/.*\.ts$/);
const outside = sources.filter((path) => !path.startsWith('src/ci/github/'));

/** Names of the runner's variables that files may use outside `src/ci/github`, and why. */
const exceptions: readonly { readonly name: RegExp; readonly paths: RegExp }[] = [
  // tbot reads them for the join method `github`, and that method requests a token with them.
  {
    name: /^ACTIONS_ID_TOKEN_REQUEST_(URL|TOKEN)$/,
    paths: /^src\/(methods\/|tbot\/environment\.ts)/,
  },
  // The runner ends processes that have it, so programs that the action starts must inherit it.
  { name: /^RUNNER_TRACKING_ID$/, paths: /^src\/(tbot\/environment|install\/tbot-version)\.ts$/ },
];

/** Returns the name, or the beginning of a name, in a node; undefined for other nodes. */
function variableOf(node: Node): string | undefined {
  const raw = node['value'];
  const template =
    node.type === 'TemplateElement' && typeof raw === 'object' && raw !== null && 'raw' in raw
      ? raw.raw
      : undefined;
  const name = literalOf(node) ?? template ?? (node.type === 'Identifier' ? node['name'] : '');
  return typeof name === 'string' && /^(GITHUB|RUNNER|ACTIONS|INPUT|STATE)_\w*$/.test(name)
    ? name
    : undefined;
}

function variablesIn(path: string): readonly string[] {
  return parseSource(path).nodes.flatMap((node) => variableOf(node) ?? []);
}

/** Returns the files that import a package or a file of a folder. */
function usersOf(name: string): readonly string[] {
  return sources.filter((path) =>
    importsOf(path).some(({ from }) => from === name || from.startsWith(`${name}/`)),
  );
}

describe('the CI system', () => {
  it('is described only by src/ci/github: no other file contains variables of the runner', () => {
    const named = outside.flatMap((path) => variablesIn(path).map((name) => ({ path, name })));
    const excepted = named.filter(({ path, name }) =>
      exceptions.some((exception) => exception.name.test(name) && exception.paths.test(path)),
    );
    expect(named).toEqual(excepted);
    expect(excepted.length).toBeGreaterThan(0);
    expect(variablesIn('src/ci/github/job.ts')).toContain('RUNNER_TEMP');
  });

  it('is chosen only by the entry points', () => {
    const users = usersOf('src/ci/github').filter((path) => outside.includes(path));
    expect(users.filter((path) => !path.startsWith('src/entry/'))).toEqual([]);
  });

  it('is the only place that reads the environment of this process', () => {
    const readers = outside.filter((path) =>
      parseSource(path).nodes.some(
        ({ type, object, property }) =>
          type === 'MemberExpression' && isNamed(object, 'process') && isNamed(property, 'env'),
      ),
    );
    // Removes a variable that Node itself reads.
    expect(readers).toEqual(['src/http/tls-environment.ts']);
  });

  it.each<[string, RegExp]>([
    ['@actions/core', /^src\/ci\/github\//],
    ['@actions/exec', /^src\/(process|workdir)\//],
    ['@actions/tool-cache', /^src\/ci\/github\//],
  ])('%s is imported where it belongs', (name, paths) => {
    expect(usersOf(name).filter((path) => !paths.test(path))).toEqual([]);
  });
});

function isNamed(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && 'name' in value && value.name === name;
}
