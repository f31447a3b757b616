import manifest from '../../package.json' with { type: 'json' };
import { nearest } from '../text/nearest.ts';
import { commandNames } from './commands.ts';
import { completion, shells } from './completion.ts';
import { exitCodes } from './failure.ts';
import { programHelp } from './help.ts';

interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Runs what is not a command with options: help, version, completion. Returns the exit code. */
export function other(name: string, rest: readonly string[], { out, err }: Streams): number {
  if (name === '--help' || name === '-h' || name === 'help') {
    out(programHelp());
    return exitCodes.done;
  }
  if (name === '--version') {
    out(`${manifest.version}\n`);
    return exitCodes.done;
  }
  const shell = shells.find((one) => one === rest[0]);
  if (name === 'completion' && shell !== undefined && rest.length === 1) {
    out(completion(shell));
    return exitCodes.done;
  }
  err(`${usageError(name)}\nRun machine-id --help.\n`);
  return exitCodes.usage;
}

function usageError(name: string): string {
  if (name === 'completion') return 'machine-id completion requires `bash` or `zsh`.';
  if (name === '') return 'machine-id requires a command.';
  const meant = nearest(name, [...commandNames, 'completion']);
  return `\`${name}\` is not a command of machine-id.${meant === undefined ? '' : ` Did you mean \`${meant}\`?`}`;
}
