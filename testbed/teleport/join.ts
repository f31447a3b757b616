import { randomBytes, randomUUID } from 'node:crypto';
import { admit, type BotSession, type JoinPolicy, type JoinRequest } from './admission.ts';
import { issueSecret } from '../issued.ts';
import { Denial } from './denial.ts';

/** One try to join, for tests to look at. */
export interface JoinRecord {
  readonly method: string;
  readonly token: string;
  readonly ok: boolean;
  /** What the client was told. */
  readonly error?: string;
}

export interface JoinService {
  readonly joins: readonly JoinRecord[];
  /** Starts an Azure join: the challenge is 24 random bytes in base64url, good for one try. */
  challenge(): { readonly session: string; readonly challenge: string };
  /** Counts a try that a fault of the testbed ends before the service sees it. */
  lose(request: JoinRequest, error: string): void;
  /** Gives the bearer and the session; throws a Denial. */
  join(request: JoinRequest): Promise<{ readonly identity: string; readonly session: BotSession }>;
  /** The session of a bearer; throws a Denial. */
  session(bearer: string): BotSession;
}

/** The cluster's join service. It really verifies what it is shown. */
export function createJoinService(policy: JoinPolicy): JoinService {
  const joins: JoinRecord[] = [];
  const challenges = new Map<string, string>();
  const sessions = new Map<string, BotSession>();
  return {
    joins,
    challenge() {
      const session = randomUUID();
      const challenge = randomBytes(24).toString('base64url');
      challenges.set(session, challenge);
      return { session, challenge };
    },
    lose({ method, token }, error) {
      joins.push({ method, token, ok: false, error });
    },
    async join(request) {
      const { method, token } = request;
      try {
        const session = await admit(request, policy, challenges);
        const identity = issueSecret('bearer of the bot', randomBytes(32).toString('base64url'));
        sessions.set(identity, session);
        joins.push({ method, token, ok: true });
        return { identity, session };
      } catch (error) {
        joins.push({
          method,
          token,
          ok: false,
          error: error instanceof Error ? error.message : String(error),
        });
        throw error;
      }
    },
    session(bearer) {
      const session = sessions.get(bearer);
      if (session === undefined) throw new Denial('access denied');
      return session;
    },
  };
}
