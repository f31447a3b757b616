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

/** The bot and its current identity. */
export interface Bot {
  readonly cluster: Cluster;
  /** Returns the context of a request with the current identity. Throws a Failure if the identity has expired. */
  context(): Promise<OutputContext>;
  /** Renews the identity by a new join, as all delegated join methods do. Throws a Failure. */
  renew(): Promise<void>;
}

/** The result of the first join, and where this program and its fault file are. */
export interface BotStart {
  readonly config: BotConfig;
  readonly cluster: Cluster;
  readonly joined: Joined;
  readonly narration: Narration;
  readonly executable: string;
  readonly controlFile: string;
}

/** Creates the bot. A fault that is set after the start takes effect at the next renewal. */
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

/** Of this text, only `failed to verify certificate` is recorded (15.0.0-dev). */
const expired =
  'tls: failed to verify certificate: x509: certificate has expired or is not yet valid';

/** Returns the contexts of a failed renewal. Recorded from 15.0.0-dev; source of the others: `renewIdentity` in `lib/tbot/internal/identity/service.go`. */
function contextsOf(entry: 'output' | 'service', major: number): readonly string[] {
  if (entry === 'output') return ['renewing identity with token'];
  const using = 'renewing identity using Register';
  return ['renewing identity', major < 18 ? using : `${using} with existing auth client`];
}

/** Waits while the fault is 'hold-credentials'. */
async function release(controlFile: string): Promise<void> {
  while (readFault(controlFile).kind === 'hold-credentials') await sleep(10);
}
