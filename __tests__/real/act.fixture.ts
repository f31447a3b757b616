import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { environment, programPath } from '../requirements.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** A run of a workflow in a repository of its own. */
export interface ActRun {
  /** The event that starts the workflow. */
  readonly event: string;
  /** The workflow to start, as a path in the repository. */
  readonly workflow: string;
  /** Files of the repository by their path. */
  readonly files: Readonly<Record<string, string>>;
  /** Variables of the job. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Runs a workflow under act, with this checkout as the action. Returns the log, also of a failed job. */
export async function runUnderAct(run: ActRun): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'act-'));
  try {
    const repository = join(folder, 'repository');
    for (const [path, text] of Object.entries(run.files)) {
      mkdirSync(dirname(join(repository, path)), { recursive: true });
      writeFileSync(join(repository, path), text);
    }
    const { stdout } = await execute(programPath('act'), argumentsOf(run, copyAction(folder)), {
      cwd: repository,
      env: surroundings(folder),
      maxBuffer: 1 << 26,
      // act then ends the steps of the job.
      timeout: 50_000,
      killSignal: 'SIGINT',
    }).catch((error: { stdout?: string; stderr?: string }) => ({
      stdout: `${error.stdout}\n${error.stderr}`,
    }));
    return stdout.replaceAll(/^.*(?:unable to get git|not located inside a git).*\n/gm, '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies the action, because act copies the whole folder of an action for each step. */
function copyAction(folder: string): string {
  const action = join(folder, 'action');
  for (const name of ['action.yml', 'dist', 'scrub', 'setup'])
    cpSync(join(root, name), join(action, name), { recursive: true });
  return action;
}

function argumentsOf({ event, workflow, variables }: ActRun, action: string): readonly string[] {
  const actions = {
    'org/machine-id-action@v1': action,
    'org/nothing-left@v1': join(root, '.github/actions/nothing-left'),
  };
  return [
    event,
    `--workflows=${workflow}`,
    '--platform=ubuntu-latest=-self-hosted',
    '--platform=self-hosted=-self-hosted',
    '--no-cache-server',
    '--artifact-server-addr=127.0.0.1',
    '--cache-server-addr=127.0.0.1',
    ...Object.entries(actions).map(([name, path]) => `--local-repository=${name}=${path}`),
    ...Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`),
  ];
}

/** The environment of act, with Node of this process and empty home and cache directories. */
function surroundings(folder: string): Readonly<Record<string, string>> {
  const PATH = `${dirname(process.execPath)}:${environment.PATH}`;
  return { ...environment, PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
}
