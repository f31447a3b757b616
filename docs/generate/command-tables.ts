import { translated } from '../../src/ci/shell/words.ts';
import { shell } from '../../src/ci/shell/shell.ts';
import { commandNames, commands, type Option } from '../../src/cli/commands.ts';
import { inputRow, type Manifest } from './manifest-tables.ts';
import { code, codes, type Regions, table } from './markdown.ts';

/** Descriptions of inputs that differ from those of the action. */
const ownTexts: Readonly<Record<string, string>> = {
  'join-method':
    'Join method of tbot. `auto` selects the first one whose variables are set ([join methods](#join-methods)).',
  summary:
    'When to write a job summary, if the CI system has one: `on-failure`, `always` or `never`.',
};

/** Returns the tables of the command line: inputs as options, and the other options. */
export function commandTables({ inputs }: Manifest): Regions {
  const rows = Object.entries(inputs).map(([name, entry]) => {
    const [, description = '', value = ''] = inputRow([name, entry]);
    const text = ownTexts[name] ?? translated(description, shell.words);
    return [code(`--${name}`), text, value];
  });
  const options = new Map<string, Option>(
    commandNames.flatMap((name) => commands[name].options.map((option) => [option.name, option])),
  );
  return {
    'options of join': table(['option', 'description', 'default'], rows),
    'other options': table(
      ['option', 'commands', 'description'],
      [...options.values()].map((option) => [
        code(`--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`),
        codes(
          commandNames.filter((name) =>
            commands[name].options.some((one) => one.name === option.name),
          ),
        ),
        option.description,
      ]),
    ),
  };
}
