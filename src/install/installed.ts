import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

import { Problem } from '../problem.ts';
import type { Environment } from '../runner.ts';

/**
 * The tbot on PATH. An entry that is not absolute is passed over: it would mean the folder of the
 * checkout, which belongs to whoever wrote the pull request. Throws a Problem `tbot`.
 */
export async function findInstalled(env: Environment, platform: string): Promise<string> {
  const name = platform === 'win32' ? 'tbot.exe' : 'tbot';
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isProgram(path)) return path;
  }
  throw new Problem({
    code: 'tbot',
    what: 'There is no tbot on PATH, and `version: installed` takes no other.',
    fix: 'Install tbot on the runner, or leave `version` out to have it downloaded.',
  });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
