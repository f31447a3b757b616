import { findOnPath } from '../files/look.ts';
import { Problem } from '../problem.ts';
import type { Environment } from '../runner.ts';

/** The tbot on PATH. Throws a Problem `tbot`. */
export async function findInstalled(env: Environment, platform: string): Promise<string> {
  const path = await findOnPath('tbot', env, platform);
  if (path !== undefined) return path;
  throw new Problem({
    code: 'tbot',
    what: 'There is no tbot on PATH, and `version: installed` takes no other.',
    fix: 'Install tbot on the runner, or leave `version` out to have it downloaded.',
  });
}
