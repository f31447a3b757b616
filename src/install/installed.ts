import { dirname } from 'node:path';

import { allOnPath, exists, liesBelow } from '../files/files.ts';
import { Problem } from '../problem.ts';
import type { Environment } from '../ci/port.ts';

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

/** Checks the folder too: a link in the workspace to a program elsewhere can be changed as well. */
async function isInside(path: string, workspace: string | undefined): Promise<boolean> {
  if (!workspace || !(await exists(workspace))) return false;
  return (await liesBelow(path, workspace)) || liesBelow(dirname(path), workspace);
}

function noneOnPath(): Problem {
  return new Problem({
    code: 'tbot',
    what: 'There is no tbot on PATH, and `version: installed` takes no other.',
    fix: 'Install tbot on the runner, or leave `version` out to have it downloaded.',
  });
}

function noneOutside(ignored: string): Problem {
  return new Problem({
    code: 'tbot',
    what: `\`version: installed\` found no tbot on PATH outside the workspace. ${ignored} was ignored: it is in the workspace, whose content a pull request controls.`,
    fix: 'Install tbot outside the workspace, omit `version` to download it, or set `tbot-path` if you trust that file.',
  });
}
