import { parse } from 'yaml';
import { parseBoolean } from '../../src/inputs/parsers.ts';
import { inputTable } from '../../src/inputs/table.ts';
import type { Manifest } from './manifest-tables.ts';

/** Inputs that a pipeline can also set to a YAML value of another type than a string. */
const types: Readonly<Record<string, string>> = { version: 'number', fips: 'boolean' };

/** Descriptions that differ from those of action.yml. */
const descriptions: Readonly<Record<string, string>> = {
  'join-method':
    'Join method of tbot. `auto` selects `azure` if `azure-client-id` is set, and `circleci` otherwise. Default: `auto`.',
};

const inputs = Object.values(inputTable).map((input) => ({
  name: input.name,
  required: input.required,
  // The default of a boolean; undefined for other inputs.
  flag: 'parse' in input && input.parse === parseBoolean ? input.defaultValue : undefined,
}));

/** Returns `buildkite/plugin.yml`, the text, with the inputs of the action. */
export function buildkitePlugin(text: string): string {
  const aliases = Object.values(inputTable).flatMap((input) =>
    'alias' in input ? [{ name: input.alias.name, of: input.name }] : [],
  );
  const names = [...inputs.map(({ name }) => ({ name, of: name })), ...aliases];
  const properties = names.map(({ name, of }) => {
    const flag = inputs.find((input) => input.name === of)?.flag;
    const other = types[name] ?? (flag === undefined ? undefined : 'boolean');
    return `${name}: { type: ${other === undefined ? 'string' : `[${other}, string]`} }`;
  });
  return withRegion(text, 'inputs', properties);
}

/** Returns `circleci/src/@orb.yml`, the text, with the inputs of the action, the text of `action.yml`. */
export function circleciOrb(text: string, action: string): string {
  const manifest: Manifest = parse(action);
  const parameters = inputs.flatMap(({ name, required, flag }) => [
    `${name}:`,
    '  description: >-',
    ...wrapped(descriptions[name] ?? manifest.inputs[name]?.description ?? '', 90, '    '),
    `  type: ${flag === undefined ? 'string' : 'boolean'}`,
    ...(required ? [] : [`  default: ${flag ?? "''"}`]),
  ]);
  const environment = inputs.map(
    ({ name }) => `ORB_INPUT_${variable(name)}: << parameters.${name} >>`,
  );
  const defaults = inputs.flatMap(({ name, flag }) =>
    flag === undefined ? [] : [`${variable(name)}=${flag}`],
  );
  const regions = {
    parameters,
    environment,
    defaults: [`defaults=' ${defaults.join(' ')} '`],
  };
  return Object.entries(regions).reduce(
    (rest, [name, lines]) => withRegion(rest, name, lines),
    text,
  );
}

function variable(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

function wrapped(text: string, width: number, indentation: string): readonly string[] {
  const lines = text.trim().match(new RegExp(`\\S.{0,${width - 1}}(?=\\s|$)`, 'g')) ?? [];
  return lines.map((line) => `${indentation}${line}`);
}

/** Replaces the lines between the comments of a region, with their indentation. */
function withRegion(text: string, name: string, lines: readonly string[]): string {
  const region = new RegExp(
    `^( *)(# generated: ${name}\\n)[^]*?^ *(# end of generated: ${name})$`,
    'm',
  );
  return text.replace(region, (_, indentation: string, start: string, end: string) =>
    [
      `${indentation}${start.trim()}`,
      ...lines.map((line) => `${indentation}${line}`),
      `${indentation}${end}`,
    ].join('\n'),
  );
}
