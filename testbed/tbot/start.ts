import { resolve } from 'node:path';
import type { TbotFault } from '../faults.ts';
import type { Invocation } from './cli.ts';
import { type BotConfig, readConfig } from './config.ts';
import { createDestination } from './destination.ts';
import { joinCluster } from './join.ts';
import { createLog, type Log } from './log.ts';
import { narrate } from './narration.ts';
import { generateAll } from './output/generate.ts';
import { listenToSignals, playBeforeJoin, readFault } from './play.ts';
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
    const words = 'Received interrupt, triggering shutdown';
    log.info(from, version.entry === 'output' ? `${words}.` : words);
    tellOfTelemetry(config, log);
    process.exit(0);
  });
  createDestination(config.storage, log);
  for (const service of config.services) {
    const folders =
      service.type === 'database' && service.format === 'cockroach' ? ['cockroach'] : [];
    createDestination(service.destination, log, folders);
  }
  await playBeforeJoin(fault, place.controlFile);
  await joinAndRun(config, version, log, { ...place, fault });
}

/** Logs the two recorded lines about telemetry. Their text is from `tool/tbot/main.go`. The stand-in sends nothing. */
function tellOfTelemetry({ oneshot }: BotConfig, log: Log): void {
  const asked = /^(1|true|yes)$/i.test(process.env['TELEPORT_ANONYMOUS_TELEMETRY'] ?? '');
  if (oneshot || !asked) return;
  const from = { component: 'TBOT', caller: 'tbot/main.go' };
  log.info(
    from,
    'Waiting up to 10s for anonymous telemetry to finish sending before exiting. Press CTRL-C to cancel.',
  );
  log.warn(from, 'Anonymous telemetry transmission canceled due to signal or timeout.');
}

async function joinAndRun(
  config: BotConfig,
  version: PlayedVersion,
  log: Log,
  { fault, controlFile, ...place }: Place & { readonly fault: TbotFault },
): Promise<void> {
  const { address, insecure, lifetime } = config;
  const executable = resolve(place.executable);
  const authorities = trustedAuthorities(process.env);
  const reach = { env: process.env, authorities, insecure };
  const narration = narrate(version, log);
  narration.joining();
  const { joined, cluster } = await joinCluster(config, { ...address, version, log, reach });
  narration.joined(joined);
  narration.started(config);
  if (!config.oneshot) {
    const { runInBackground } = await import('./background/run.ts');
    return await runInBackground({ config, cluster, joined, narration, executable, controlFile });
  }
  const context = { cluster, joined, lifetime, fault, executable };
  await generateAll(config.services, context, narration);
  narration.finished();
}
