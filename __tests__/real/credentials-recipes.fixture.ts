import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { defaultBots, defaultResources, defaultTokens } from '../../testbed/defaults.ts';
import type { StandInRunner, StepResult } from '../../testbed/runner/runner.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { openFixture, type Fixture } from '../action/action.fixture.ts';
import type { Step } from './recipes.ts';

/** A page in docs that has recipes. */
export type Page = 'credentials.md' | 'problems.md';

function textOf(page: Page): string {
  return readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
}

/** A testbed with the names that the recipes use. */
export interface RecipeFixture extends AsyncDisposable {
  readonly testbed: Testbed;
  runner(): Promise<StandInRunner>;
  /** Runs the first step of a recipe, which must succeed. */
  begin(runner: StandInRunner, steps: readonly Step[]): Promise<Played>;
}

/** Starts the testbed. The bot may log in to its node as `user`. */
export async function openRecipeFixture(user: string, tokens = {}): Promise<RecipeFixture> {
  const fixture = await openFixture({
    clusterName: 'example.teleport.sh',
    bots: { ...defaultBots, ci: { roles: ['access'], logins: [user] } },
    tokens: { ...defaultTokens, ...tokens },
    resources: {
      ...defaultResources,
      apps: { grafana: {} },
      databases: { orders: { protocol: 'postgres' } },
      nodes: ['web-1'],
    },
  });
  const { directory, caFile, proxy, github } = fixture.testbed;
  const lines = [`connect-to = "grafana.example.teleport.sh:443:${proxy.address}"`, 'silent'];
  writeFileSync(join(directory, '.curlrc'), [...lines, `cacert = "${caFile}"`, ''].join('\n'));
  const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
  const trust = { SSL_CERT_FILE: caFile, CURL_HOME: directory };
  const environment = { ...github.environment, ...trust, PATH };
  return {
    testbed: fixture.testbed,
    runner: async () => fixture.runner({ environment }),
    begin: async (runner, steps) => begin(fixture, runner, steps),
    [Symbol.asyncDispose]: async () => fixture[Symbol.asyncDispose](),
  };
}

/** Returns the headings in docs/credentials.md that have a recipe in oneshot mode. */
export function recipeNames(): readonly string[] {
  return [...textOf('credentials.md').matchAll(/^### (.+)$/gm)]
    .map(([, heading = '']) => heading)
    .filter((heading) => !heading.startsWith('`') && isOneshot(recipe(heading)));
}

function isOneshot([first]: readonly Step[]): boolean {
  return first !== undefined && first.with?.['mode'] !== 'background';
}

/** Returns the steps of a recipe below a heading, by default of the first. */
export function recipe(heading: string, page: Page = 'credentials.md', index = 0): readonly Step[] {
  const [, after = ''] = textOf(page).split(`\n### ${heading}\n`);
  const fences = [
    ...after
      .split(/\n##+ /, 1)
      .join()
      .matchAll(/```yaml\n([\s\S]*?)```/g),
  ];
  const body = fences[index]?.[1] ?? '';
  const { steps }: { steps?: readonly Step[] } = Object(parse(body));
  return steps ?? [];
}

/** A recipe on a runner, after its first step. */
export interface Played {
  readonly runner: StandInRunner;
  readonly outputs: StepResult['outputs'];
  /** Runs the script of the step with this index, with its `env:`. */
  run(index: number, change?: (script: string) => string): Promise<StepResult>;
}

async function begin(
  fixture: Fixture,
  runner: StandInRunner,
  steps: readonly Step[],
): Promise<Played> {
  const { outputs, outcome, log } = await fixture.uses(runner, {
    // The testbed has no tsh to download.
    inputs: { ...steps[0]?.with, ...fixture.inputs, tools: '' },
  });
  expect([outcome, outcome === 'success' ? '' : log]).toEqual(['success', '']);
  return {
    runner,
    outputs,
    run: async (index, change = (script) => script) => {
      const { run = '', env = {} } = steps[index] ?? {};
      const texts = Object.entries(env).map(([name, text]) => [name, evaluate(text, outputs)]);
      return runner.run(change(run), { env: Object.fromEntries(texts) });
    },
  };
}

/** Replaces expressions for outputs, or for paths in the output `credentials`. */
function evaluate(text: string, outputs: StepResult['outputs']): string {
  return text
    .replaceAll(/\$\{\{ fromJSON\(steps\.[\w-]+\.outputs\.credentials\)\.(\S+) \}\}/g, (_, path) =>
      String(within(JSON.parse(outputs['credentials'] ?? '{}'), String(path).split('.'))),
    )
    .replaceAll(/\$\{\{ steps\.[\w-]+\.outputs\.([\w-]+) \}\}/g, (_, name) => outputs[name] ?? '');
}

function within(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => new Map(Object.entries(Object(found))).get(name),
    value,
  );
}
