import { type Command, knownCommands, parseCommand } from './commands.ts';
import type { Masker } from './masker.ts';

/** An annotation on the run's page. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title?: string;
  readonly message: string;
  readonly file?: string;
}

/** The effects of a step's commands, besides the log. */
export interface StepEffects {
  readonly outputs: Map<string, string>;
  readonly state: Map<string, string>;
}

// Limits of annotations per level and of characters per annotation: `ExecutionContext.cs`.
const perLevel = 10;
const longest = 4096;

/** Converts the output of a step to its log. */
export class StepLog {
  readonly lines: string[] = [];
  readonly annotations: Annotation[] = [];
  /** Whether a command had an error, which fails the step whatever its exit code. */
  failed = false;
  readonly #masker: Masker;
  readonly #effects: StepEffects;
  readonly #debug: boolean;
  readonly #known = new Set(knownCommands);
  #stopped: string | undefined;
  #echo = false;

  /** `debug` prints `::debug::` lines, as step debug logging does. */
  constructor(masker: Masker, effects: StepEffects, options: { readonly debug: boolean }) {
    this.#masker = masker;
    this.#effects = effects;
    this.#debug = options.debug;
  }

  /** Adds a line of stdout or stderr, which can both contain commands. */
  receive(line: string): void {
    const command = parseCommand(line, this.#known);
    if (command === undefined) return this.write(line);
    if (this.#stopped === undefined) return this.#obey(line, command);
    this.write(line);
    if (command.name !== this.#stopped) return;
    this.#known.delete(this.#stopped);
    this.#stopped = undefined;
  }

  /** Adds a line of the runner. */
  write(line: string): void {
    this.lines.push(...this.#masker.mask(line).split('\n'));
  }

  /** Adds an error of the runner. */
  error(message: string): void {
    this.#annotate({ level: 'error', message });
  }

  fail(): void {
    this.failed = true;
  }

  #annotate(annotation: Annotation): void {
    this.write(`##[${annotation.level}]${annotation.message}`);
    const same = this.annotations.filter((one) => one.level === annotation.level);
    if (same.length >= perLevel) return;
    const message = this.#masker.mask(annotation.message).slice(0, longest);
    this.annotations.push({ ...annotation, message });
  }

  #obey(line: string, command: Command): void {
    if (this.#echo && !quiet.has(command.name)) this.write(line);
    switch (command.name) {
      case 'error':
      case 'warning':
      case 'notice':
        return this.#annotate(annotationOf(command.name, command));
      case 'debug':
        return this.#debug ? this.write(`##[debug]${command.data}`) : undefined;
      case 'group':
        return this.write(`##[group]${command.data}`);
      case 'endgroup':
        return this.write('##[endgroup]');
      case 'add-mask':
        return this.#addMask(command.data);
      case 'set-output':
        return this.#keep(command, this.#effects.outputs);
      case 'save-state':
        return this.#keep(command, this.#effects.state);
      case 'set-env':
      case 'add-path':
        return this.#refuse(line, `The \`${command.name}\` command is disabled.`);
      case 'echo':
        this.#echo = command.data.trim().toLowerCase() === 'on';
        return undefined;
      case 'stop-commands':
        return this.#stop(line, command.data);
      default:
        // Problem matchers do not affect tests of an action.
        return undefined;
    }
  }

  #addMask(value: string): void {
    if (value.trim() !== '') return this.#masker.add(value);
    const message = "Can't add secret mask for empty string in ##[add-mask] command.";
    this.#annotate({ level: 'warning', message });
  }

  /** Handles the old commands with a name and a value. */
  #keep(command: Command, target: Map<string, string>): void {
    const { name } = command.properties;
    if (name !== undefined) return void target.set(name, command.data);
    this.#refuse(command.name, `Required field 'name' is missing in ##[${command.name}] command.`);
  }

  #stop(line: string, token: string): void {
    this.write(line);
    if (token === '' || token === 'pause-logging' || knownCommands.has(token.toLowerCase())) {
      return this.#refuse(line, `The token '${token}' is not allowed.`);
    }
    this.#stopped = token.toLowerCase();
    this.#known.add(this.#stopped);
  }

  #refuse(line: string, why: string): void {
    this.error(`Unable to process command '${line}' successfully.`);
    this.error(why);
    this.failed = true;
  }
}

const quiet: ReadonlySet<string> = new Set(['add-mask', 'debug', 'error', 'notice', 'warning']);

function annotationOf(level: Annotation['level'], command: Command): Annotation {
  const { title, file } = command.properties;
  return {
    level,
    message: command.data,
    ...(title === undefined ? {} : { title }),
    ...(file === undefined ? {} : { file }),
  };
}
