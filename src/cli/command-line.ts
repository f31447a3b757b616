import { resolve } from 'node:path';
import { environment, similarSystem, systemFor, systemNames } from '../ci/systems.ts';
import type { Environment } from '../ci/port.ts';
import { type TextPort, textPort } from '../ci/shell/text-port.ts';
import { sweepStates } from '../ci/shell/saved-state.ts';
import { shell } from '../ci/shell/shell.ts';
import { main } from '../main.ts';
import { Problem } from '../problem.ts';
import { report } from '../report.ts';
import { setup } from '../setup/setup.ts';
import { createWorkdir, deliver, workdirState } from '../workdir/workdir.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { type CommandName, commands, formats, isCommand } from './commands.ts';
import { checkExports, type Format, renderExports, writeExports } from './exports.ts';
import { commandHelp } from './help.ts';
import { other } from './other.ts';
import { exitCodeOf, exitCodes, failureJson } from './failure.ts';
import { exportsState, scrub, undo } from './scrub.ts';
import { listenForSignals, type Signals } from './signals.ts';
import { nearest } from '../text/nearest.ts';

/** The standard output and error of the process. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Runs the command line and returns the exit code. */
export async function run(
  args: readonly string[],
  streams: Streams,
  env: Environment = environment(),
): Promise<number> {
  const [name = '', ...rest] = args;
  if (!isCommand(name)) return other(name, rest, streams);
  const read = readArguments(commands[name], rest, env);
  if (read.options['help'] === 'true') {
    streams.out(commandHelp(name));
    return exitCodes.done;
  }
  using signals = listenForSignals();
  const port = portFor(name, read, env, streams);
  await execute({ name, read, port, signals }).catch(async (error: unknown) =>
    report(error, port, false),
  );
  const { failed } = port;
  if (failed === undefined) return exitCodes.done;
  if (isOn(read, 'json')) streams.out(`${failureJson(port)}\n`);
  return exitCodeOf(failed.failure, signals.received);
}

function isOn({ options }: Arguments, name: string): boolean {
  return options[name] === 'true' || options[name] === '1';
}

function portFor(name: CommandName, read: Arguments, env: Environment, { err }: Streams): TextPort {
  const { options, inputs } = read;
  // A wrong name is reported through the port of the shell.
  const system = systemFor(env, options['ci']) ?? shell;
  return textPort(system, {
    inputs: name === 'dry-run' ? { ...inputs, 'dry-run': 'true' } : inputs,
    env,
    debugging: isOn(read, 'debug'),
    jobName: options['job'] ?? '',
    write: (line) => err(`${line}\n`),
  });
}

interface Execution {
  readonly name: CommandName;
  readonly read: Arguments;
  readonly port: TextPort;
  readonly signals: Signals;
}

/** Runs a command. A failure is reported to the port, or thrown. */
async function execute({ name, read, port, signals }: Execution): Promise<void> {
  checkUsage(name, read);
  const { exports: path } = read.options;
  const format = formats.find((one) => one === read.options['format']) ?? 'sh';
  if (path !== undefined) await checkExports(path);
  sweepStates(port.directories.temp);
  if (name === 'scrub') {
    const done = await scrub(port, path !== undefined || port.system.pass !== undefined);
    if (path !== undefined)
      await writeExports(path, renderExports(port.passed(), format, port.env));
    pass(port);
    if (!done && isOn(read, 'strict')) throw incomplete();
    return;
  }
  const earlier = port.saved.values(workdirState);
  try {
    await (name === 'setup' ? setupIn(port) : main(port));
    // A signal after the join is not reported by it.
    if (port.failed === undefined && signals.received) throw cancelled();
    if (port.failed === undefined && name !== 'dry-run') await passOn(port, path, format);
  } catch (error) {
    await report(error, port, false);
  }
  if (port.failed !== undefined) await undo(port, earlier);
}

/** Installs the programs in a private directory, which `scrub` removes. */
async function setupIn(port: TextPort): Promise<void> {
  const { path } = await createWorkdir(port);
  await setup({ ...port, directories: { ...port.directories, temp: path } });
}

async function passOn(port: TextPort, path: string | undefined, format: Format): Promise<void> {
  if (path !== undefined) {
    port.saveState(exportsState, resolve(path));
    await writeExports(path, renderExports(port.passed(), format, port.env));
  } else if (!port.system.pass)
    port.notice(
      'machine-id-action',
      'Without `--exports FILE`, no variables and outputs are passed on to later commands.',
    );
  pass(port);
}

/** Passes everything on to later steps in the way of the system, if it has one. */
function pass({ system, passed, env, write }: TextPort): void {
  deliver(() => system.pass?.(passed(), { env, write }));
}

/** Throws a Problem `inputs` with all errors of the options. */
function checkUsage(name: CommandName, { errors, options }: Arguments): void {
  const { ci, format } = options;
  const all = [
    ...errors,
    ...(ci === undefined || systemNames.includes(ci)
      ? []
      : [notAmong('ci', ci, systemNames, similarSystem(ci))]),
    ...(format === undefined || formats.some((one) => one === format)
      ? []
      : [notAmong('format', format, formats, nearest(format, formats))]),
  ];
  const [first = '', ...others] = all;
  if (all.length === 0) return;
  const fix = `Run \`machine-id ${name} --help\` to see all options.`;
  throw new Problem(
    others.length === 0
      ? { code: 'inputs', what: first, fix }
      : { code: 'inputs', what: `${all.length} options are invalid:`, errors: all, fix },
  );
}

function notAmong(
  option: string,
  value: string,
  values: readonly string[],
  meant: string | undefined,
): string {
  const list = values.map((one) => `\`${one}\``).join(', ');
  const hint = meant === undefined ? '' : ` Did you mean \`${meant}\`?`;
  return `Option \`--${option}\` is \`${value}\`, but must be one of ${list}.${hint}`;
}

function incomplete(): Problem {
  return new Problem({
    code: 'leftover',
    what: 'The cleanup is incomplete, as the warnings above describe.',
    fix: 'Remove the cause, and run `machine-id scrub` again.',
  });
}

function cancelled(): Problem {
  return new Problem({
    code: 'cancelled',
    what: 'The job was cancelled during this command.',
    fix: 'No action is needed: this command removes what it has created.',
  });
}
