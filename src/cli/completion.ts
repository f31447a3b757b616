import { systemNames } from '../ci/systems.ts';
import { type CommandName, commandNames, commands, optionsOf } from './commands.ts';

export const shells = ['bash', 'zsh'] as const;

/** Returns the completion of a shell, to be sourced. */
export function completion(shell: (typeof shells)[number]): string {
  return shell === 'bash' ? bash() : zsh();
}

function bash(): string {
  return `# Completion of machine-id for bash: source this file.
_machine_id() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words=''
  case $COMP_CWORD:$previous in
    1:*) words='${[...commandNames, 'completion', '--help', '--version'].join(' ')}' ;;
    *:--ci) words='${systemNames.join(' ')}' ;;
    *:--format) words='sh dotenv json' ;;
    2:completion) words='${shells.join(' ')}' ;;
    *) case \${COMP_WORDS[1]} in
${commandNames.map((name) => `      ${name}) words='${flagsOf(name).join(' ')}' ;;`).join('\n')}
    esac ;;
  esac
  case $previous in --exports|--extra-ca-file|--tbot-path)
    COMPREPLY=($(compgen -f -- "$current"))
    return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _machine_id machine-id
`;
}

function zsh(): string {
  return `#compdef machine-id
# Completion of machine-id for zsh: source this file after compinit.
_machine_id() {
  if (( CURRENT == 2 )); then
    compadd -- ${[...commandNames, 'completion', '--help', '--version'].join(' ')}
    return
  fi
  case \${words[CURRENT-1]} in
    --ci) compadd -- ${systemNames.join(' ')}; return ;;
    --format) compadd -- sh dotenv json; return ;;
    --exports|--extra-ca-file|--tbot-path) _files; return ;;
    completion) compadd -- ${shells.join(' ')}; return ;;
  esac
  case \${words[2]} in
${commandNames.map((name) => `    ${name}) compadd -- ${flagsOf(name).join(' ')} ;;`).join('\n')}
  esac
}
compdef _machine_id machine-id
`;
}

function flagsOf(name: CommandName): readonly string[] {
  return optionsOf(commands[name]).map((option) => `--${option.name}`);
}
