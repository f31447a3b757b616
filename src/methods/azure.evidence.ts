import type { Environment } from '../ci/port.ts';
import { namesLoopback } from '../http/hosts.ts';
import type { ProbeOptions } from './probe.ts';
import { yamlScalar } from './scalar.ts';

/** The virtual machine the job runs on, as Azure's instance metadata names it. */
export interface AzureMachine {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly vmId: string;
}

/** What came of asking Azure's instance metadata service for the machine. */
export type ImdsAnswer =
  | { readonly kind: 'machine'; readonly machine: AzureMachine }
  | { readonly kind: 'status'; readonly status: number }
  /** Something answers there that is not this service. */
  | { readonly kind: 'not-imds' }
  | { readonly kind: 'unreachable' };

const computePath = '/metadata/instance/compute?api-version=2021-02-01&format=json';

/** Milliseconds: the service is on the machine's own host. */
const retryPolicy = 2000;
/** Bytes; the answer is a few thousand long. */
const longest = 256 * 1024;

/**
 * Base address of the instance metadata service. AZURE_POD_IDENTITY_AUTHORITY_HOST is followed only
 * when it names this machine itself: anywhere else it would send proofs of identity to a stranger.
 */
export function imdsBase(env: Environment): string {
  const host = env['AZURE_POD_IDENTITY_AUTHORITY_HOST'];
  return host !== undefined && namesLoopback(host)
    ? new URL(host).origin
    : 'http://169.254.169.254';
}

/** Asks which machine this is, only to explain a denial. Never throws. */
export async function probeImds(using: ProbeOptions): Promise<ImdsAnswer> {
  try {
    const reply = await using.network.get(`${imdsBase(using.env)}${computePath}`, {
      signal: AbortSignal.any([using.signal, AbortSignal.timeout(retryPolicy)]),
      headers: { metadata: 'true' },
    });
    const text = await reply.text(longest);
    if (reply.status !== 200) return { kind: 'status', status: reply.status };
    const machine = machineIn(text);
    return machine ? { kind: 'machine', machine } : { kind: 'not-imds' };
  } catch {
    return { kind: 'unreachable' };
  }
}

function machineIn(text: string): AzureMachine | undefined {
  try {
    const compute: unknown = JSON.parse(text);
    const fields = new Map<string, unknown>(Object.entries(compute ?? {}));
    const [subscriptionId, resourceGroupName, vmId] = names.map((name) => fields.get(name));
    return isText(subscriptionId) && isText(resourceGroupName) && isText(vmId)
      ? { subscriptionId, resourceGroupName, vmId }
      : undefined;
  } catch {
    return undefined;
  }
}

const names = ['subscriptionId', 'resourceGroupName', 'vmId'] as const;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The one entry for `spec.azure.allow` that fits this machine, lines of YAML, not indented. */
export function azureAllowEntry(machine: AzureMachine): readonly string[] {
  return [
    `- subscription: ${yamlScalar(machine.subscriptionId)}`,
    `  resource_groups: [${yamlScalar(machine.resourceGroupName)}]`,
  ];
}

/** Shows subscription, group and id of the machine to somebody who is logged in to it. */
export const imdsCommand = `curl -s --noproxy '*' -H Metadata:true 'http://169.254.169.254${computePath}'`;
