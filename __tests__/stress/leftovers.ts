import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, utimes } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { JobEnd, StandInRunner } from '../../testbed/runner/runner.ts';

/** Returns what a job left that it should have removed, as one line each. */
export async function leftoversOf(runner: StandInRunner, end: JobEnd): Promise<readonly string[]> {
  const stillSet = Object.entries(runner.exported).filter(([, value]) => value !== '');
  const outside = [...(await pathsIn(runner.home)), ...(await pathsIn(runner.workspace))];
  return [
    ...end.leftInTemp.map((path) => `left in RUNNER_TEMP: ${path}`),
    ...end.orphans.map(({ command }) => `still running: ${command}`),
    ...stillSet.map(([name, value]) => `still set: ${name}=${value}`),
    ...outside.map((path) => `left outside of RUNNER_TEMP: ${path}`),
  ];
}

async function pathsIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
}

/** Returns whether a tool cache is filled in part: not empty, and not as a good job leaves it. */
export async function isPartial(toolCache: string, good: string): Promise<boolean> {
  const tree = await treeOf(toolCache);
  return Object.keys(tree).length > 0 && !isDeepStrictEqual(tree, await treeOf(good));
}

/** Returns how a tool cache differs from that of a good job. */
export async function wrongCache(toolCache: string, good: string): Promise<readonly string[]> {
  const [tree, expected] = [await treeOf(toolCache), await treeOf(good)];
  if (isDeepStrictEqual(tree, expected)) return [];
  return [`the tool cache is ${JSON.stringify(tree)} and not ${JSON.stringify(expected)}`];
}

/** An installation that was killed leaves its staged file, which a later one removes after a day. */
const staged = /\/\.(?:tbot|archive)-[\da-f-]{36}$/;

/** Files by their paths with their digests, and folders. */
async function treeOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const tree = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), entry.isFile() ? await digestOf(path) : 'folder'] as const;
    }),
  );
  return Object.fromEntries(tree.filter(([path]) => !staged.test(path)));
}

async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** A private directory without a marker holds no secret, and later jobs keep it for a day. */
export async function ageUnmarked(temp: string): Promise<void> {
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  for (const name of (await readdir(temp)).filter((one) => one.startsWith('machine-id-'))) {
    const marker = await lstat(join(temp, name, '.machine-id-action.json')).catch(() => undefined);
    if (marker === undefined) await utimes(join(temp, name), yesterday, yesterday);
  }
}
