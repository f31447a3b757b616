import { parseArgs } from 'node:util';
import type { Environment } from '../ci/port.ts';
import { nearest } from '../text/nearest.ts';
import { type Command, commandNames, commands, type KnownOption, optionsOf } from './commands.ts';

/** The options of a command, by name. */
export interface Arguments {
  /** Values of inputs; those of flags are `true` or `false`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Values of the other options. */
  readonly options: Readonly<Record<string, string>>;
  /** A sentence for each option that is unknown or lacks its value. */
  readonly errors: readonly string[];
}

const prefix = 'MACHINE_ID_';

/** Variables that `--exports` writes, which are no options. */
export const outputPrefix = `${prefix}OUTPUT_`;

/** Reads the options of a command, and for those that are absent its variables. */
export function readArguments(
  command: Command,
  args: readonly string[],
  env: Environment,
): Arguments {
  const known = optionsOf(command);
  const { given, errors } = readFlags(known, args);
  const isOption = (name: string): boolean =>
    known.some((option) => option.name === name && !option.input);
  const all = Object.entries({ ...variablesFor(known, env), ...given });
  return {
    inputs: Object.fromEntries(all.filter(([name]) => !isOption(name))),
    options: Object.fromEntries(all.filter(([name]) => isOption(name))),
    errors,
  };
}

interface Flags {
  readonly given: Readonly<Record<string, string>>;
  readonly errors: readonly string[];
}

function readFlags(known: readonly KnownOption[], args: readonly string[]): Flags {
  const { tokens } = parseArgs({
    args: joined(known, args),
    // A value is part of the argument already, so parseArgs must not take the next one.
    options: Object.fromEntries(known.map(({ name }) => [name, { type: 'boolean' }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given: Record<string, string> = {};
  const errors: string[] = [];
  for (const [position, token] of tokens.entries()) {
    // Not shown, because it can be a secret, such as the value of a misspelled option.
    if (token.kind === 'positional' && !isUnknown(tokens[position - 1], known))
      errors.push('An argument belongs to no option: the names of options begin with `--`.');
    if (token.kind !== 'option') continue;
    const { name, value, rawName } = token;
    const option = known.find((one) => one.name === name);
    if (option === undefined) errors.push(unknownOption(rawName, known));
    else if (value === undefined && !option.flag)
      errors.push(`Option \`--${name}\` requires a value.`);
    else if (Object.hasOwn(given, name)) errors.push(`Option \`--${name}\` is set more than once.`);
    else given[name] = value ?? 'true';
  }
  return { given, errors };
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

function isUnknown(token: Token | undefined, known: readonly KnownOption[]): boolean {
  return token?.kind === 'option' && !known.some(({ name }) => name === token.name);
}

/**
 * Writes `--name value` as `--name=value`, because parseArgs would take the next option for a missing value,
 * and no value for a boolean.
 */
function joined(known: readonly KnownOption[], args: readonly string[]): string[] {
  const result: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const next = args[index + 1];
    const option = known.find(({ name }) => arg === `--${name}`);
    const isValue =
      option?.flag === true
        ? /^(true|false)$/i.test(next ?? '')
        : next !== undefined && !next.startsWith('--');
    if (option && isValue) {
      result.push(`${arg}=${next}`);
      index += 1;
    } else result.push(arg === '-h' ? '--help' : arg);
  }
  return result;
}

function unknownOption(raw: string, known: readonly KnownOption[]): string {
  const meant = nearest(
    raw.replace(/^-+/, ''),
    known.map(({ name }) => name),
  );
  return `Option \`${raw}\` is unknown${meant === undefined ? '.' : `: did you mean \`--${meant}\`?`}`;
}

/**
 * Returns the values of variables by the names of their options. Skips those of other commands; unknown
 * ones are kept, so that a misspelled input is reported.
 */
function variablesFor(
  known: readonly KnownOption[],
  env: Environment,
): Readonly<Record<string, string>> {
  const inputs = known.some(({ input }) => input);
  const own = new Set(known.map(({ name }) => name));
  const others = new Set(
    commandNames.flatMap((name) => optionsOf(commands[name]).map((option) => option.name)),
  );
  return Object.fromEntries(
    Object.entries(env).flatMap(([variable, value]) => {
      if (!variable.startsWith(prefix) || variable.startsWith(outputPrefix)) return [];
      if (value === undefined || value === '') return [];
      const name = variable.slice(prefix.length).toLowerCase().replaceAll('_', '-');
      return own.has(name) || (inputs && !others.has(name)) ? [[name, value]] : [];
    }),
  );
}
