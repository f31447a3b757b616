import { access, constants, type FileHandle, lstat, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, relative, sep } from 'node:path';
import type { Environment } from '../process/child.ts';

/** Whether there is a file, or a folder; a link counts as what it leads to. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether there is anything of this name, and be it a link that leads nowhere. */
export async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** So many bytes from an offset on, fewer at the end of the file. */
export async function bytesAt(handle: FileHandle, offset: number, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset);
  return buffer.subarray(0, bytesRead);
}

/** The first program of this name on PATH; undefined where there is none. */
export async function findOnPath(
  program: string,
  env: Environment,
  platform: string = process.platform,
): Promise<string | undefined> {
  const [first] = await allOnPath(program, env, platform);
  return first;
}

/**
 * The programs of this name on PATH, in its order. An entry that is not absolute is passed over: it
 * would mean the folder of the checkout, which belongs to whoever wrote the pull request.
 */
export async function allOnPath(
  program: string,
  env: Environment,
  platform: string,
): Promise<readonly string[]> {
  const name = platform === 'win32' ? `${program}.exe` : program;
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(isAbsolute);
  const found: string[] = [];
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isProgram(path)) found.push(path);
  }
  return found;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Whether a path lies below a folder, or is that folder; links are resolved on both sides. */
export async function liesBelow(path: string, folder: string): Promise<boolean> {
  const [inner, outer] = await Promise.all([realpath(path), realpath(folder)]);
  const endpoint = relative(outer, inner);
  return endpoint !== '..' && !endpoint.startsWith(`..${sep}`) && !isAbsolute(endpoint);
}
