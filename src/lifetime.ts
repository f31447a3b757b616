import { formatDuration } from './inputs/duration.ts';
import type { Inputs } from './inputs/inputs.ts';
import { soonest } from './joined.ts';
import { Problem } from './problem.ts';
import { rfc3339 } from './publish/outputs.ts';
import type { Credential } from './tbot/credentials.ts';

/** Seconds by which a lifetime may be short without a word: tbot asked a little while ago. */
const tolerance = 60;

/**
 * Compares what the certificates say with what was asked for; Teleport cuts a lifetime silently.
 * Answers a notice where they are shorter. Throws a Problem `ttl` where they end before `min-ttl`.
 * `now` in milliseconds since 1970.
 */
export function checkLifetime(
  credentials: readonly Credential[],
  inputs: Pick<Inputs, 'certificateTtl' | 'minTtl'>,
  now: number,
): string | undefined {
  const first = soonest(credentials);
  if (!first) return undefined;
  const end = first.expiresAt;
  const left = Math.max(0, Math.round((Number(end) - now) / 1000));
  const bot = first.certificate.user.replace(/^bot-/, '');
  if (inputs.minTtl !== undefined && left < inputs.minTtl - tolerance)
    throw tooShort(end, inputs.minTtl, bot);
  if (left >= inputs.certificateTtl - tolerance) return undefined;
  return `The credentials end ${rfc3339(end)}, sooner than the ${formatDuration(inputs.certificateTtl)} asked for. ${causesOf(bot)}`;
}

function tooShort(end: Date, minTtl: number, bot: string): Problem {
  return new Problem({
    code: 'ttl',
    what: `The credentials end ${rfc3339(end)}, sooner than \`min-ttl\` (${formatDuration(minTtl)}) wants.`,
    fix: `Let the bot have longer ones, or lower \`min-ttl\`. ${causesOf(bot)}`,
  });
}

function causesOf(bot: string): string {
  return `Teleport cuts to the \`max_session_ttl\` of the bot (12h unless it was raised with \`tctl edit bot/${bot}\`) and of each of its roles.`;
}
