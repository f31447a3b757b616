import type { ProbeOptions } from '../../methods/probe.ts';
import { probeImds, type ImdsAnswer } from '../../methods/azure.evidence.ts';
import { requestIdToken, type IdTokenAnswer } from '../../methods/github.evidence.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { JoinContext } from './failure.ts';

/** What the job's own surroundings say about a failure; undefined where nobody was asked. */
export interface Evidence {
  readonly idToken: IdTokenAnswer | undefined;
  readonly imds: ImdsAnswer | undefined;
}

export const noEvidence: Evidence = { idToken: undefined, imds: undefined };

/** Asks what tbot did not tell, and only when the diagnosis leaves it open. Never throws. */
export async function gatherEvidence(
  diagnosis: Diagnosis,
  context: JoinContext,
  using: ProbeOptions,
): Promise<Evidence> {
  if (idTokenTells(diagnosis, context))
    return { ...noEvidence, idToken: await requestIdToken(using) };
  if (imdsTells(diagnosis, context)) return { ...noEvidence, imds: await probeImds(using) };
  return noEvidence;
}

function idTokenTells(diagnosis: Diagnosis, { identity }: JoinContext): boolean {
  if (identity.method !== 'github') return false;
  const { code } = diagnosis;
  if (code === 'tbot') return diagnosis.page;
  return code === 'claims-denied' || code === 'token-unknown' || code === 'id-token-refused';
}

/** What may not be shown is not asked for. */
function imdsTells({ code }: Diagnosis, { identity, job }: JoinContext): boolean {
  if (identity.method !== 'azure') return false;
  if (code === 'no-imds') return true;
  return !job.publicRepository && (code === 'azure-denied' || code === 'token-unknown');
}
