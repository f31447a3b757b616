const required = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'];

/**
 * When the session of a profile ends, as tbot writes it into AWS's shared credentials file;
 * undefined where it does not say. Throws an Error when the profile is missing or not whole.
 */
export function awsSession(text: string, profile: string): Date | undefined {
  const session = sections(text).get(profile);
  if (!session) throw new Error(`it has no profile \`${profile}\``);
  const missing = required.filter((key) => !session.get(key));
  if (missing.length > 0) throw new Error(`the profile \`${profile}\` lacks ${missing.join(', ')}`);
  return momentOf(session.get('expiration'));
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
function momentOf(text: string | undefined): Date | undefined {
  if (text === undefined || text === '') return undefined;
  const moment = new Date(/^\d+$/.test(text) ? Number(text) : text);
  return Number.isNaN(Number(moment)) ? undefined : moment;
}
