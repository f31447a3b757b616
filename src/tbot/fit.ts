import { formatDuration } from '../inputs/duration.ts';
import { Problem } from '../problem.ts';
import { knownKeys, knownMethods, knownTypes, weekLong } from './known.ts';
import { type Known, knows, whoKnows } from './releases.ts';
import type { Service } from './services/service.ts';
import type { Named } from './services/names.ts';

export interface Wanted {
  readonly version: string;
  readonly method: keyof typeof knownMethods;
  readonly services: readonly Named[];
}

/**
 * Holds what is asked for against the tbot that there is: one that does not know a key ignores it,
 * and the credential would be another than the one asked for. Throws a Problem `version`.
 */
export function checkKnown({ version, method, services }: Wanted): void {
  const unknown = [
    ...missing(version, `the join method \`${method}\``, knownMethods[method]),
    ...services.flatMap(({ name, request: { service } }) => unknownIn(version, name, service)),
  ];
  const [first] = unknown;
  if (first === undefined) return;
  throw new Problem({
    code: 'version',
    what:
      unknown.length === 1
        ? `tbot ${version} can't do what is asked for: ${first}.`
        : `tbot ${version} can't do ${unknown.length} things that are asked for.`,
    fix: 'Update the cluster, give a `version` that it serves and that can, or do without.',
    details: unknown.length === 1 ? [] : unknown.map((line) => `- ${line}`),
  });
}

function unknownIn(version: string, name: string, service: Service): readonly string[] {
  const what = `\`${service.type}\` of the credential \`${name}\``;
  const type = missing(version, what, knownTypes[service.type]);
  if (type.length > 0) return type;
  return Object.entries(service).flatMap(([key, value]) =>
    Object.hasOwn(knownKeys, key) && asksFor(value)
      ? missing(version, `\`${key}\` of the credential \`${name}\``, knownKeys[key])
      : keysWithin(version, name, value),
  );
}

/** Selectors have keys of their own. */
function keysWithin(version: string, name: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const keys = new Set(value.flatMap((item) => (isMapping(item) ? Object.keys(item) : [])));
  return [...keys].flatMap((key) =>
    Object.hasOwn(knownKeys, key)
      ? missing(version, `\`${key}\` of the credential \`${name}\``, knownKeys[key])
      : [],
  );
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What says the same as leaving it out is no reason to refuse it. */
function asksFor(value: unknown): boolean {
  return value !== false && !(Array.isArray(value) && value.length === 0);
}

function missing(version: string, what: string, known: Known | undefined): readonly string[] {
  if (known === undefined || knows(version, known)) return [];
  return [`${what} needs ${whoKnows(known)}`];
}

const hour = 3600;

/** The longest lifetime that a tbot takes for a certificate, in seconds (lib/defaults/defaults.go). */
export function longestLifetime(version: string): number {
  return (knows(version, weekLong) ? 168 : 24) * hour;
}

/**
 * Lifetimes that tbot refuses or that the cluster cuts for certain, before anything is joined. tbot
 * refuses one of a service, and only warns of the common one (lib/tbot/bot/credential_lifetime.go).
 * Answers a warning. Throws a Problem `ttl`.
 */
export function checkLongest(
  version: string,
  ttl: number,
  services: readonly Named[],
): string | undefined {
  const longest = longestLifetime(version);
  const over = services.filter(({ request: { service } }) => lifetimeOf(service) > longest);
  if (over.length > 0)
    throw new Problem({
      code: 'ttl',
      what: `tbot ${version} takes no \`credential_ttl\` over ${formatDuration(longest)}, and ${over.map(({ name }) => `\`${name}\``).join(', ')} asks for more.`,
      fix: `Ask for ${formatDuration(longest)} at the most${longest < 168 * hour ? '; tbot and clusters from 17.4.5 on go up to 168h' : ''}.`,
    });
  if (ttl <= longest) return undefined;
  return `\`certificate-ttl\` asks for ${formatDuration(ttl)}; a cluster of ${version} gives ${formatDuration(longest)} at the most.`;
}

/** Seconds; tbot sets no limit for SVIDs. */
function lifetimeOf(service: Service): number {
  if (service.type === 'workload-identity-x509' || service.type === 'workload-identity-jwt')
    return 0;
  return 'credential_ttl' in service ? (service.credential_ttl ?? 0) : 0;
}
