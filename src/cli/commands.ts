import { parseBoolean } from '../inputs/parsers.ts';
import { inputTable, type InputTable } from '../inputs/table.ts';
import { setupTable } from '../setup/setup.ts';

export type CommandName = 'join' | 'setup' | 'scrub' | 'dry-run';

export interface Command {
  /** What the command does, in one line. */
  readonly summary: string;
  /** The inputs that are options of the command. */
  readonly inputs: InputTable;
  /** The other options. */
  readonly options: readonly Option[];
}

/** An option that is not an input of the action. */
export interface Option {
  readonly name: string;
  /** The value in the help; undefined if the option has none. */
  readonly value?: string;
  /** The values to choose from. */
  readonly values?: readonly string[];
  readonly description: string;
}

export const formats = ['sh', 'dotenv', 'json'] as const;

const common: readonly Option[] = [
  {
    name: 'ci',
    value: 'NAME',
    description: 'CI system, such as `shell`. Default: detected from the environment.',
  },
  {
    name: 'job',
    value: 'NAME',
    description:
      'Name of the job, if its commands run in different scripts. Default: the job of the CI system, or the script that runs the command.',
  },
  { name: 'json', description: 'Print a failure as one JSON object on standard output.' },
  { name: 'debug', description: 'Show debug messages.' },
  { name: 'help', description: 'Show the options of the command.' },
];

const exported: readonly Option[] = [
  {
    name: 'exports',
    value: 'FILE',
    description: 'File for the variables and outputs, created with mode 0600.',
  },
  {
    name: 'format',
    value: 'FORMAT',
    values: formats,
    description: 'Format of that file: `sh`, `dotenv` or `json`. Default: `sh`.',
  },
];

const { dryRun: _, ...dryRunInputs } = inputTable;

export const commands: Readonly<Record<CommandName, Command>> = {
  join: {
    summary: 'Join the cluster and issue credentials.',
    inputs: inputTable,
    options: [...exported, ...common],
  },
  setup: {
    summary: 'Install tbot, tsh and tctl without a join.',
    inputs: setupTable,
    options: [...exported, ...common],
  },
  scrub: {
    summary: 'Remove the credentials of this job.',
    inputs: {},
    options: [
      { name: 'strict', description: 'Exit with code 1 if something could not be removed.' },
      ...exported,
      ...common,
    ],
  },
  'dry-run': {
    summary: 'Show what `join` would do, without a join.',
    inputs: dryRunInputs,
    options: common,
  },
};

export const commandNames: readonly CommandName[] = ['join', 'setup', 'scrub', 'dry-run'];

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** An option of a command: an input, another name of one, or an option that is not an input. */
export interface KnownOption {
  readonly name: string;
  /** Whether the option needs no value, because it is a boolean. */
  readonly flag: boolean;
  readonly input: boolean;
}

/** Returns all options of a command, inputs first. */
export function optionsOf({ inputs, options }: Command): readonly KnownOption[] {
  return [
    ...Object.values(inputs).flatMap((input) => {
      const flag = 'parse' in input && input.parse === parseBoolean;
      const names = [input.name, ...(input.alias ? [input.alias.name] : [])];
      return names.map((name) => ({ name, flag, input: true }));
    }),
    ...options.map(({ name, value }) => ({ name, flag: value === undefined, input: false })),
  ];
}
