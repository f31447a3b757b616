import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { setupTable } from '../../src/setup/setup.ts';
import type { Input } from '../../src/inputs/table.ts';
import { text } from './tree.ts';

interface Manifest {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly default?: string }>
  >;
  readonly runs: { readonly using: string; readonly main: string };
}

const manifest: Manifest = parse(text('setup/action.yml'));
const inputs = Object.values<Input<unknown>>(setupTable);

describe('setup/action.yml', () => {
  it('declares the inputs in order, without `default:`', () => {
    expect(Object.keys(manifest.inputs)).toEqual(inputs.map(({ name }) => name));
    for (const entry of Object.values(manifest.inputs)) expect(entry.default).toBeUndefined();
  });

  it.each(
    inputs
      .filter(({ defaultValue }) => defaultValue !== undefined)
      .map((one) => [one.name, one] as const),
  )('describes the default of %s', (name, { defaultValue }) => {
    expect(manifest.inputs[name]?.description).toMatch(
      new RegExp(`Default: \`${defaultValue}\`\\.$`),
    );
  });

  it('runs the bundle beside the one of the action', () => {
    expect(manifest.runs).toEqual({ using: 'node24', main: '../dist/setup.js' });
  });
});
