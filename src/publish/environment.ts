import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ExportedVariable } from '../home/marker.ts';
import { proxyOf, type Way } from '../inputs/way.ts';
import type { Environment } from '../runner.ts';
import type { Credential } from '../tbot/credentials/credential.ts';
import type { Role } from '../tbot/credentials/files.ts';
import type { Outputs } from './outputs.ts';

/**
 * The variables that Teleport's tools read in later steps, with the values that they replace.
 * tctl reads TELEPORT_AUTH_SERVER and nothing else, while a tbot up to 17 refuses to see both, so
 * that one is exported only where there is a tctl.
 */
export async function variablesFor(
  outputs: Pick<Outputs, 'identity-file'>,
  env: Environment,
  { way, bringsTctl = false, leafCluster = '', credentials = [] }: Further,
): Promise<readonly ExportedVariable[]> {
  const all = (role: Role): readonly string[] =>
    credentials.flatMap(({ files }) => files[role] ?? []);
  const wanted: Readonly<Record<string, string>> = {
    TELEPORT_PROXY: proxyOf(way) ?? '',
    TELEPORT_AUTH_SERVER: bringsTctl || (await isOnPath('tctl', env)) ? way.address : '',
    TELEPORT_IDENTITY_FILE: outputs['identity-file'],
    TELEPORT_CLUSTER: leafCluster,
    TELEPORT_TOOLS_VERSION: 'off',
    // kubectl merges them; the first is the one it changes.
    KUBECONFIG: all('kubeconfig').join(delimiter),
    AWS_SHARED_CREDENTIALS_FILE: all('aws-credentials')[0] ?? '',
  };
  return Object.entries(wanted)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ name, value, before: env[name] ?? '' }));
}

/** What there is beside an identity. */
interface Further {
  readonly way: Way;
  readonly bringsTctl?: boolean;
  /** The cluster that tsh is to speak to, where it is not the root. */
  readonly leafCluster?: string;
  readonly credentials?: readonly Pick<Credential, 'files'>[];
}

async function isOnPath(program: string, env: Environment): Promise<boolean> {
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  const candidates = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '')
    .flatMap((directory) => names.map((name) => join(directory, name)));
  const found = await Promise.all(candidates.map(isProgram));
  return found.includes(true);
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
