import type { Reply } from './get.ts';
import { parseRetryAfter, StatusError } from './retry.ts';

/** The answer when it is 200. Throws a StatusError for another. */
export function ok(reply: Reply): Reply {
  if (reply.status === 200) return reply;
  reply.discard();
  const wait = parseRetryAfter(reply.headers['retry-after'], Date.now());
  const { host } = new URL(reply.url);
  throw new StatusError(`${host} answers with status ${reply.status}`, reply.status, wait);
}
