import { readFile } from 'node:fs/promises';
import type { Environment } from '../port.ts';

/** The event that started the job, or undefined where there is none that can be read. */
export async function readEvent(env: Environment): Promise<unknown> {
  const path = env['GITHUB_EVENT_PATH'];
  if (!path) return undefined;
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
