import { type ProxyProbe, fetchCluster, type Cluster } from '../../src/cluster/cluster.ts';
import { type HttpClient, openHttpClient } from '../../src/http/client.ts';
import { Problem } from '../../src/problem.ts';
import { noFaults } from '../../testbed/faults.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';

export const retryPolicy = { attempts: 3, pause: 10, longest: 1500 };
export const timeouts = { connect: 300, answer: 300, stall: 300 };

/** A testbed, and questions to its proxy or another. */
export interface Fixture extends AsyncDisposable {
  readonly testbed: Testbed;
  readonly network: HttpClient;
  ask(proxy: string, change?: Partial<ProxyProbe>): Promise<Cluster>;
  /** The Problem that asking ends in. */
  problem(proxy: string, change?: Partial<ProxyProbe>): Promise<Problem>;
  /** No faults any more. */
  next(): void;
}

export async function openFixture(): Promise<Fixture> {
  const testbed = await startTestbed();
  const network = openHttpClient({ env: {}, extraCaFile: testbed.caFile });
  const never = new AbortController().signal;
  const ask = (proxy: string, change: Partial<ProxyProbe> = {}): Promise<Cluster> =>
    fetchCluster(proxy, { network, signal: never, retryPolicy, timeouts, ...change });
  return {
    testbed,
    network,
    ask,
    problem: async (proxy, change) => {
      const error = await ask(proxy, change).then(
        () => new Error('no problem'),
        (thrown: unknown) => thrown,
      );
      if (error instanceof Problem) return error;
      throw error;
    },
    next: () => {
      testbed.faults.proxy = noFaults().proxy;
    },
    [Symbol.asyncDispose]: async () => {
      network.close();
      await testbed[Symbol.asyncDispose]();
    },
  };
}
