import { readFileSync } from 'node:fs';
import type { Invocation } from './cli.ts';
import { Failure } from './failure.ts';
import type { Log } from './log.ts';
import { asValues, listAt, textAt, type Values } from './values.ts';
import type { PlayedVersion } from './versions.ts';

/** How the bot joins. */
export interface Onboarding {
  /** A name, or the content of the file it names. */
  readonly token: string;
  readonly joinMethod: string;
  readonly azureClientId: string;
  /** Only a join of an Auth Service looks at them. */
  readonly caPins: readonly string[];
}

/** Reads the map; a token on the command line or in the environment throws away all of it. */
export function readOnboarding(
  root: Values,
  invocation: Invocation,
  version: PlayedVersion,
  log: Log,
): Onboarding {
  const { token, joinMethod } = invocation;
  if (token !== undefined || joinMethod !== undefined) {
    if (root['onboarding'] !== undefined) warn(invocation, version, log);
    return { token: token ?? '', joinMethod: joinMethod ?? '', azureClientId: '', caPins: [] };
  }
  const map = asValues(root['onboarding']);
  return {
    token: readValueOrFile(textAt(map, 'token')),
    joinMethod: textAt(map, 'join_method'),
    azureClientId: textAt(asValues(map['azure']), 'client_id'),
    caPins: listAt(map, 'ca_pins').map(String),
  };
}

/** Refuses a join method that this version does not have. */
export function checkJoinMethod(method: string, version: PlayedVersion): void {
  if (method === '') throw new Failure('join method must be provided');
  if (!version.joinMethods.includes(method)) {
    throw new Failure(`unrecognized join method: ${JSON.stringify(method)}`);
  }
}

function warn({ configPath = '' }: Invocation, version: PlayedVersion, log: Log): void {
  if (version.entry === 'output') {
    const from = { component: 'TBOT', caller: 'config/config.go:631' };
    log.warn(from, `CLI parameters are overriding onboarding config from ${configPath}`);
  } else {
    const from = { component: 'TBOT', caller: 'cli/start_legacy.go' };
    log.warn(from, 'CLI parameters are overriding join configuration');
  }
}

function readValueOrFile(value: string): string {
  if (!value.startsWith('/')) return value;
  try {
    return readFileSync(value, 'utf8').trim();
  } catch {
    return value;
  }
}
