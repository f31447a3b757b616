import { delimiter } from 'node:path';
import { findOnPath } from '../files/files.ts';
import type { ExportedVariable } from '../workdir/marker.ts';
import type { Workdir } from '../workdir/workdir.ts';
import { proxyOf, type Endpoint } from '../cluster/endpoint.ts';
import type { Environment } from '../ci/port.ts';
import type { Credential } from '../services/credential.ts';
import type { Role } from '../services/service.ts';
import type { Outputs } from './outputs.ts';

/**
 * Returns the variables that Teleport's tools read in later steps, with the values that they
 * replace. TELEPORT_AUTH_SERVER is set only if there is a tctl: tctl does not read TELEPORT_PROXY,
 * but tbot up to 17 rejects the combination of both.
 */
export async function variablesFor(
  outputs: Pick<Outputs, 'identity-file'>,
  env: Environment,
  context: VariableContext,
): Promise<readonly ExportedVariable[]> {
  const { endpoint, installsTctl, leafCluster = '', credentials } = context;
  const all = (role: Role): readonly string[] =>
    credentials.flatMap(({ files }) => files[role] ?? []);
  const values: Readonly<Record<string, string>> = {
    TELEPORT_PROXY: proxyOf(endpoint) ?? '',
    TELEPORT_AUTH_SERVER:
      installsTctl || (await findOnPath('tctl', env)) !== undefined ? endpoint.address : '',
    TELEPORT_IDENTITY_FILE: keepsIdentity(env, context) ? '' : outputs['identity-file'],
    // tsh finds the private key there (`AgentDirFromEnv` in lib/hardwarekey/agent.go).
    TELEPORT_KEY_AGENT_DIR:
      credentials.find(({ type }) => type === 'identity/key-agent')?.dir ?? '',
    TELEPORT_CLUSTER: leafCluster,
    TELEPORT_TOOLS_VERSION: 'off',
    // kubectl merges the files and changes the first.
    KUBECONFIG: [...new Set(all('kubeconfig'))].join(delimiter),
    AWS_SHARED_CREDENTIALS_FILE: all('aws-credentials')[0] ?? '',
    SPIFFE_ENDPOINT_SOCKET:
      credentials.find(({ type }) => type === 'workload-identity-api')?.listen ?? '',
  };
  const stale = values['TELEPORT_IDENTITY_FILE'] === '' ? [] : identityVariables;
  return Object.entries(values)
    .filter(
      ([name, value]) =>
        value !== '' || (stale.includes(name) && isFromEarlierCall(name, env, context)),
    )
    .map(([name, value]) => ({ name, value, before: env[name] ?? '' }));
}

/**
 * Variables that belong to an identity. Values of an earlier identity are cleared if there is a new
 * one.
 */
const identityVariables: readonly string[] = [
  'TELEPORT_PROXY',
  'TELEPORT_AUTH_SERVER',
  'TELEPORT_CLUSTER',
  'TELEPORT_KEY_AGENT_DIR',
];

/** Returns whether a variable has the value that an earlier call of this job exported. */
function isFromEarlierCall(name: string, env: Environment, { earlier }: VariableContext): boolean {
  const value = env[name];
  return Boolean(value) && earlier.some((one) => one.name === name && one.value === value);
}

/**
 * Returns whether the identity of an earlier call through the same endpoint stays current, because
 * this call issues no identity.
 */
function keepsIdentity(
  { TELEPORT_IDENTITY_FILE: file }: Environment,
  { credentials, endpoint, earlier }: VariableContext,
): boolean {
  return (
    credentials.every(({ type }) => type !== 'identity' && type !== 'identity/key-agent') &&
    earlier.some(
      (one) =>
        one.name === 'TELEPORT_IDENTITY_FILE' &&
        one.value === file &&
        one.endpoint === endpoint.address,
    )
  );
}

/** What the variables depend on, besides the outputs. */
interface VariableContext {
  readonly endpoint: Endpoint;
  /** Whether this step installs a tctl. */
  readonly installsTctl: boolean;
  /** The leaf cluster that tsh uses; undefined for the root cluster. */
  readonly leafCluster: string | undefined;
  readonly credentials: readonly Pick<Credential, 'type' | 'dir' | 'files' | 'listen'>[];
  readonly earlier: readonly EarlierVariable[];
}

/**
 * A variable that an earlier call of the job exported, with the endpoint that the call joined
 * through.
 */
type EarlierVariable = Pick<ExportedVariable, 'name' | 'value'> & {
  readonly endpoint?: string;
};

/**
 * Returns the variables that earlier calls of this job exported. Those that were neither restored
 * nor changed are still set in the job's environment.
 */
export function variablesOfEarlierCalls(calls: readonly Workdir[]): readonly EarlierVariable[] {
  return calls.flatMap(({ marker }) => {
    const endpoint = marker.endpoint === undefined ? {} : { endpoint: marker.endpoint };
    return marker.exported.map(({ name, value }) => ({ name, value, ...endpoint }));
  });
}
