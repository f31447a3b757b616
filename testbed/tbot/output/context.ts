import type { TbotFault } from '../../faults.ts';
import { type Cluster, post } from '../cluster.ts';
import { type Destination, writeArtifact } from '../destination.ts';
import { Failure } from '../failure.ts';
import type { Joined } from '../join.ts';
import type { Lifetime } from '../lifetime.ts';
import type { Json } from '../values.ts';

/** The context of an output. */
export interface OutputContext {
  readonly cluster: Cluster;
  readonly joined: Joined;
  readonly lifetime: Lifetime;
  readonly fault: TbotFault;
  /** Absolute path of this program, for ssh_config and kubeconfig.yaml. */
  readonly executable: string;
  /** Aborted if another output failed: no further request is sent. */
  readonly cancelled: AbortSignal;
}

/** Sends a request to the cluster. Throws a Failure, `context canceled` if another output failed first. */
export async function ask(path: string, body: object, context: OutputContext): Promise<Json> {
  const { cluster, joined, cancelled } = context;
  const stop = () => {
    if (cancelled.aborted) throw new Failure('context canceled');
  };
  stop();
  const answer = await post(cluster, path, body, { speech: 'http', bearer: joined.identity });
  stop();
  return answer;
}

/** The settings of a service that a request for credentials uses. */
export interface Requester {
  readonly lifetime?: Lifetime;
  readonly roles?: readonly string[];
}

/** Returns the requested lifetime of the service's credentials in seconds. */
export function ttlOf(service: Requester, { lifetime }: OutputContext): number {
  return (service.lifetime ?? lifetime).ttl;
}

/** Writes one file of an output. */
export type Put = (name: string, content: string) => void;

/** Logs that the destination is writable, and returns a function to write files. */
export function open(destination: Destination): Put {
  const put: Put = (name, content) => writeArtifact(destination, name, content);
  put('.write-test', '');
  return put;
}

/** Adds the current activity to failures. */
export async function doing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Failure ? error.within(what) : error;
  }
}
