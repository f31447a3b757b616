import type { TbotFault } from '../../faults.ts';
import { type Cluster, post } from '../cluster.ts';
import { type Destination, writeArtifact } from '../destination.ts';
import { Failure } from '../failure.ts';
import type { Joined } from '../join.ts';
import type { Lifetime } from '../lifetime.ts';
import type { Json } from '../values.ts';

/** What an output needs beside its own configuration. */
export interface OutputContext {
  readonly cluster: Cluster;
  readonly joined: Joined;
  readonly lifetime: Lifetime;
  readonly fault: TbotFault;
  /** Absolute path of this program, for ssh_config and kubeconfig.yaml. */
  readonly executable: string;
  /** Raised when another output failed: what is not asked for yet is not asked for any more. */
  readonly cancelled: AbortSignal;
}

/** Asks the cluster for something; throws a Failure, `context canceled` when another output failed first. */
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

/** What a request for credentials takes from its service. */
export interface Requester {
  readonly lifetime?: Lifetime;
  readonly roles?: readonly string[];
}

/** How long the service's credentials are to live, in seconds. */
export function ttlOf(service: Requester, { lifetime }: OutputContext): number {
  return (service.lifetime ?? lifetime).ttl;
}

/** Writes one file of an output. */
export type Put = (name: string, content: string) => void;

/** Says that the destination can be written, and gives the way to write there. */
export function open(destination: Destination): Put {
  const put: Put = (name, content) => writeArtifact(destination, name, content);
  put('.write-test', '');
  return put;
}

/** Adds what the program was doing to whatever fails in it. */
export async function doing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Failure ? error.within(what) : error;
  }
}
