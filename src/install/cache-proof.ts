import { open, rename } from 'node:fs/promises';
import { join, sep } from 'node:path';

import { bytesAt } from '../files/files.ts';
import { readSafely, recordOf } from './cache.ts';
import { fileFlaw } from './ownership.ts';
import { removeOnFailure, stagingPath } from './staging.ts';

/** A tbot in the tool cache that matches its record. */
export interface RecordedTbot {
  /** The build's folder in the tool cache. */
  readonly folder: string;
  /** SHA-256 of tbot, as lower-case hex. */
  readonly digest: string;
}

/**
 * Returns whether an earlier step ran `tbot version` with this file, and it printed the version of the
 * folder. Only this user or root can have written that: another account that can move files in the
 * cache must not choose the version.
 */
export async function isVersionProven(tbot: RecordedTbot): Promise<boolean> {
  try {
    await using handle = await open(proofPath(tbot), readSafely);
    if ((await fileFlaw(await handle.stat())) !== undefined) return false;
    const expected = proofText(tbot);
    return (await bytesAt(handle, 0, expected.length + 1)).toString() === expected;
  } catch {
    return false;
  }
}

/** Records that tbot has the version of its folder. On failure, later steps run `tbot version` again. */
export async function recordVersion(tbot: RecordedTbot): Promise<void> {
  const part = stagingPath(tbot.folder, 'tbot');
  const write = async (): Promise<void> => {
    await using handle = await open(part, 'wx', 0o644);
    await handle.chmod(0o644);
    await handle.writeFile(proofText(tbot));
    await rename(part, proofPath(tbot));
  };
  await removeOnFailure([part], write).catch(() => undefined);
}

function proofPath({ folder, digest }: RecordedTbot): string {
  return join(folder, `${recordOf('tbot', digest)}.version`);
}

/** Names the build, because the files of one build can be moved to the folder of another. */
function proofText({ folder, digest }: RecordedTbot): string {
  const build = folder.split(sep).slice(-3).join('/');
  return `${build} sha256:${digest}\n`;
}
