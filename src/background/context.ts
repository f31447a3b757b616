import type { JobFacts } from '../ci/port.ts';
import type { Endpoint } from '../cluster/endpoint.ts';
import type { Identity } from '../methods/join-identity.ts';
import { isJoinMethod } from '../methods/index.ts';
import { type Onboarding, secretsOf } from '../methods/onboarding.ts';
import type { JoinContext } from '../tbot/diagnosis/explain.ts';
import { isRecord, property } from '../text/json.ts';
import type { BackgroundMark } from '../workdir/marker.ts';

/** What the explanation of a failed renewal depends on, without secrets. */
export interface RenewalContext {
  readonly join: JoinContext;
  /** The file with further CA certificates that the step trusted. */
  readonly extraCaFile: string | undefined;
  /** Whether the step writes job summaries. */
  readonly summary: boolean;
}

/** Returns the context as the marker records it. Leaves out the facts that each step knows itself. */
export function contextForMarker({
  join: { endpoint, cluster, token, tbotVersion, identity },
  extraCaFile,
  summary,
}: RenewalContext): BackgroundMark['context'] {
  const { method, onboarding = {} } = identity;
  const known = secretsOf(onboarding).length > 0 ? {} : { onboarding };
  const joining = { endpoint, cluster, token, identity: { method, ...known } };
  return { ...joining, tbotVersion, extraCaFile, summary };
}

/** Reads the context from a marker. Returns undefined if it is damaged. */
export function contextFromMarker(
  { context }: BackgroundMark,
  job: JobFacts,
): RenewalContext | undefined {
  const endpoint = endpointIn(context['endpoint']);
  const identity = identityIn(context['identity']);
  const tbotVersion = context['tbotVersion'];
  if (!endpoint || !identity || typeof tbotVersion !== 'string') return undefined;
  const [cluster, token, extraCaFile] = ['cluster', 'token', 'extraCaFile'].map((name) =>
    textIn(context[name]),
  );
  return {
    join: { endpoint, identity, tbotVersion, cluster, token, job },
    extraCaFile,
    summary: context['summary'] !== false,
  };
}

function textIn(json: unknown): string | undefined {
  return typeof json === 'string' ? json : undefined;
}

function endpointIn(json: unknown): Endpoint | undefined {
  const [kind, address] = [property(json, 'kind'), property(json, 'address')];
  if (typeof address !== 'string') return undefined;
  if (kind === 'proxy') return { kind, address };
  // The pins are not needed: they were compared when tbot joined.
  return kind === 'auth-server' ? { kind, address, caPins: [] } : undefined;
}

function identityIn(json: unknown): Identity | undefined {
  const method = textIn(property(json, 'method'));
  if (method === undefined || !isJoinMethod(method)) return undefined;
  const onboarding = property(json, 'onboarding');
  return isOnboarding(onboarding) ? { method, onboarding } : { method };
}

function isOnboarding(json: unknown): json is Onboarding {
  return isRecord(json) && Object.values(json).every(isRecord);
}
