import { setTimeout as pause } from 'node:timers/promises';
import type { CiPort } from './ci/port.ts';
import { checkIssuers } from './cluster/expected-cluster.ts';
import type { Inputs } from './inputs/inputs.ts';
import type { JoinResult } from './join.ts';
import type { Credential } from './services/credential.ts';
import { checkLifetime, revocationNotices } from './services/lifetime.ts';
import { credentialNames, type PlannedService } from './services/requests.ts';
import { maskWritten, readCredential } from './services/verify.ts';

/** Reads the issued credentials and checks them against the inputs. */
export async function collect(
  { plan, running }: JoinResult,
  inputs: Inputs,
  announced: string | undefined,
  ci: CiPort,
): Promise<readonly Credential[]> {
  const credentials: Credential[] = [];
  for (const planned of plan.services) {
    const credential = await (running === undefined
      ? readCredential(planned, ci.debug)
      : readWhileRenewed(planned, ci.debug));
    credentials.push(...credentialNames(planned).map((name) => ({ ...credential, name })));
  }
  if (running) maskWritten(plan.services, ci.mask);
  const clusters = credentials.map(({ cluster }) => cluster);
  checkIssuers(clusters, inputs.expectedCluster, inputs.endpoint, announced);
  const notice = checkLifetime(credentials, inputs, Date.now());
  for (const text of [...(notice === undefined ? [] : [notice]), ...revocationNotices(credentials)])
    ci.notice('machine-id-action', text);
  return credentials;
}

/** Reads a credential again if it cannot be used, because tbot rewrites its files in place. */
async function readWhileRenewed(
  planned: PlannedService,
  debug: CiPort['debug'],
): Promise<Credential> {
  for (let count = 1; ; count += 1) {
    try {
      return await readCredential(planned, debug);
    } catch (error) {
      if (count >= 20) throw error;
      await pause(50);
    }
  }
}
