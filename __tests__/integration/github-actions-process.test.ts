import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import type { CiPort } from '../../src/ci/port.ts';
import { knownCommands, parseCommand } from '../../testbed/runner/commands.ts';
import { createFileCommands, processFileCommands } from '../../testbed/runner/file-commands.ts';
import { captureStdout } from '../recording.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-'));
});
afterAll(async () => rm(folder, { recursive: true }));

type Variables = Readonly<Record<string, string>>;

/** Runs a step in this process; returns its output, its command files and the exit code. */
async function readBack(
  run: (ci: CiPort) => Promise<void> | void,
  changes: Variables = {},
): Promise<ReturnType<typeof emptyEnd> & { readonly lines: readonly string[] }> {
  const files = await createFileCommands(folder);
  const end = emptyEnd();
  const restore = enter({ ...files, ...changes });
  const stdout = captureStdout();
  try {
    await run(githubActions());
    end.exitCode = process.exitCode;
  } finally {
    stdout[Symbol.dispose]();
    restore();
  }
  await processFileCommands(files, end);
  return { ...end, lines: stdout.text.split('\n').filter((line) => line !== '') };
}

function emptyEnd() {
  const summaries: string[] = [];
  const errors: string[] = [];
  return {
    path: [] as string[],
    environment: new Map<string, string>(),
    state: new Map<string, string>(),
    outputs: new Map<string, string>(),
    summaries,
    errors,
    summary: (text: string): void => void summaries.push(text),
    error: (message: string): void => void errors.push(message),
    fail: (): void => undefined,
    exitCode: undefined as typeof process.exitCode,
  };
}

/** Sets variables and clears the exit code of this process; the answer takes it back. */
function enter(variables: Variables): () => void {
  const before = { ...process.env };
  const { exitCode } = process;
  Object.assign(process.env, variables);
  process.exitCode = undefined;
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    process.exitCode = exitCode;
  };
}

const commands = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => {
    const command = parseCommand(line, knownCommands);
    return command ? [`${command.name} ${command.properties['title'] ?? ''}: ${command.data}`] : [];
  });

const hostile = 'a\nB=c\r\n::error::d%0Ae\n##[error]f';

describe('the port to GitHub Actions, in this process', () => {
  it('reads inputs by their names in action.yml', async () => {
    const { inputs } = githubActions({
      'INPUT_JOIN-METHOD': 'azure',
      INPUT_TOKEN: '',
      INPUT_PROXY: undefined,
      NO_INPUT_X: 'x',
    });
    expect(inputs).toEqual({ 'join-method': 'azure', token: '' });
    const seen: Variables[] = [];
    await readBack((ci) => void seen.push(ci.inputs), { INPUT_PROXY: 'a:443' });
    expect(seen).toEqual([{ proxy: 'a:443' }]);
  });

  it('reads whether debug logging is on', async () => {
    const seen: boolean[] = [];
    const look = (ci: CiPort): void => void seen.push(ci.debugging);
    await readBack(look, { RUNNER_DEBUG: '1' });
    await readBack(look, { RUNNER_DEBUG: '' });
    expect(seen).toEqual([true, false]);
  });

  it('delivers outputs, variables, paths and state unchanged', async () => {
    const { outputs, environment, state, path, errors } = await readBack((ci) => {
      ci.output('one', hostile);
      ci.exportVariable('MACHINE_ID_TEST', hostile);
      ci.addPath('/opt/x');
      ci.saveState('home', hostile);
    });
    expect(errors).toEqual([]);
    expect(Object.fromEntries(outputs)).toEqual({ one: hostile });
    expect(Object.fromEntries(environment)).toEqual({ MACHINE_ID_TEST: hostile });
    expect(Object.fromEntries(state)).toEqual({ home: hostile });
    expect(path).toEqual(['/opt/x']);
  });

  it('reads the state of the main step', async () => {
    const seen: string[] = [];
    await readBack((ci) => void seen.push(ci.state('home'), ci.state('other')), {
      STATE_home: '/tmp/x',
    });
    expect(seen).toEqual(['/tmp/x', '']);
  });

  it('prints only its own commands', async () => {
    const { lines, exitCode } = await readBack((ci) => {
      ci.mask('');
      ci.mask('hunter2%0A');
      ci.info(hostile);
      ci.debug('::error::x');
      ci.group('Log', [hostile]);
      ci.notice('N', '##[error]x');
      ci.warning('W', hostile);
    });
    expect(commands(lines)).toEqual([
      'add-mask : hunter2%0A',
      'debug : : :error::x',
      'group : Log',
      'endgroup : ',
      'notice N: # #[error]x',
      'warning W: a\nB=c\n: :error::d%0Ae\n# #[error]f',
    ]);
    expect(exitCode).toBeUndefined();
  });

  it('fails the step with one annotation', async () => {
    const { lines, exitCode } = await readBack((ci) => ci.fail('F', 'what\nfix'));
    expect(commands(lines)).toEqual(['error F: what\nfix']);
    expect(exitCode).toBe(1);
  });

  it('writes a summary if the runner supports it', async () => {
    const { summaries } = await readBack(async (ci) => {
      await ci.summary('# One');
      await githubActions({}).summary('# Nowhere');
    });
    expect(summaries).toEqual(['# One\n']);
  });
});
