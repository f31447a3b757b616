import { UnsecuredJWT } from 'jose';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import type { Reply } from '../../src/http/client.ts';
import { type Evidence, noEvidence, type ProbeOptions } from '../../src/methods/evidence.ts';
import type { Identity } from '../../src/methods/join-identity.ts';
import {
  explain,
  type Explanation,
  type JoinContext,
  type TbotFailure,
} from '../../src/tbot/diagnosis/explain.ts';

/** The variables of a job that can request an OIDC token. */
const endpoint = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.example.com/token?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};

/** A join from a job of a private repository. */
export function joinContext(identity: Identity, tbotVersion: string): JoinContext {
  return {
    endpoint: { kind: 'proxy', address: 'rig.example.com:443' },
    cluster: 'rig.example.com',
    token: 'ci',
    identity,
    tbotVersion,
    job: { ...githubActions({}).job, publicRepository: false },
  };
}

/** Explains a failure of tbot. GitHub and Azure respond to requests with this evidence. */
export async function explainWith(
  failure: TbotFailure,
  context: JoinContext,
  evidence: Evidence = noEvidence,
): Promise<Explanation> {
  const answer = context.identity.method === 'azure' ? evidence.imds : evidence.idToken;
  const given = evidence.idToken !== undefined && evidence.idToken.kind !== 'no-endpoint';
  const probe: ProbeOptions = {
    env: given ? endpoint : {},
    network: { get: async (url) => replyOf(url, answer) },
    mask: () => undefined,
    signal: new AbortController().signal,
  };
  return explain(failure, context, probe);
}

/** Explains the failure of a tbot that printed these lines. */
export async function explainLog(
  log: readonly string[],
  context: JoinContext,
  evidence?: Evidence,
): Promise<Explanation> {
  return explainWith({ exit: { kind: 'code', code: 1 }, log }, context, evidence);
}

function replyOf(url: string, answer: Evidence['idToken'] | Evidence['imds']): Reply {
  if (answer === undefined || answer.kind === 'unreachable') throw new Error('unreachable');
  const text = bodyOf(answer);
  return {
    url,
    status: answer.kind === 'status' ? answer.status : 200,
    headers: {},
    body: new Response(text).body ?? new ReadableStream(),
    text: async () => text,
    discard: () => undefined,
  };
}

function bodyOf(answer: NonNullable<Evidence['idToken'] | Evidence['imds']>): string {
  if (answer.kind === 'claims')
    return JSON.stringify({ value: new UnsecuredJWT(answer.claims).encode() });
  if (answer.kind === 'machine') return JSON.stringify(answer.machine);
  return answer.kind === 'no-token' ? '{}' : '<html></html>';
}
