import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { azureExtension, azureTask } from './azure-task.ts';
import { commandTables } from './command-tables.ts';
import { manifestTables, workflowTables } from './manifest-tables.ts';
import { type Regions, withRegions } from './markdown.ts';
import { methodTables } from './method-tables.ts';
import { buildkitePlugin, circleciOrb } from './other-systems.ts';
import { serviceTables } from './service-tables.ts';
import { supportTables } from './support-tables.ts';

const root = join(import.meta.dirname, '../..');

const action = read('action.yml');
const manifest = manifestTables(action);
const setup = manifestTables(read('setup/action.yml'));
const scrub = manifestTables(read('scrub/action.yml'));
const { version }: { readonly version: string } = JSON.parse(read('package.json'));

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The regions of the reusable workflows. */
function workflowRegions(): Regions {
  const names = [
    'run-over-ssh',
    'kubernetes-deploy',
    'database-migration',
    'connectivity-check',
  ] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const path = join(root, `.github/workflows/${name}.yml`);
      const { inputs, outputs } = workflowTables(readFileSync(path, 'utf8'));
      return [
        [`inputs of ${name}`, inputs],
        [`outputs of ${name}`, outputs],
      ];
    }),
  );
}

/** The regions of each document that has any. */
const regions: Readonly<Record<string, Regions>> = {
  'README.md': {
    inputs: manifest.inputs,
    outputs: manifest.outputs,
    'inputs of setup': setup.inputs,
    'outputs of setup': setup.outputs,
    'inputs of scrub': scrub.inputs,
  },
  'docs/command-line.md': commandTables(parse(action)),
  'docs/credentials.md': serviceTables(),
  'docs/joining.md': methodTables(),
  'docs/reusable-workflows.md': workflowRegions(),
  'docs/support.md': supportTables(),
};

/** Other generated files, by path: a function of their text. */
const files: Readonly<Record<string, (text: string) => Promise<string>>> = {
  'azure-pipelines/machine-id/task.json': async (text) => azureTask(text, action, version),
  'azure-pipelines/vss-extension.json': async (text) => azureExtension(text, version),
  'buildkite/plugin.yml': async (text) => buildkitePlugin(text),
  'circleci/src/@orb.yml': async (text) => circleciOrb(text, action),
};

/** Returns the documents with generated regions, by path, as they are and as they should be. */
export async function documents(): Promise<
  readonly { readonly path: string; readonly text: string; readonly generated: string }[]
> {
  const generators = Object.entries(regions).map(
    ([path, content]) =>
      [path, async (text: string): Promise<string> => withRegions(text, content)] as const,
  );
  return Promise.all(
    [...generators, ...Object.entries(files)].map(async ([path, generate]) => {
      const text = read(path);
      return { path, text, generated: await generate(text) };
    }),
  );
}

if (import.meta.main)
  for (const { path, generated } of await documents()) writeFileSync(join(root, path), generated);
