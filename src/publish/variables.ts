import { delimiter } from 'node:path';
import { findOnPath } from '../files/files.ts';
import type { EarlierVariable } from '../workdir/earlier-calls.ts';
import type { ExportedVariable } from '../workdir/marker.ts';
import { proxyOf, type Endpoint } from '../cluster/endpoint.ts';
import type { Environment } from '../ci/port.ts';
import type { Files, Role } from '../services/service.ts';
import type { Outputs } from './outputs.ts';

/**
 * The variables that Teleport's tools read in later steps, with the values that they replace.
 * tctl reads TELEPORT_AUTH_SERVER and nothing else, while a tbot up to 17 refuses to see both, so
 * that one is exported only where there is a tctl.
 */
export async function variablesFor(
  outputs: Pick<Outputs, 'identity-file'>,
  env: Environment,
  further: Further,
): Promise<readonly ExportedVariable[]> {
  const { endpoint, bringsTctl = false, leafCluster = '', credentials = [] } = further;
  const all = (role: Role): readonly string[] =>
    credentials.flatMap(({ files }) => files[role] ?? []);
  const wanted: Readonly<Record<string, string>> = {
    TELEPORT_PROXY: proxyOf(endpoint) ?? '',
    TELEPORT_AUTH_SERVER:
      bringsTctl || (await findOnPath('tctl', env)) !== undefined ? endpoint.address : '',
    TELEPORT_IDENTITY_FILE: keepsIdentity(env, further) ? '' : outputs['identity-file'],
    TELEPORT_CLUSTER: leafCluster,
    TELEPORT_TOOLS_VERSION: 'off',
    // kubectl merges them; the first is the one it changes.
    KUBECONFIG: [...new Set(all('kubeconfig'))].join(delimiter),
    AWS_SHARED_CREDENTIALS_FILE: all('aws-credentials')[0] ?? '',
  };
  const stale = wanted['TELEPORT_IDENTITY_FILE'] === '' ? [] : ofIdentity;
  return Object.entries(wanted)
    .filter(([name, value]) => value !== '' || (stale.includes(name) && isOurs(name, env, further)))
    .map(([name, value]) => ({ name, value, before: env[name] ?? '' }));
}

/** They belong to an identity: those of an earlier one must not stand beside this one. */
const ofIdentity: readonly string[] = [
  'TELEPORT_PROXY',
  'TELEPORT_AUTH_SERVER',
  'TELEPORT_CLUSTER',
];

/** Whether a variable holds what an earlier call of this job exported. */
function isOurs(name: string, env: Environment, { earlier }: Further): boolean {
  const value = env[name];
  return Boolean(value) && (earlier ?? []).some((one) => one.name === name && one.value === value);
}

/**
 * A call for a kubeconfig or a certificate does not take an identity away that an earlier call of the
 * job gave, by the same way in.
 */
function keepsIdentity(
  { TELEPORT_IDENTITY_FILE: file }: Environment,
  { credentials = [], endpoint, earlier = [] }: Further,
): boolean {
  return (
    credentials.every(({ type }) => type !== 'identity') &&
    earlier.some(
      (one) =>
        one.name === 'TELEPORT_IDENTITY_FILE' &&
        one.value === file &&
        one.endpoint === endpoint.address,
    )
  );
}

/** What there is beside an identity. */
interface Further {
  readonly endpoint: Endpoint;
  readonly bringsTctl?: boolean;
  /** The cluster that tsh is to speak to, where it is not the root. */
  readonly leafCluster?: string;
  readonly credentials?: readonly { readonly type: string; readonly files: Files }[];
  readonly earlier?: readonly EarlierVariable[];
}
