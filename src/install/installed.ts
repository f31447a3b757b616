import { dirname } from 'node:path';

import type { Environment } from '../ci/port.ts';
import { allOnPath, exists, liesBelow } from '../files/files.ts';
import { Problem } from '../problem.ts';

/**
 * Returns the first tbot on PATH that is not in the workspace, whose content a pull request controls.
 * Throws a Problem `tbot`.
 */
export async function findInstalled(
  env: Environment,
  platform: string,
  workspace: string | undefined,
): Promise<string> {
  const found = await allOnPath('tbot', env, platform);
  for (const path of found) if (!(await isInside(path, workspace))) return path;
  const [ignored] = found;
  throw ignored === undefined ? noneOnPath() : noneOutside(ignored);
}

/** Checks the directory too, because a link in the workspace can be changed as well. */
async function isInside(path: string, workspace: string | undefined): Promise<boolean> {
  if (!workspace || !(await exists(workspace))) return false;
  return (await liesBelow(path, workspace)) || liesBelow(dirname(path), workspace);
}

function noneOnPath(): Problem {
  return new Problem({
    code: 'tbot',
    what: '`version: installed` is set, but tbot was not found on PATH.',
    fix: 'Install tbot on the runner, or remove `version` to download it.',
  });
}

function noneOutside(ignored: string): Problem {
  return new Problem({
    code: 'tbot',
    what: `\`version: installed\` found no tbot on PATH outside the workspace. ${ignored} was ignored: it is in the workspace, whose content a pull request controls.`,
    fix: 'Install tbot outside the workspace, remove `version` to download it, or set `tbot-path` if you trust that file.',
  });
}
