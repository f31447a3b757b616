import { readFileSync } from 'node:fs';
import type { Invocation } from './cli.ts';
import { Failure } from './failure.ts';
import type { Log } from './log.ts';
import { asValues, listAt, textAt, type Values } from './values.ts';
import type { PlayedVersion } from './versions.ts';

/** The join settings. */
export interface Onboarding {
  /** A name, or the content of a file. */
  readonly token: string;
  readonly joinMethod: string;
  readonly azureClientId: string;
  /** The variables with the OIDC token, for `gitlab` and `generic_oidc`. */
  readonly gitlabVariable: string;
  readonly oidcVariable: string;
  /** The program that prints the OIDC token, and its arguments. */
  readonly oidcCommand: readonly string[];
  /** Used only for a join through an Auth Service. */
  readonly caPins: readonly string[];
}

const gitlabVariable = 'TBOT_GITLAB_JWT';

/** Reads the map. A token on the command line or in the environment replaces all of it. */
export function readOnboarding(
  root: Values,
  invocation: Invocation,
  version: PlayedVersion,
  log: Log,
): Onboarding {
  const { token, joinMethod } = invocation;
  if (token !== undefined || joinMethod !== undefined) {
    if (root['onboarding'] !== undefined) warn(invocation, version, log);
    const none = {
      azureClientId: '',
      gitlabVariable,
      oidcVariable: '',
      oidcCommand: [],
      caPins: [],
    };
    return { token: token ?? '', joinMethod: joinMethod ?? '', ...none };
  }
  const map = asValues(root['onboarding']);
  return {
    token: readValueOrFile(textAt(map, 'token')),
    joinMethod: textAt(map, 'join_method'),
    azureClientId: textAt(asValues(map['azure']), 'client_id'),
    gitlabVariable: textAt(asValues(map['gitlab']), 'token_env_var_name') || gitlabVariable,
    oidcVariable: textAt(asValues(map['generic_oidc']), 'env'),
    oidcCommand: listAt(asValues(map['generic_oidc']), 'command').map(String),
    caPins: listAt(map, 'ca_pins').map(String),
  };
}

/** Rejects a join method that the version does not support. */
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
