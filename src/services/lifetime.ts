import { Problem } from '../problem.ts';
import { formatDuration, rfc3339 } from '../text/time.ts';
import { type Availability, supports } from '../versions/releases.ts';
import { botOf, type Credential } from './credential.ts';
import { descriptorOf, requestedLifetime } from './index.ts';

/** The releases that issue bots certificates for up to a week instead of a day (CHANGELOG.md, 17.4.5). */
export const weekLong: Availability = { since: ['17.4.5'] };

const hour = 3600;

/** Returns the longest lifetime of a bot's certificate, in seconds (lib/defaults/defaults.go). */
export function longestLifetime(version: string): number {
  return (supports(version, weekLong) ? 168 : 24) * hour;
}

/** A lifetime may be shorter than requested by this much without a notice; seconds. */
const tolerance = 60;

/** The inputs for lifetimes; seconds. */
export interface RequestedLifetime {
  readonly certificateTtl: number;
  readonly minTtl?: number | undefined;
}

type Judged = Pick<Credential, 'name' | 'expiresAt' | 'certificate' | 'service'>;

/**
 * Compares the lifetimes of the certificates with those requested, because Teleport shortens them
 * silently. Returns a notice if one is shorter. Throws a Problem `ttl` if a credential expires sooner
 * than `min-ttl` requires, and `clock` if it has expired. `now` is in milliseconds since 1970.
 */
export function checkLifetime(
  credentials: readonly Judged[],
  { certificateTtl, minTtl = 0 }: RequestedLifetime,
  now: number,
): string | undefined {
  const lifetimes = lifetimesOf(credentials, certificateTtl, now);
  const over = lifetimes.find(({ left }) => left <= 0);
  if (over) throw expired(over, now);
  const [certificate] = credentials.flatMap((credential) => credential.certificate ?? []);
  const causes = causesOf(certificate === undefined ? '' : botOf(certificate));
  const short = lifetimes.find(({ left }) => left < nearly(minTtl));
  if (short) throw tooShort(short, minTtl, causes);
  const cut = lifetimes.filter(({ left, enough }) => left < enough);
  const [first] = cut;
  if (!first) return undefined;
  const names = cut.map(({ name }) => `\`${name}\``).join(', ');
  const requested = `sooner than the requested ${formatDuration(first.requested)}`;
  const end = rfc3339(first.end);
  const fact =
    cut.length === 1
      ? `Credential ${names} expires at ${end}, ${requested}.`
      : `Credentials ${names} expire ${requested}, the first at ${end}.`;
  return `${fact} ${first.shortenedBy ?? causes}`;
}

/** Durations in seconds. */
interface Lifetime {
  readonly name: string;
  readonly end: Date;
  readonly left: number;
  readonly requested: number;
  /** A lifetime of at least this length counts as the requested one. */
  readonly enough: number;
  readonly shortenedBy: string | undefined;
}

/** Subtracts a tolerance for the time that the join took: at most half of the lifetime. */
function nearly(seconds: number): number {
  return seconds - Math.min(tolerance, seconds / 2);
}

/** Returns those that expire, the soonest first. */
function lifetimesOf(
  credentials: readonly Judged[],
  usual: number,
  now: number,
): readonly Lifetime[] {
  return credentials
    .flatMap(({ name, expiresAt: end, service }) => {
      if (!end) return [];
      const requested = (service && requestedLifetime(service)) ?? usual;
      const left = Math.round((Number(end) - now) / 1000);
      const shortenedBy = service && descriptorOf(service.type).lifetime.shortenedBy;
      return [{ name, end, left, requested, enough: nearly(requested), shortenedBy }];
    })
    .toSorted((one, other) => Number(one.end) - Number(other.end));
}

/** Returns a notice for each credential that remains valid after the job. */
export function revocationNotices(credentials: readonly Judged[]): readonly string[] {
  return credentials.flatMap(({ name, expiresAt, service }) => {
    if (service === undefined) return [];
    const { outlivesJob, key } = descriptorOf(service.type).lifetime;
    if (outlivesJob === undefined) return [];
    const lifetime = formatDuration(requestedLifetime(service) ?? 0);
    const end = expiresAt === undefined ? `for ${lifetime}` : `until ${rfc3339(expiresAt)}`;
    return [
      `The ${outlivesJob} of \`${name}\` cannot be revoked by this action: a copy remains valid ${end}, even after the job. To shorten it, set \`${key}\`.`,
    ];
  });
}

/** An expired credential is unusable. Usually one of the clocks is wrong. */
function expired({ name, end }: Lifetime, now: number): Problem {
  return new Problem({
    code: 'clock',
    what: `Credential \`${name}\` expired at ${rfc3339(end)}, and the runner's clock shows ${rfc3339(new Date(now))}.`,
    fix: 'Compare the clocks of the runner and of the cluster (`timedatectl`). If both are correct, contact the Teleport administrator: the cluster issues expired certificates.',
  });
}

function tooShort({ name, end }: Lifetime, minTtl: number, causes: string): Problem {
  return new Problem({
    code: 'ttl',
    what: `Credential \`${name}\` expires at ${rfc3339(end)}, sooner than \`min-ttl\` (${formatDuration(minTtl)}) requires.`,
    fix: `Lower \`min-ttl\`, or ask the Teleport administrator for a longer lifetime. ${causes}`,
  });
}

function causesOf(bot: string): string {
  return `Teleport limits the lifetime to the \`max_session_ttl\` of the bot (default: 12h; \`tctl edit bot/${bot || 'NAME'}\`) and of each of its roles.`;
}
