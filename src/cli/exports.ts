import { randomBytes } from 'node:crypto';
import { link, lstat, readFile, rename, unlink } from 'node:fs/promises';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import type { Environment } from '../ci/port.ts';
import type { Passed } from '../ci/shell/text-system.ts';
import { exists } from '../files/files.ts';
import { Problem } from '../problem.ts';
import { codeOf } from '../text/error-code.ts';
import { writePrivately } from '../workdir/marker.ts';
import { unwritable } from '../workdir/workdir.ts';
import { outputPrefix } from './arguments.ts';
import type { formats } from './commands.ts';

export type Format = (typeof formats)[number];

/** The first line, or the value of the key `format`. A file without it is never replaced or removed. */
const mark = 'machine-id-exports/1';

/** Returns the content of a file with everything that a command passes on. */
export function renderExports(passed: Passed, format: Format, env: Environment): string {
  const variables = Object.entries(passed.variables);
  const outputs = Object.entries(passed.outputs).filter(([, value]) => value !== '');
  if (format === 'json') {
    const cleared = variables.map(([name, value]) => [name, value === '' ? null : value]);
    const content = {
      format: mark,
      variables: Object.fromEntries(cleared),
      path: passed.path,
      outputs: Object.fromEntries(outputs),
    };
    return `${JSON.stringify(content, undefined, 2)}\n`;
  }
  const all = [...variables, ...outputs.map(([name, value]) => [variableOf(name), value] as const)];
  const lines = all.map(([name, value]) =>
    format === 'sh' ? shellLine(name, value) : `${name}=${dotenvValue(value)}`,
  );
  return [`# ${mark}`, ...lines, ...pathLines(passed.path, format, env), ''].join('\n');
}

/** The variable of an output, such as MACHINE_ID_OUTPUT_TUNNEL_URI. */
function variableOf(output: string): string {
  return `${outputPrefix}${output.toUpperCase().replaceAll('-', '_')}`;
}

function shellLine(name: string, value: string): string {
  return value === '' ? `unset ${name}` : `export ${name}=${shellWord(value)}`;
}

/** In single quotes, a POSIX shell interprets nothing. */
function shellWord(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Quotes a value only if it is necessary, because some readers of dotenv files do not remove quotes. In
 * single quotes nothing is interpreted; a value with a line break needs double quotes.
 */
function dotenvValue(value: string): string {
  if (/^[\w@%+=:,./-]*$/.test(value)) return value;
  if (!/['\r\n]/.test(value)) return `'${value}'`;
  const escaped = value.replaceAll(/[\\"$`]/g, String.raw`\$&`);
  return `"${escaped.replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`)}"`;
}

function pathLines(
  folders: readonly string[],
  format: 'sh' | 'dotenv',
  env: Environment,
): readonly string[] {
  if (folders.length === 0) return [];
  const first = folders.join(delimiter);
  if (format === 'sh') return [`export PATH=${shellWord(first)}"\${PATH:+:$PATH}"`];
  const rest = env['PATH'] ? [env['PATH']] : [];
  return [`PATH=${dotenvValue([first, ...rest].join(delimiter))}`];
}

/** Throws a Problem `inputs` if the file cannot be created, or its path is in use by something else. */
export async function checkExports(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  if (!(await exists(folder)))
    throw new Problem({
      code: 'inputs',
      what: `Option \`--exports\` names a file in ${folder}, which does not exist.`,
      fix: 'Create the directory, or set `--exports` to another path.',
    });
  if ((await occupantOf(path)) === 'other')
    throw new Problem({
      code: 'inputs',
      what: `Option \`--exports\` names ${resolve(path)}, which exists and was not written by machine-id.`,
      fix: 'Remove the file, or set `--exports` to another path.',
    });
}

/** An empty file, such as one of mktemp, counts as written by this program. */
async function occupantOf(path: string): Promise<'none' | 'own' | 'other'> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return 'none';
  if (!stats.isFile() || stats.uid !== (process.getuid?.() ?? stats.uid)) return 'other';
  if (stats.size === 0) return 'own';
  const text = stats.size > 1_000_000 ? '' : await readFile(path, 'utf8').catch(() => '');
  return text.startsWith(`# ${mark}\n`) || text.startsWith(`{\n  "format": "${mark}",\n`)
    ? 'own'
    : 'other';
}

/** Writes the file atomically with mode 0600. Throws a Problem `inputs` or `platform`. */
export async function writeExports(path: string, text: string): Promise<void> {
  const suffix = randomBytes(8).toString('hex');
  const temporary = join(dirname(path), `.${basename(path)}.${suffix}`);
  try {
    await writePrivately(temporary, text);
    await moveTo(path, temporary);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error instanceof Problem ? error : unwritable(dirname(resolve(path)), error);
  }
}

/** A link, unlike a rename, does not replace a file that another process has created. */
async function moveTo(path: string, temporary: string): Promise<void> {
  if ((await occupantOf(path)) === 'own') return rename(temporary, path);
  await link(temporary, path).catch(async (error: unknown) => {
    if (codeOf(error) === 'EEXIST') await checkExports(path);
    throw error;
  });
  await unlink(temporary);
}

/** Removes a file of an earlier command, unless something else has replaced it. Never throws. */
export async function removeExports(path: string): Promise<boolean> {
  if ((await occupantOf(path)) !== 'own') return false;
  return unlink(path).then(
    () => true,
    () => false,
  );
}
