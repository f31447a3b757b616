import { describe, expect, it } from 'vitest';
import { importsOf, literalOf, type Node, parseSource } from './syntax.ts';
import { files } from './tree.ts';

const sources = files(/^src\/.*\.ts$/);
const outside = sources.filter((path) => !path.startsWith('src/ci/github/'));

/** The variables of each CI system, by the folder below `src/ci` that may read them. */
const systems: Readonly<Record<string, RegExp>> = {
  github: /^(GITHUB|RUNNER|ACTIONS|INPUT|STATE)_\w*$/,
  gitlab: /^(CI|GITLAB)_\w*$/,
  buildkite: /^BUILDKITE(_\w*)?$/,
  azure: /^(TF_BUILD|(AGENT|BUILD|SYSTEM)_\w+)$/,
  circleci: /^CIRCLE(CI|_\w+)$/,
  // A plain shell names the job by variables of systems that have no folder.
  shell: /^(BITBUCKET_\w+|BUILD_TAG)$/,
};

/** Names of these variables that files may use outside the folder of their system, and why. */
const exceptions: readonly { readonly name: RegExp; readonly paths: RegExp }[] = [
  // tbot reads them for the join method `github`, and that method requests a token with them.
  {
    name: /^ACTIONS_ID_TOKEN_REQUEST_(URL|TOKEN)$/,
    paths: /^src\/(methods\/|tbot\/environment\.ts)/,
  },
  // The runner ends processes that have it, so programs that the action starts must inherit it.
  { name: /^RUNNER_TRACKING_ID$/, paths: /^src\/(tbot\/environment|install\/tbot-version)\.ts$/ },
  // tbot reads them for the join methods of these systems.
  {
    name: /^(CIRCLE_OIDC_TOKEN|SYSTEM_ACCESSTOKEN|SYSTEM_OIDCREQUESTURI|BITBUCKET_STEP_OIDC_TOKEN)$/,
    paths: /^src\/methods\/(index|azure-devops|circleci)\.ts$/,
  },
  // The command of the agent that requests an OIDC token reads them.
  {
    name: /^BUILDKITE_(AGENT_ACCESS_TOKEN|AGENT_ENDPOINT|JOB_ID)$/,
    paths: /^src\/methods\/generic-oidc\.ts$/,
  },
  // Replaces the names of GitHub in messages.
  { name: /^RUNNER_\w+$/, paths: /^src\/ci\/\w+\/words\.ts$/ },
  // Jenkins, not Azure Pipelines.
  { name: /^BUILD_TAG$/, paths: /^src\/ci\/shell\/shell\.ts$/ },
];

/** Returns the name, or the beginning of a name, in a node; undefined for other nodes. */
function variableOf(node: Node): string | undefined {
  const raw = node['value'];
  const template =
    node.type === 'TemplateElement' && typeof raw === 'object' && raw !== null && 'raw' in raw
      ? raw.raw
      : undefined;
  const name = literalOf(node) ?? template ?? (node.type === 'Identifier' ? node['name'] : '');
  return typeof name === 'string' ? name : undefined;
}

/** Returns the variables in a file that belong to a system with another folder. */
function foreignIn(path: string): readonly string[] {
  const names = parseSource(path).nodes.flatMap((node) => variableOf(node) ?? []);
  return names.filter((name) =>
    Object.entries(systems).some(
      ([folder, variables]) => variables.test(name) && !path.startsWith(`src/ci/${folder}/`),
    ),
  );
}

/** Returns the files that import a package or a file of a folder. */
function usersOf(name: string): readonly string[] {
  return sources.filter((path) =>
    importsOf(path).some(({ from }) => from === name || from.startsWith(`${name}/`)),
  );
}

describe('the CI system', () => {
  it('is described only by its folder: no other file contains its variables', () => {
    const named = sources.flatMap((path) => foreignIn(path).map((name) => ({ path, name })));
    const excepted = named.filter(({ path, name }) =>
      exceptions.some((exception) => exception.name.test(name) && exception.paths.test(path)),
    );
    expect(named).toEqual(excepted);
    expect(excepted.length).toBeGreaterThan(0);
    expect(excepted.map(({ name }) => name)).toContain('RUNNER_TRACKING_ID');
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
    // The second removes a variable that Node itself reads.
    expect(readers).toEqual(['src/ci/systems.ts', 'src/http/tls-environment.ts']);
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
