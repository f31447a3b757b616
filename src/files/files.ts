import { access, constants, type FileHandle, lstat, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, relative, sep } from 'node:path';
import type { Environment } from '../process/child.ts';

/** Returns whether a file or a folder exists; symbolic links are followed. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Returns whether a path is in use, even by a broken symbolic link. */
export async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Reads `size` bytes from an offset; returns fewer at the end of the file. */
export async function bytesAt(handle: FileHandle, offset: number, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset);
  return buffer.subarray(0, bytesRead);
}

/** Returns the path of the first program with this name on PATH, or undefined. */
export async function findOnPath(
  program: string,
  env: Environment,
  platform: string = process.platform,
): Promise<string | undefined> {
  const [first] = await allOnPath(program, env, platform);
  return first;
}

/**
 * Returns the paths of all programs with this name on PATH, in its order. Relative entries are
 * ignored: they are resolved in the workspace, whose content a pull request controls.
 */
export async function allOnPath(
  program: string,
  env: Environment,
  platform: string,
): Promise<readonly string[]> {
  const name = platform === 'win32' ? `${program}.exe` : program;
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(isAbsolute);
  const paths: string[] = [];
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isProgram(path)) paths.push(path);
  }
  return paths;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Returns whether a path is below a folder, or is that folder; symbolic links are resolved. */
export async function liesBelow(path: string, folder: string): Promise<boolean> {
  const [inner, outer] = await Promise.all([realpath(path), realpath(folder)]);
  const inside = relative(outer, inner);
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}
