import type { ProbeOptions } from '../../methods/evidence.ts';
import { gatherEvidence } from '../../methods/gather.evidence.ts';
import { Problem } from '../../problem.ts';
import { diagnose, refine } from './diagnose.ts';
import type { JoinContext, TbotFailure } from './diagnosis.ts';
import { problemOf } from './messages/index.ts';

export type { JoinContext, TbotFailure } from './diagnosis.ts';

/** Why tbot failed. */
export interface Explanation {
  readonly problem: Problem;
  /** Another attempt may succeed. */
  readonly retryable: boolean;
}

/**
 * Explains a failure of tbot. Requests the job's claims or the machine's description only if tbot's
 * error does not explain the failure. Never throws.
 */
export async function explain(
  failure: TbotFailure,
  context: JoinContext,
  using: ProbeOptions,
): Promise<Explanation> {
  const { identity, job } = context;
  const first = diagnose(failure, context);
  const kind = { code: first.code, page: first.code === 'tbot' && first.page };
  const evidence = await gatherEvidence(identity, { failure: kind, job }, using);
  const diagnosis = refine(first, evidence);
  return { problem: problemOf(diagnosis, context, evidence), retryable: diagnosis.retryable };
}

/**
 * Matches tbot's log if it used the address in `auth_server` as that of a proxy: recorded from
 * 15.0.0-dev; later releases: lib/auth/join/join.go, lib/join/joinclient/join.go.
 */
const usedProxy = /registered.*via proxy server|next_method[^\w]{1,2}proxy\b/i;

/** tbot first tries a join service that older clusters lack, so the log can mention both. */
const usedAuthServer = /registered.*with auth server/i;

/**
 * Checks that tbot did not bypass the CA pins: if no Auth Service matches them, it joins through the same
 * address as a proxy's and trusts the system's CA certificates. Throws a Problem `proxy-untrusted`.
 */
export function checkPinned(
  log: readonly string[],
  { endpoint }: Pick<JoinContext, 'endpoint'>,
): void {
  const logs = (pattern: RegExp): boolean => log.some((line) => pattern.test(line));
  if (endpoint.kind === 'proxy' || !logs(usedProxy) || logs(usedAuthServer)) return;
  throw new Problem({
    code: 'proxy-untrusted',
    what: `${endpoint.address} is a Teleport Proxy, not an Auth Service, so tbot joined through it without checking \`ca-pins\`.`,
    fix: 'Set `auth-server` to the address of the Auth Service (usually port 3025), or set `proxy` to this address and remove `ca-pins`.',
  });
}
