import type { JobFacts } from '../ci/port.ts';
import { requestPipelineToken } from './azure-devops.evidence.ts';
import { probeImds } from './azure.evidence.ts';
import { type Evidence, noEvidence, type ProbeOptions } from './evidence.ts';
import { requestIdToken } from './github.evidence.ts';
import { claimRulesOf } from './claim-rules.ts';
import { claimsIn } from './claims.evidence.ts';
import { type JoinMethod, methodOf } from './index.ts';
import { type Identity, variablesOf } from './join-identity.ts';
import type { FailureKind } from './method.ts';

const sources: {
  readonly [Method in JoinMethod]?: (
    using: ProbeOptions,
    identity: Identity,
  ) => Promise<Partial<Evidence>>;
} = {
  github: async (using) => ({ idToken: await requestIdToken(using) }),
  gitlab: inVariable,
  circleci: inVariable,
  generic_oidc: inVariable,
  azure_devops: async (using) => ({ idToken: await requestPipelineToken(using) }),
  azure: async (using) => ({ imds: await probeImds(using) }),
};

/** Requests evidence if tbot's error does not explain the failure. Never throws. */
export async function gatherEvidence(
  identity: Identity,
  { failure, job }: { readonly failure: FailureKind; readonly job: JobFacts },
  using: ProbeOptions,
): Promise<Evidence> {
  const { method } = identity;
  if (!methodOf(method).needsEvidence?.(failure, job)) return noEvidence;
  return { ...noEvidence, ...(await sources[method]?.(using, identity)) };
}

/** Reads the claims of the OIDC token in a variable. No request is necessary. */
async function inVariable(
  { env, mask }: ProbeOptions,
  identity: Identity,
): Promise<Partial<Evidence>> {
  const [token] = variablesOf(identity).required.map((name) => env[name]);
  const { names = [] } = claimRulesOf(identity.method) ?? {};
  // The audience explains a denial, but no allow rule matches it.
  const wanted = names === 'all' ? names : [...names, 'aud'];
  return token ? { idToken: await claimsIn(token, wanted, mask) } : {};
}
