import type { Stats } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Why a file, a folder or a path cannot be trusted; a clause. */
export type Flaw = string | undefined;

/**
 * Returns why another account can have changed an opened file, or can change it. The mode also shows
 * write access through an access control list, whose mask is the mode's group bits.
 */
export async function fileFlaw(stats: Stats): Promise<Flaw> {
  if (!stats.isFile()) return `is not a regular file (owner ${await accountOf(stats.uid)})`;
  return (await ownerFlaw(stats)) ?? modeFlaw(stats);
}

/**
 * Returns why a build's folder in the tool cache, or one of the two above it, cannot be trusted. The
 * root of the cache is not checked, because hosted images ship it with mode 777.
 */
export async function folderFlaw(folder: string): Promise<Flaw> {
  for (const path of [dirname(dirname(folder)), dirname(folder), folder]) {
    const stats = await lstat(path).catch(() => undefined);
    if (stats === undefined) return undefined;
    const flaw = stats.isDirectory()
      ? await ownerFlaw(stats)
      : `is not a directory (owner ${await accountOf(stats.uid)})`;
    if (flaw !== undefined) return `${path} ${flaw}`;
  }
  return undefined;
}

/**
 * Returns why another account can replace a file: the file and every folder above it must belong to
 * this user or root, and others may write only to folders whose sticky bit protects the content. The
 * path must be free of links.
 */
export async function pathFlaw(path: string): Promise<Flaw> {
  const file = await lstat(path).catch(() => undefined);
  if (file === undefined) return `${path} does not exist`;
  const flaw = await fileFlaw(file);
  if (flaw !== undefined) return `${path} ${flaw}`;
  for (const folder of foldersAbove(path)) {
    const stats = await lstat(folder);
    const wrong = (await ownerFlaw(stats)) ?? (isSticky(stats) ? undefined : await modeFlaw(stats));
    if (wrong !== undefined) return `${folder} ${wrong}`;
  }
  return undefined;
}

function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

/** Returns an account's id with its name in /etc/passwd, if it has one there. */
export async function accountOf(uid: number): Promise<string> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const lines = accounts.split('\n').map((line) => line.split(':'));
  const name = lines.find(([, , id]) => id === String(uid))?.[0];
  return name === undefined ? `uid ${uid}` : `${name}, uid ${uid}`;
}

/** Windows has no user ids. */
async function ownerFlaw({ uid }: Stats): Promise<Flaw> {
  const user = process.getuid?.();
  if (user === undefined || uid === user || uid === 0) return undefined;
  return `is owned by another account (${await accountOf(uid)})`;
}

async function modeFlaw({ uid, mode }: Stats): Promise<Flaw> {
  if (process.getuid === undefined || (mode & 0o022) === 0) return undefined;
  const octal = (mode & 0o7777).toString(8);
  return `is writable by its group or by others (mode ${octal}, owner ${await accountOf(uid)})`;
}

function isSticky({ mode }: Stats): boolean {
  return (mode & 0o1000) !== 0;
}
