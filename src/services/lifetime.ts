import { Problem } from '../problem.ts';
import { formatDuration, rfc3339 } from '../text/time.ts';
import { type Availability, supports } from '../versions/releases.ts';
import { botOf, type Credential } from './credential.ts';
import { descriptorOf, requestedLifetime } from './index.ts';

/** Bots' certificates live for a week instead of a day (CHANGELOG.md, 17.4.5). */
export const weekLong: Availability = { since: ['17.4.5'] };

const hour = 3600;

/** Returns the longest lifetime of a bot's certificate, in seconds (lib/defaults/defaults.go). */
export function longestLifetime(version: string): number {
  return (supports(version, weekLong) ? 168 : 24) * hour;
}

/** How much shorter than requested a lifetime may be without a notice; seconds. */
const tolerance = 60;

/** The lifetimes that the inputs request; seconds. */
export interface RequestedLifetime {
  readonly certificateTtl: number;
  readonly minTtl?: number | undefined;
}

type Issued = Pick<Credential, 'name' | 'expiresAt' | 'certificate' | 'service'>;

/**
 * Compares the lifetimes in the certificates with those requested, because Teleport shortens them
 * silently. Returns a notice if they are shorter. Throws a Problem `ttl` for a credential that expires
 * before `min-ttl`, and `clock` for one that has expired. `now` is in milliseconds since 1970.
 */
export function checkLifetime(
  credentials: readonly Issued[],
  { certificateTtl, minTtl = 0 }: RequestedLifetime,
  now: number,
): string | undefined {
  const lifetimes = lifetimesOf(credentials, certificateTtl, now);
  const expired = lifetimes.find(({ left }) => left <= 0);
  if (expired) throw expiredProblem(expired, now);
  const [certificate] = credentials.flatMap((credential) => credential.certificate ?? []);
  const limits = limitsOf(certificate === undefined ? '' : botOf(certificate));
  const short = lifetimes.find(({ left }) => left < nearly(minTtl));
  if (short) throw tooShort(short, minTtl, short.shortenedBy ?? limits);
  const shortened = lifetimes.filter(({ left, enough }) => left < enough);
  const [first] = shortened;
  if (!first) return undefined;
  const names = shortened.map(({ name }) => `\`${name}\``).join(', ');
  return `The requested lifetime is ${formatDuration(first.requested)}, but the credentials expire at ${rfc3339(first.end)} (${names}). ${first.shortenedBy ?? limits}`;
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
  credentials: readonly Issued[],
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

/** Returns a notice for each credential that stays valid after the job. */
export function revocationNotices(credentials: readonly Issued[]): readonly string[] {
  return credentials.flatMap(({ name, expiresAt, service }) => {
    if (service === undefined) return [];
    const { outlivesJob, key } = descriptorOf(service.type).lifetime;
    if (outlivesJob === undefined) return [];
    const end =
      expiresAt === undefined
        ? `for ${formatDuration(requestedLifetime(service) ?? 0)}`
        : `until ${rfc3339(expiresAt)}`;
    return [
      `The post step cannot revoke the ${outlivesJob} of credential \`${name}\`: a copy stays valid ${end}, even after the job. Set \`${key}\` to shorten its lifetime.`,
    ];
  });
}

/** An expired credential is unusable. Usually one of the clocks is wrong. */
function expiredProblem({ name, end }: Lifetime, now: number): Problem {
  return new Problem({
    code: 'clock',
    what: `Credential \`${name}\` expired at ${rfc3339(end)}, but the clock of the runner shows ${rfc3339(new Date(now))}.`,
    fix: 'Compare the clocks of the runner (`timedatectl status`) and of the cluster. If both are correct, ask the Teleport administrator why the cluster issues expired certificates.',
  });
}

function tooShort({ name, end }: Lifetime, minTtl: number, limits: string): Problem {
  return new Problem({
    code: 'ttl',
    what: `Credential \`${name}\` expires at ${rfc3339(end)}, earlier than \`min-ttl\` (${formatDuration(minTtl)}) requires.`,
    fix: `Raise the limit, or lower \`min-ttl\`. ${limits}`,
  });
}

function limitsOf(bot: string): string {
  return `Teleport limits certificate lifetimes to the \`max_session_ttl\` of the bot (12h by default; set with \`tctl edit bot/${bot || 'NAME'}\`) and of each of its roles.`;
}
