import type { Environment } from '../ci/port.ts';
import { namesLoopback } from '../http/hosts.ts';
import { parseJson, property } from '../text/json.ts';
import { computePath } from './azure.ts';
import type { AzureMachine, ImdsAnswer, ProbeOptions } from './evidence.ts';

/** Milliseconds; the service runs on the machine's host. */
const timeout = 2000;
/** Bytes; a response has a few thousand. */
const longest = 256 * 1024;

/**
 * Returns the base URL of the instance metadata service. AZURE_POD_IDENTITY_AUTHORITY_HOST is used
 * only if it names loopback, because tokens are requested from this address.
 */
function imdsBase(env: Environment): string {
  const host = env['AZURE_POD_IDENTITY_AUTHORITY_HOST'];
  return host !== undefined && namesLoopback(host)
    ? new URL(host).origin
    : 'http://169.254.169.254';
}

/** Requests the description of this machine, only to explain a denial. Never throws. */
export async function probeImds(using: ProbeOptions): Promise<ImdsAnswer> {
  try {
    const reply = await using.network.get(`${imdsBase(using.env)}${computePath}`, {
      signal: AbortSignal.any([using.signal, AbortSignal.timeout(timeout)]),
      headers: { metadata: 'true' },
    });
    const text = await reply.text(longest);
    if (reply.status !== 200) return { kind: 'status', status: reply.status };
    const machine = machineIn(parseJson(text));
    return machine ? { kind: 'machine', machine } : { kind: 'not-imds' };
  } catch {
    return { kind: 'unreachable' };
  }
}

function machineIn(compute: unknown): AzureMachine | undefined {
  const subscriptionId = property(compute, 'subscriptionId');
  const resourceGroupName = property(compute, 'resourceGroupName');
  const vmId = property(compute, 'vmId');
  return isText(subscriptionId) && isText(resourceGroupName) && isText(vmId)
    ? { subscriptionId, resourceGroupName, vmId }
    : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
