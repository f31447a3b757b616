import { formatDuration } from '../../text/duration.ts';
import { Problem } from '../../problem.ts';
import { descriptorOf, requestedLifetime, type Service } from '../../services/index.ts';
import { longestLifetime, weekLong } from '../../services/lifetime.ts';
import { versionPair, type Wanted } from './fit.ts';
import { orNewer } from '../../versions/releases.ts';

const hour = 3600;

/**
 * Checks before the join for lifetimes that tbot rejects or that the cluster certainly shortens. tbot
 * rejects only those of services (lib/tbot/bot/credential_lifetime.go). `ttl` is the common lifetime in
 * seconds. Returns a warning. Throws a Problem `ttl`.
 */
export function checkLongest(
  { version, serverVersion, services }: Omit<Wanted, 'identity'>,
  ttl: number,
): string | undefined {
  const lifetimes = services.map(({ name, request: { service } }) => ({
    name: `\`${name}\``,
    asked: lifetimeOf(service),
  }));
  const longest = longestLifetime(version);
  const over = lifetimes.filter(({ asked }) => asked > longest);
  if (over.length > 0) throw refusedLifetime(version, over);
  const given = Math.min(longest, longestLifetime(serverVersion ?? version));
  const cut = [{ name: '`certificate-ttl`', asked: ttl }, ...lifetimes].filter(
    ({ asked }) => asked > given,
  );
  if (cut.length === 0) return undefined;
  return `${listOf(cut)}: ${versionPair({ version, serverVersion })} has ${formatDuration(given)} at the most, and so will the certificates.`;
}

interface Lifetime {
  readonly name: string;
  /** Seconds. */
  readonly asked: number;
}

function listOf(lifetimes: readonly Lifetime[]): string {
  return lifetimes.map(({ name, asked }) => `${name} asks for ${formatDuration(asked)}`).join(', ');
}

function refusedLifetime(version: string, over: readonly Lifetime[]): Problem {
  const longest = longestLifetime(version);
  return new Problem({
    code: 'ttl',
    what: `tbot ${version} takes no \`credential_ttl\` over ${formatDuration(longest)}, and ${listOf(over)}.`,
    fix: `Ask for ${formatDuration(longest)} at the most${longest < 168 * hour ? `; tbot and clusters of ${orNewer(weekLong)} go up to 168h` : ''}.`,
  });
}

/** Returns the lifetime that tbot compares with its limit, in seconds; 0 if there is none. */
function lifetimeOf(service: Service): number {
  return descriptorOf(service.type).lifetime.limitedByTbot ? (requestedLifetime(service) ?? 0) : 0;
}
