import type { TextOf, Verified } from './credential.ts';

const required = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'];

/**
 * Verifies the session of a profile in AWS's shared credentials file. `expiresAt` is undefined if the
 * file does not contain it. Throws an Error whose message is a clause.
 */
export function verifyAwsSession(
  text: TextOf,
  { credential_profile_name: profile = 'default' }: { readonly credential_profile_name?: string },
): Verified {
  const session = sections(text('aws-credentials')).get(profile);
  if (!session) throw new Error(`it has no profile \`${profile}\``);
  const missing = required.filter((key) => !session.get(key));
  if (missing.length > 0) throw new Error(`the profile \`${profile}\` lacks ${missing.join(', ')}`);
  return { certificate: undefined, expiresAt: dateOf(session.get('expiration')) };
}

function sections(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const found = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split(/\r?\n/).map((raw) => raw.trim())) {
    const name = /^\[(.+)\]$/.exec(line)?.[1]?.trim();
    const [, key, value] = /^([\w-]+)[ \t]*=(.*)$/.exec(line) ?? [];
    if (name !== undefined) found.set(name, (current = new Map()));
    else if (key !== undefined && value !== undefined) current.set(key, value.trim());
  }
  return found;
}

/** Milliseconds since 1970 (lib/tbot/services/awsra), or a date as AWS's own tools write it. */
function dateOf(text: string | undefined): Date | undefined {
  if (text === undefined || text === '') return undefined;
  const moment = new Date(/^\d+$/.test(text) ? Number(text) : text);
  return Number.isNaN(Number(moment)) ? undefined : moment;
}
