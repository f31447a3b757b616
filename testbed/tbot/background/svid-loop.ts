import { setTimeout as sleep } from 'node:timers/promises';
import { describeDestination } from '../destination.ts';
import { formatGoDuration } from '../duration.ts';
import { Failure } from '../failure.ts';
import type { JwtSvidService, X509SvidService } from '../service/service.ts';
import { firstBackoff } from './loop.ts';
import type { Reporter } from './registry.ts';
import type { Words } from './words.ts';

/** The renewal of an SVID. */
interface SvidLoop {
  readonly service: X509SvidService | JwtSvidService;
  /** The renewal interval in seconds. */
  readonly interval: number;
  readonly words: Words;
  readonly reporter: Reporter;
  readonly generate: () => Promise<void>;
}

/**
 * Renews an SVID, without a limit of retries. These services have a separate loop.
 * Source: `Run` in `lib/tbot/services/workloadidentity/x509_output.go`.
 */
export async function runSvidLoop(loop: SvidLoop): Promise<never> {
  const { interval, words } = loop;
  for (let failures = 0; ;) {
    if (await succeeds(loop)) {
      failures = 0;
      await sleep(interval * 1000);
      words.service('Renewal interval reached, renewing SVIDs');
    } else {
      failures += 1;
      await retry(failures, loop);
    }
  }
}

async function succeeds({ service, words, reporter, generate }: SvidLoop): Promise<boolean> {
  const kind = service.type === 'workload-identity-x509' ? 'X509' : 'JWT';
  try {
    await generate();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // The first context is added in oneshot mode only.
    const failure = new Failure(error.message, error.contexts.slice(1), error.kind);
    words.serviceError(`Failed to request ${kind === 'X509' ? '' : 'JWT '}SVID`, failure);
    return false;
  }
  words.service('Rendering output');
  words.service(`Successfully wrote ${kind} workload identity credential to destination`, {
    destination: describeDestination(service.destination),
  });
  reporter.healthy();
  return true;
}

/** Waits one second for each failure. The logged delay differs, as in the source. */
async function retry(failures: number, { interval, words, reporter }: SvidLoop): Promise<void> {
  const first = firstBackoff(interval);
  reporter.unhealthy();
  words.serviceWarning('Last attempt to generate output failed, will retry', {
    retry_after: formatGoDuration(Math.min(first * 2 ** (failures - 1), 60)),
    failures: `${failures}`,
  });
  await sleep(first * failures * 1000);
  words.service('Retrying');
}
