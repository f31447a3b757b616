import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inputTable } from '../../src/inputs/table.ts';
import { parseBoolean } from '../../src/inputs/parsers.ts';
import { text } from './tree.ts';

const inputs = Object.values(inputTable);
const names = inputs.map(({ name }) => name);
const aliases = inputs.flatMap((input) => ('alias' in input ? [input.alias.name] : []));
const flags = inputs
  .filter((input) => 'parse' in input && input.parse === parseBoolean)
  .map(({ name }) => name);

interface Parameter {
  readonly type: string;
  readonly description: string;
  readonly default?: unknown;
}

interface Run {
  readonly command: string;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Command {
  readonly description: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly steps: readonly { readonly run: Run }[];
}

function variable(input: string): string {
  return input.toUpperCase().replaceAll('-', '_');
}

describe("CircleCI's orb", () => {
  const orb = parse(text('circleci/src/@orb.yml'));
  const commands: Readonly<Record<string, Command>> = orb.commands;
  const { join: joining, scrub } = commands;

  // https://circleci.com/docs/reference/reusing-config/ and .../configuration-reference/#run
  it('contains only documented keys', () => {
    expect(Object.keys(orb)).toEqual(['version', 'description', 'display', 'commands', 'examples']);
    expect(orb.version).toBe(2.1);
    expect(Object.keys(orb.display).toSorted()).toEqual(['home_url', 'source_url']);
    for (const [name, command] of Object.entries(commands)) {
      expect(name).toMatch(/^[a-z][a-z0-9_-]*$/);
      expect(['description', 'parameters', 'steps']).toEqual(
        expect.arrayContaining(Object.keys(command)),
      );
      for (const [key, parameter] of Object.entries(command.parameters ?? {})) {
        expect(key).toMatch(/^[a-z][a-z0-9_-]*$/);
        expect(Object.keys(parameter).slice(0, 2)).toEqual(['description', 'type']);
        expect(typeof (parameter.default ?? '')).toBe(parameter.type);
      }
      for (const step of command.steps) {
        expect(Object.keys(step)).toEqual(['run']);
        expect(['name', 'shell', 'environment', 'when', 'command']).toEqual(
          expect.arrayContaining(Object.keys(step.run)),
        );
      }
    }
    for (const example of Object.values<object>(orb.examples))
      expect(Object.keys(example)).toEqual(['description', 'usage']);
  });

  it('has a parameter for each input, and passes it on', () => {
    const { parameters = {}, steps } = joining ?? { steps: [] };
    expect(Object.keys(parameters)).toEqual([...names, 'program', 'repository', 'ref']);
    const booleans = Object.entries(parameters).filter(([, { type }]) => type === 'boolean');
    expect(booleans.map(([name]) => name)).toEqual(flags);
    const required = Object.entries(parameters).filter(
      ([, { default: value }]) => value === undefined,
    );
    expect(required.map(([name]) => name)).toEqual(['token']);
    const { environment, command = '' } = steps[0]?.run ?? {};
    expect(environment).toEqual({
      ...Object.fromEntries(
        names.map((name) => [`ORB_INPUT_${variable(name)}`, `<< parameters.${name} >>`]),
      ),
      ORB_PROGRAM: '<< parameters.program >>',
      ORB_REPOSITORY: '<< parameters.repository >>',
      ORB_REF: '<< parameters.ref >>',
    });
    // The default of a boolean is not passed on, because some combinations of inputs are invalid.
    for (const name of flags)
      expect(command).toContain(`${variable(name)}=${String(parameters[name]?.default)}`);
  });

  it('contains no parameter in a script, and always cleans up', () => {
    for (const { steps } of Object.values(commands))
      for (const { run } of steps) expect(run.command).not.toContain('<<');
    expect(scrub?.steps).toMatchObject([{ run: { when: 'always' } }]);
  });

  it('has an example with its own commands', () => {
    const { orbs, jobs } = orb.examples.ssh.usage;
    const steps: readonly unknown[] = jobs.deploy.steps;
    expect(Object.keys(orbs)).toEqual(['machine-id']);
    expect(steps.at(-1)).toBe('machine-id/scrub');
    const [first] = steps;
    expect(first).toHaveProperty(['machine-id/join', 'token']);
  });
});

describe("Buildkite's plugin", () => {
  // https://buildkite.com/docs/pipelines/integrations/plugins/writing
  const { configuration, ...plugin } = parse(text('buildkite/plugin.yml'));

  it('contains the documented keys', () => {
    expect(Object.keys(plugin)).toEqual(['name', 'description', 'author', 'requirements']);
    expect(Object.keys(configuration)).toEqual(['properties', 'required', 'additionalProperties']);
    expect(configuration.additionalProperties).toBe(false);
  });

  it('accepts each input, and `program`', () => {
    expect(Object.keys(configuration.properties).toSorted()).toEqual(
      [...names, ...aliases, 'program'].toSorted(),
    );
    const booleans = Object.entries<{ type: unknown }>(configuration.properties).filter(
      ([, { type }]) => JSON.stringify(type).includes('boolean'),
    );
    expect(booleans.map(([name]) => name).toSorted()).toEqual(
      [...flags, 'fips', 'disable-env-vars'].toSorted(),
    );
  });
});
