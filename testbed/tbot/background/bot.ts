import { setTimeout as sleep } from 'node:timers/promises';
import type { TbotFault } from '../../faults.ts';
import type { Cluster } from '../cluster.ts';
import type { BotConfig } from '../config.ts';
import { Failure } from '../failure.ts';
import { type Joined, rejoinCluster } from '../join.ts';
import type { Narration } from '../narration.ts';
import type { OutputContext } from '../output/context.ts';
import { playBeforeJoin, readFault } from '../play.ts';
import type { Words } from './words.ts';

/** The bot with the identity that it renews. */
export interface Bot {
  readonly cluster: Cluster;
  /** What a request for credentials needs now; throws a Failure once the identity has expired. */
  context(): Promise<OutputContext>;
  /** Joins again, which every delegated join method does; throws a Failure. */
  renew(): Promise<void>;
}

/** What a bot starts with. */
export interface BotStart {
  readonly config: BotConfig;
  readonly cluster: Cluster;
  readonly joined: Joined;
  readonly narration: Narration;
  readonly executable: string;
  readonly controlFile: string;
}

/** Keeps the identity. A fault that is set after the start is played at the next renewal. */
export function createBot(start: BotStart, words: Words): Bot {
  const { config, executable, controlFile, narration } = start;
  let { cluster, joined } = start;
  const atStart = JSON.stringify(readFault(controlFile));
  const play = async (): Promise<TbotFault> => {
    const fault = readFault(controlFile);
    if (JSON.stringify(fault) !== atStart) await playBeforeJoin(fault, controlFile);
    return fault;
  };
  return {
    cluster,
    async context() {
      await release(controlFile);
      const fault = await play();
      const cancelled = new AbortController().signal;
      if (Date.parse(joined.validBefore) < Date.now()) throw new Failure(expired);
      return { cluster, joined, lifetime: config.lifetime, executable, fault, cancelled };
    },
    async renew() {
      await play();
      words.rejoining();
      const { version, log, reach } = cluster;
      const place = { ...config.address, version, log, reach };
      const entry = await rejoinCluster(config, place).catch((error: unknown) => {
        if (!(error instanceof Failure)) throw error;
        throw error.within(...contextsOf(version.entry, version.major));
      });
      ({ cluster, joined } = entry);
      narration.rejoined(joined);
    },
  };
}

/** Recorded for 15.0.0-dev, in part: `failed to verify certificate`. The beginning and the end are ours. */
const expired =
  'tls: failed to verify certificate: x509: certificate has expired or is not yet valid';

/** Recorded for 15.0.0-dev; source of the others: `renewIdentity` in `lib/tbot/internal/identity/service.go`. */
function contextsOf(entry: 'output' | 'service', major: number): readonly string[] {
  if (entry === 'output') return ['renewing identity with token'];
  const using = 'renewing identity using Register';
  return ['renewing identity', major < 18 ? using : `${using} with existing auth client`];
}

/** Waits while the switch says 'held'. */
async function release(controlFile: string): Promise<void> {
  while (readFault(controlFile).kind === 'held') await sleep(10);
}
