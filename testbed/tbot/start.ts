import { resolve } from 'node:path';
import type { TbotFault } from '../faults.ts';
import type { Invocation } from './cli.ts';
import { type BotConfig, readConfig } from './config.ts';
import { createDestination } from './destination.ts';
import { Failure } from './failure.ts';
import { joinCluster } from './join.ts';
import { createLog, type Log } from './log.ts';
import { narrate } from './narration.ts';
import { generateAll } from './output/generate.ts';
import { forever, listenToSignals, playBeforeJoin, readFault } from './play.ts';
import { trustedAuthorities } from './trust.ts';
import type { PlayedVersion } from './versions.ts';

/** The paths of this program and of its fault. */
export interface Place {
  readonly executable: string;
  readonly controlFile: string;
}

/** Runs `tbot start`. Calls `onDebug` with whether debug output was requested. */
export async function start(
  invocation: Invocation,
  version: PlayedVersion,
  place: Place,
  onDebug: (debug: boolean) => void,
): Promise<void> {
  onDebug(invocation.debug);
  const config = readConfig(invocation, version, createLog(version, invocation.debug));
  onDebug(config.debug);
  const log = createLog(version, config.debug);
  const fault = readFault(place.controlFile);
  listenToSignals(fault, () => {
    const from = { component: 'TBOT', caller: 'tbot/main.go:380' };
    log.info(from, 'Received interrupt, triggering shutdown.');
    process.exit(0);
  });
  createDestination(config.storage, log);
  for (const service of config.services) {
    const folders =
      service.type === 'database' && service.format === 'cockroach' ? ['cockroach'] : [];
    createDestination(service.destination, log, folders);
  }
  refuseBackground(config);
  await playBeforeJoin(fault, place.controlFile);
  await joinAndGenerate(config, version, log, { fault, executable: resolve(place.executable) });
  if (!config.oneshot) await forever();
}

function refuseBackground({ services, oneshot }: BotConfig): void {
  const first = services.find(({ type }) => type === 'long-running');
  if (oneshot || first?.type !== 'long-running') return;
  throw new Failure(`the stand-in does not play the type ${first.played} yet`);
}

async function joinAndGenerate(
  config: BotConfig,
  version: PlayedVersion,
  log: Log,
  play: { readonly fault: TbotFault; readonly executable: string },
): Promise<void> {
  const { address, insecure, lifetime } = config;
  const authorities = trustedAuthorities(process.env);
  const reach = { env: process.env, authorities, insecure };
  const narration = narrate(version, log);
  narration.joining();
  const { joined, cluster } = await joinCluster(config, { ...address, version, log, reach });
  narration.joined(joined);
  narration.started(config);
  await generateAll(config.services, { cluster, joined, lifetime, ...play }, narration);
  narration.finished(config);
}
