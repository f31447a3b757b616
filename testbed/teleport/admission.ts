import { randomUUID } from 'node:crypto';
import { type AzureProof, type ImdsTrust, verifyInstance } from './azure.ts';
import { Denial, githubMismatch, wordingOf } from './denial.ts';
import { verifyIdToken } from './github.ts';
import { type OidcIssuers, type OidcToken, verifyOidcJob } from './oidc-job.ts';
import type { Bot, JoinToken } from './resources.ts';
import { azureAllowed, githubAllowed } from './rules.ts';

/** A join request. The TTL is in seconds. */
export type JoinRequest = { readonly token: string; readonly ttlSeconds: number } & (
  | { readonly method: 'github' | OidcToken['joinMethod']; readonly idToken: string }
  | ({ readonly method: 'azure'; readonly session: string } & AzureProof)
);

/** A joined bot, which authenticates itself by a bearer secret. */
export interface BotSession {
  readonly name: string;
  /** `bot-<name>` */
  readonly user: string;
  readonly bot: Bot;
  readonly instanceId: string;
  readonly validAfter: Date;
  readonly validBefore: Date;
}

/** The facts that a decision depends on. */
export interface JoinPolicy {
  readonly teleportMajor: number;
  readonly bots: Readonly<Record<string, Bot>>;
  readonly tokens: Readonly<Record<string, JoinToken>>;
  readonly githubIssuer: () => string;
  readonly imdsTrust: () => ImdsTrust;
  readonly clusterName: string;
  readonly issuers?: OidcIssuers;
  readonly now: () => Date;
}

const MINUTE = 60_000;
const DEFAULT_SESSION_TTL = 12 * 3600;

/** The requested lifetime is shortened to the bot's maximum without a message. Recorded from 15.0.0-dev. */
export function lifetime(bot: Bot, ttlSeconds: number, now: Date): { from: Date; to: Date } {
  const seconds = Math.min(ttlSeconds, bot.maxSessionTtl ?? DEFAULT_SESSION_TTL);
  return {
    from: new Date(now.getTime() - MINUTE),
    to: new Date(now.getTime() + seconds * 1000),
  };
}

/** Returns the bot as which a client joins. Throws a Denial. */
export async function admit(
  request: JoinRequest,
  policy: JoinPolicy,
  challenges: Map<string, string>,
): Promise<BotSession> {
  const wording = wordingOf(policy.teleportMajor);
  const token = policy.tokens[request.token];
  const bot = token && policy.bots[token.bot];
  if (!token || !bot) throw new Denial(wording.unknownToken());
  if (token.joinMethod !== request.method) {
    throw new Denial(wording.wrongMethod(request.method, token.joinMethod));
  }
  if (!(token.roles ?? ['Bot']).includes('Bot')) throw new Denial(wording.roleNotAllowed());
  await verifyProof(request, token, policy, challenges);
  const user = `bot-${token.bot}`;
  if (bot.locked) throw new Denial(wording.locked(user));
  const { from, to } = lifetime(bot, request.ttlSeconds, policy.now());
  return {
    name: token.bot,
    user,
    bot,
    instanceId: randomUUID(),
    validAfter: from,
    validBefore: to,
  };
}

async function verifyProof(
  request: JoinRequest,
  token: JoinToken,
  policy: JoinPolicy,
  challenges: Map<string, string>,
): Promise<void> {
  if (request.method === 'github' && token.joinMethod === 'github') {
    const claims = await verifyIdToken(request.idToken, policy.githubIssuer(), policy.now());
    const matching = policy.teleportMajor < 18 ? 'exact' : 'glob';
    if (!githubAllowed(token.allow, claims, matching)) throw new Denial(githubMismatch);
  } else if (request.method === 'azure' && token.joinMethod === 'azure') {
    const challenge = challenges.get(request.session) ?? '';
    challenges.delete(request.session);
    const instance = await verifyInstance(request, challenge, policy.imdsTrust(), policy.now());
    if (!azureAllowed(token.allow, instance)) {
      throw new Denial(wordingOf(policy.teleportMajor).azureMismatch(instance.vmId, request.token));
    }
  } else if (
    'idToken' in request &&
    token.joinMethod !== 'github' &&
    token.joinMethod !== 'azure'
  ) {
    await verifyOidcJob(request.idToken, token, policy);
  }
}
