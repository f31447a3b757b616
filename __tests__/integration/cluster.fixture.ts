import { type ProxyProbe, fetchCluster, type Cluster } from '../../src/cluster/cluster.ts';
import { type HttpClient, openHttpClient } from '../../src/http/client.ts';
import { Problem } from '../../src/problem.ts';
import { noFaults } from '../../testbed/faults.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';

export const retryPolicy = { attempts: 3, pause: 10, longest: 1500 };
export const timeouts = { connect: 300, answer: 300, stall: 300 };

/** A testbed, and requests to its proxy or another one. */
export interface Fixture extends AsyncDisposable {
  readonly testbed: Testbed;
  readonly network: HttpClient;
  probe(proxy: string, change?: Partial<ProxyProbe>): Promise<Cluster>;
  /** Returns the Problem of a failed probe. */
  problem(proxy: string, change?: Partial<ProxyProbe>): Promise<Problem>;
  /** Clears the faults. */
  next(): void;
}

export async function openFixture(): Promise<Fixture> {
  const testbed = await startTestbed();
  const network = openHttpClient({ env: {}, extraCaFile: testbed.caFile });
  const never = new AbortController().signal;
  const probe = (proxy: string, change: Partial<ProxyProbe> = {}): Promise<Cluster> =>
    fetchCluster(proxy, { network, signal: never, retryPolicy, timeouts, ...change });
  return {
    testbed,
    network,
    probe,
    problem: async (proxy, change) => {
      const error = await probe(proxy, change).then(
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
