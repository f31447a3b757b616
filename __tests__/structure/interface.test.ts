import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { inputTable, type InputTable } from '../../src/inputs/table.ts';
import { identity, joined, publishJoin, workloadApi } from '../publishing.ts';
import { fencesOf, stepsIn, valuesOf } from './fences.ts';
import { codesIn, tableBelow } from './tables.ts';
import { files, text } from './tree.ts';

interface Entry {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

interface Manifest {
  readonly inputs: Readonly<Record<string, Entry>>;
  readonly outputs: Readonly<Record<string, Entry>>;
}

let temp: string;
beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), 'interface-'));
  return async () => rm(temp, { recursive: true });
});

const manifest: Manifest = yaml.parse(text('action.yml'));
const inputs = Object.values<InputTable[string]>(inputTable);
const aliases = inputs.flatMap(({ alias }) => (alias ? [alias.name] : []));

describe('action.yml', () => {
  it('declares the inputs in order, and their aliases', () => {
    const declared = Object.keys(manifest.inputs);
    expect(declared.filter((name) => !aliases.includes(name))).toEqual(
      inputs.map(({ name }) => name),
    );
    expect(declared.filter((name) => aliases.includes(name)).toSorted()).toEqual(
      aliases.toSorted(),
    );
  });

  it('has no `default:`, because a wrapper passes an empty string for an input that is not set', () => {
    for (const entry of Object.values(manifest.inputs)) expect(entry.default).toBeUndefined();
  });

  it.each(inputs.map((input) => [input.name, input] as const))(
    'describes the default of %s',
    (name, input) => {
      const { description, required } = manifest.inputs[name] ?? { description: '' };
      expect(required ?? false).toBe(input.required);
      if (input.defaultValue !== undefined)
        expect(description).toMatch(new RegExp(`Default: \`${input.defaultValue}\`\\.$`));
    },
  );

  it('declares the outputs that are set', async () => {
    const { outputs } = await publishJoin({ RUNNER_TEMP: temp }, {});
    expect(Object.keys(manifest.outputs)).toEqual(Object.keys(outputs));
  });
});

describe('README', () => {
  it('lists exactly the variables of later steps', async () => {
    const written = { ...identity.files, kubeconfig: 'k', 'aws-credentials': 'a' };
    const { recording, variables } = await publishJoin(
      { RUNNER_TEMP: temp },
      {
        inputs: { ...joined.inputs, leafCluster: 'l' },
        tool: { ...joined.tool, tools: ['/opt/tctl'] },
        credentials: [
          { ...identity, files: written },
          { ...identity, type: 'identity/key-agent' },
          workloadApi,
        ],
      },
    );
    const { rows } = tableBelow('README.md', '## Environment variables');
    expect(rows.flatMap((row) => codesIn(row['variable']))).toEqual([
      ...Object.keys(variables),
      'PATH',
    ]);
    expect(recording.of('addPath')).toHaveLength(1);
  });
});

const examples = files(
  /^(README\.md|CONTRIBUTING\.md|docs\/.*\.md|(?:examples|workflow-templates)\/.*\.(?:yml|md))$/,
).flatMap((path) =>
  fencesOf(path).flatMap((body, index) =>
    stepsIn(valuesOf(body)).map((step) => [`${path} #${index + 1}`, step] as const),
  ),
);

describe('the examples', () => {
  it('exist', () => {
    expect(examples.length).toBeGreaterThan(4);
  });

  it.each(examples)('%s sets only inputs of this action', (_, { inputs: written }) => {
    const given = Object.entries(written);
    const literal = given.filter(([, value]) => !value.includes('${{'));
    const byProxy = literal.every(([name]) => name !== 'auth-server');
    const required = { ...(byProxy ? { proxy: 'example.teleport.sh' } : {}), token: 'example-bot' };
    const { warnings } = readInputs({ ...required, ...Object.fromEntries(literal) }, yaml);
    expect(warnings).toEqual([]);
    const known = Object.keys(manifest.inputs);
    for (const [name] of given) expect(known).toContain(name);
  });
});
