import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pairs } from './pairs.ts';

/** The files that a step writes to, by the variables with their paths. */
export type FileCommands = Readonly<
  Record<
    'GITHUB_PATH' | 'GITHUB_ENV' | 'GITHUB_STEP_SUMMARY' | 'GITHUB_STATE' | 'GITHUB_OUTPUT',
    string
  >
>;

/** The receivers of the contents. Pairs before a malformed line are valid, as in the real runner. */
export interface FileCommandTarget {
  readonly path: string[];
  readonly environment: Map<string, string>;
  readonly state: Map<string, string>;
  readonly outputs: Map<string, string>;
  summary(text: string): void;
  error(message: string): void;
  fail(): void;
}

const summaryLimit = 1024 * 1024;

/** Creates five empty files with new names. */
export async function createFileCommands(temp: string): Promise<FileCommands> {
  const folder = join(temp, '_runner_file_commands');
  await mkdir(folder, { recursive: true });
  const suffix = randomUUID();
  const files = {
    GITHUB_PATH: join(folder, `add_path_${suffix}`),
    GITHUB_ENV: join(folder, `set_env_${suffix}`),
    GITHUB_STEP_SUMMARY: join(folder, `step_summary_${suffix}`),
    GITHUB_STATE: join(folder, `save_state_${suffix}`),
    GITHUB_OUTPUT: join(folder, `set_output_${suffix}`),
  };
  await Promise.all(Object.values(files).map((file) => writeFile(file, '')));
  return files;
}

/** Reads the files after the step and removes them. A malformed file fails the step. */
export async function processFileCommands(
  files: FileCommands,
  target: FileCommandTarget,
): Promise<void> {
  await attempt('path', target, async () => addPaths(await read(files.GITHUB_PATH), target.path));
  await attempt('env', target, async () => {
    setEnvironment(await read(files.GITHUB_ENV), target);
  });
  await attempt('step_summary', target, async () => {
    summarize(await read(files.GITHUB_STEP_SUMMARY), target);
  });
  await attempt('state', target, async () => {
    for (const [name, value] of pairs(await read(files.GITHUB_STATE)))
      target.state.set(name, value);
  });
  await attempt('output', target, async () => {
    for (const [name, value] of pairs(await read(files.GITHUB_OUTPUT))) {
      target.outputs.set(name, value);
    }
  });
  await Promise.all(Object.values(files).map((file) => rm(file, { force: true })));
}

async function attempt(
  name: string,
  target: FileCommandTarget,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    target.error(`Unable to process file command '${name}' successfully.`);
    target.error(error instanceof Error ? error.message : String(error));
    target.fail();
  }
}

/** Returns an empty text if the file was removed. */
async function read(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

function addPaths(text: string, path: string[]): void {
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === '') continue;
    const known = path.indexOf(line);
    if (known >= 0) path.splice(known, 1);
    path.push(line);
  }
}

function setEnvironment(text: string, target: FileCommandTarget): void {
  for (const [name, value] of pairs(text)) {
    if (name.toUpperCase() === 'NODE_OPTIONS') {
      target.error("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
    } else {
      target.environment.set(name, value);
    }
  }
}

function summarize(text: string, target: FileCommandTarget): void {
  const size = Buffer.byteLength(text);
  if (size === 0) return;
  if (size <= summaryLimit) return target.summary(text);
  const kilobytes = Math.floor(size / 1024);
  target.error(
    `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${kilobytes}k.`,
  );
}
