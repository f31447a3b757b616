import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import type { Reach } from './exchange.ts';
import { Failure } from './failure.ts';

/** Runs the command that prints the job's OIDC token. Source: `lib/join/genericoidc/token_source.go`. */
export function commandToken([program, ...args]: readonly string[], { env }: Reach): string {
  if (program === undefined) throw new Failure('at least one command argument is required');
  const { status, stdout } = spawnSync(program, args, {
    cwd: homedir(),
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0)
    throw new Failure(
      'generic_oidc: failed to run command to fetch token, see previous output for details',
    );
  return stdout.trim();
}
