import { randomBytes, randomUUID } from 'node:crypto';
import { admit, type BotSession, type JoinPolicy, type JoinRequest } from './admission.ts';
import { Denial } from './denial.ts';

/** A join attempt, for tests. */
export interface JoinRecord {
  readonly method: string;
  readonly token: string;
  readonly ok: boolean;
  /** The response to the client. */
  readonly error?: string;
}

export interface JoinService {
  readonly joins: readonly JoinRecord[];
  /** Starts an Azure join. Returns the challenge: 24 random bytes in base64url, valid once. */
  challenge(): { readonly session: string; readonly challenge: string };
  /** Records an attempt that a fault ends before the service receives it. */
  lose(request: JoinRequest, error: string): void;
  /** Returns the bearer and the session. Throws a Denial. */
  join(request: JoinRequest): Promise<{ readonly identity: string; readonly session: BotSession }>;
  /** Returns the session of a bearer. Throws a Denial. */
  session(bearer: string): BotSession;
}

/** Returns the cluster's join service, which verifies all evidence. */
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
        const identity = randomBytes(32).toString('base64url');
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
