import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** A process that outlived its job. */
export interface Orphan {
  readonly pid: number;
  readonly command: string;
}

/**
 * Ends, by SIGKILL, every process that carries the job's RUNNER_TRACKING_ID in the environment
 * it was started with, as the runner does after the post steps. Linux only: it reads /proc.
 */
export async function endOrphans(trackingId: string): Promise<readonly Orphan[]> {
  const orphans = await findOrphans(trackingId);
  for (const orphan of orphans) {
    try {
      process.kill(orphan.pid, 'SIGKILL');
    } catch {
      // The process exited in the meantime.
    }
  }
  return orphans;
}

async function findOrphans(trackingId: string): Promise<readonly Orphan[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(pids.map((pid) => inspect(pid, trackingId)));
  return found.filter((orphan) => orphan !== undefined);
}

async function inspect(pid: number, trackingId: string): Promise<Orphan | undefined> {
  if (pid === process.pid) return undefined;
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  if (!environment.split('\0').includes(`RUNNER_TRACKING_ID=${trackingId}`)) return undefined;
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = '', ...rest] = words.split('\0').filter((word) => word !== '');
  return { pid, command: [basename(program), ...rest].join(' ') };
}
