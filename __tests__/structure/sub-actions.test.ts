import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scrubTable } from '../../src/scrub.ts';
import { setupTable } from '../../src/setup/setup.ts';
import type { InputTable } from '../../src/inputs/table.ts';
import { text } from './tree.ts';

interface Manifest {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly default?: string }>
  >;
  readonly runs: { readonly using: string; readonly main: string };
}

const tables: Readonly<Record<string, InputTable>> = { setup: setupTable, scrub: scrubTable };

describe.each(Object.entries(tables))('%s/action.yml', (folder, table) => {
  const manifest: Manifest = parse(text(`${folder}/action.yml`));
  const inputs = Object.values(table);

  it('declares the inputs in order, without `default:`', () => {
    expect(Object.keys(manifest.inputs)).toEqual(inputs.map(({ name }) => name));
    for (const entry of Object.values(manifest.inputs)) expect(entry.default).toBeUndefined();
  });

  it('describes the defaults', () => {
    for (const { name, defaultValue } of inputs)
      if (defaultValue !== undefined)
        expect(manifest.inputs[name]?.description).toMatch(
          new RegExp(`Default: \`${defaultValue}\`\\.$`),
        );
  });

  it('runs the bundle beside the one of the action', () => {
    expect(manifest.runs).toEqual({ using: 'node24', main: `../dist/${folder}.js` });
  });
});
