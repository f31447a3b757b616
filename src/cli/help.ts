import type { InputTable } from '../inputs/table.ts';
import { type CommandName, commandNames, commands, optionsOf } from './commands.ts';

/** Returns the help of the program. */
export function programHelp(): string {
  return lines([
    'Usage: machine-id COMMAND [OPTION]...',
    '',
    'Short-lived Teleport credentials for a job.',
    '',
    'Commands:',
    ...columns([
      ...commandNames.map((name) => [name, commands[name].summary] as const),
      ['completion SHELL', 'Print the completion for `bash` or `zsh`.'] as const,
    ]),
    '',
    'machine-id COMMAND --help shows the options of a command; machine-id --version shows the version.',
  ]);
}

/** Returns the help of a command. */
export function commandHelp(name: CommandName): string {
  const command = commands[name];
  const flags = new Set(optionsOf(command).flatMap((option) => (option.flag ? [option.name] : [])));
  const inputs = Object.values(command.inputs).map(
    (input) => [optionName(input.name, flags), describe(input)] as const,
  );
  return lines([
    `Usage: machine-id ${name} [OPTION]...`,
    '',
    command.summary,
    '',
    ...(inputs.length === 0
      ? []
      : ['Inputs, with the names and values of action.yml:', ...columns(inputs), '']),
    'Options:',
    ...columns(
      command.options.map((option) => [
        `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`,
        option.description,
      ]),
    ),
    '',
    'Each option can be set as a variable: MACHINE_ID_ and its name in capitals, with _ for -.',
  ]);
}

function optionName(name: string, flags: ReadonlySet<string>): string {
  return flags.has(name) ? `--${name}` : `--${name} VALUE`;
}

function describe({ required, expected, defaultValue, alias }: InputTable[string]): string {
  const parts = [
    required ? `Required: ${expected}.` : '',
    defaultValue === undefined ? '' : `Default: ${defaultValue}.`,
    alias === undefined ? '' : `Also --${alias.name}.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`.trimEnd());
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
