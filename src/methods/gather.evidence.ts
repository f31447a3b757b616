import type { JobFacts } from '../ci/port.ts';
import { probeImds } from './azure.evidence.ts';
import { type Evidence, noEvidence, type ProbeOptions } from './evidence.ts';
import { requestIdToken } from './github.evidence.ts';
import { type JoinMethod, methodOf } from './index.ts';
import type { FailureKind } from './method.ts';

const sources: {
  readonly [Method in JoinMethod]?: (using: ProbeOptions) => Promise<Partial<Evidence>>;
} = {
  github: async (using) => ({ idToken: await requestIdToken(using) }),
  azure: async (using) => ({ imds: await probeImds(using) }),
};

/** Requests evidence if tbot's error does not explain the failure. Never throws. */
export async function gatherEvidence(
  method: JoinMethod,
  { failure, job }: { readonly failure: FailureKind; readonly job: JobFacts },
  using: ProbeOptions,
): Promise<Evidence> {
  if (!methodOf(method).needsEvidence?.(failure, job)) return noEvidence;
  return { ...noEvidence, ...(await sources[method]?.(using)) };
}
