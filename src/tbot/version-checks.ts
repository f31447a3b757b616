import { type Identity, parametersOf } from '../methods/join-identity.ts';
import { methodOf } from '../methods/index.ts';
import { Problem } from '../problem.ts';
import { descriptorOf, requestedLifetime, type Service } from '../services/index.ts';
import { longestLifetime, weekLong } from '../services/lifetime.ts';
import type { Named } from '../services/names.ts';
import { isRecord } from '../text/json.ts';
import { formatDuration } from '../text/time.ts';
import { type Availability, orNewer, supports, supportingTbot } from '../versions/releases.ts';
import type { Fields } from '../yaml/fields.ts';

const hour = 3600;

/** What the versions of tbot and of the cluster must support. */
interface VersionedRequest {
  /** Version of tbot, such as `18.2.4`. */
  readonly version: string;
  /** Version of the cluster; if it is undefined, that of tbot applies. */
  readonly serverVersion: string | undefined;
  readonly identity: Identity;
  readonly services: readonly Named[];
}

/**
 * Checks that tbot and the cluster support the request, because tbot ignores unknown keys and would
 * issue a different credential. Throws a Problem `version`.
 */
export function checkAvailability({
  version,
  serverVersion,
  identity,
  services,
}: VersionedRequest): void {
  const unsupported = [
    ...unsupportedMethod(version, identity),
    ...services.flatMap((service) => unsupportedService(service, version, serverVersion)),
  ];
  const [first] = unsupported;
  if (first === undefined) return;
  const versions = versionPair({ version, serverVersion });
  throw new Problem({
    code: 'version',
    what:
      unsupported.length === 1
        ? `${versions} can't do what is asked for: ${first}.`
        : `${versions} can't do ${unsupported.length} requested features:`,
    fix: 'Update the cluster, give a `version` that it serves and that can, or do without.',
    errors: unsupported.length === 1 ? [] : unsupported,
  });
}

function unsupportedMethod(version: string, identity: Identity): readonly string[] {
  const { since, newer = {} } = methodOf(identity.method);
  const method = missing(version, `the join method \`${identity.method}\``, since);
  if (method.length > 0) return method;
  return [
    ...Object.keys(parametersOf(identity)).flatMap((key) =>
      missing(version, `\`${key}\` of \`onboarding\``, newer[key]),
    ),
    ...(identity.variables ?? []).flatMap((name) =>
      missing(version, `the variable \`${name}\``, newer[name]),
    ),
  ];
}

function missing(
  version: string,
  what: string,
  known: Availability | undefined,
): readonly string[] {
  if (known === undefined || supports(version, known)) return [];
  return [`${what} needs ${supportingTbot(known)}`];
}

/**
 * Returns what a tbot or a cluster of these versions does not support in a service, as clauses. An
 * undefined version of the cluster counts as that of tbot.
 */
function unsupportedService(
  { name, request: { service } }: Named,
  version: string,
  serverVersion = version,
): readonly string[] {
  const { since, clusterSince, fields } = descriptorOf(service.type);
  const ofCredential = `of the credential \`${name}\``;
  const type = `\`${service.type}\` ${ofCredential}`;
  if (!supports(version, since)) return [`${type} needs ${supportingTbot(since)}`];
  const keys = unsupportedKeys(fields, service, version).map(
    ([key, known]) => `\`${key}\` ${ofCredential} needs ${supportingTbot(known)}`,
  );
  if (keys.length > 0) return [...new Set(keys)];
  if (clusterSince === undefined || supports(serverVersion, clusterSince)) return [];
  return [`${type} needs a cluster of ${orNewer(clusterSince)}`];
}

/** Returns the keys that a tbot would ignore silently, including those of nested mappings. */
function unsupportedKeys(
  fields: Fields,
  values: object,
  version: string,
): readonly (readonly [key: string, known: Availability])[] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined || !hasEffect(value)) return [];
    if (field.since !== undefined && !supports(version, field.since)) return [[key, field.since]];
    if (!('fields' in field)) return [];
    return [value]
      .flat()
      .filter(isRecord)
      .flatMap((part) => unsupportedKeys(field.fields, part, version));
  });
}

/** Whether a value means something other than an absent key. */
function hasEffect(value: unknown): boolean {
  return value !== false && !(Array.isArray(value) && value.length === 0);
}

/** Returns the versions that must support a request, for a sentence. */
function versionPair({
  version,
  serverVersion,
}: Pick<VersionedRequest, 'version' | 'serverVersion'>): string {
  return serverVersion === undefined
    ? `tbot ${version}`
    : `tbot ${version} with a cluster of ${serverVersion}`;
}

/**
 * Checks for lifetimes that tbot rejects or that the cluster certainly shortens. tbot rejects only
 * those of services (lib/tbot/bot/credential_lifetime.go). `ttl` is the default lifetime in
 * seconds. Returns a warning for those that are shortened. Throws a Problem `ttl` for those that
 * are rejected.
 */
export function checkRequestedLifetimes(
  { version, serverVersion, services }: Omit<VersionedRequest, 'identity'>,
  ttl: number,
): string | undefined {
  const lifetimes = services.map(({ name, request: { service } }) => ({
    name: `\`${name}\``,
    requested: lifetimeOf(service),
  }));
  const longest = longestLifetime(version);
  const rejected = lifetimes.filter(({ requested }) => requested > longest);
  if (rejected.length > 0) throw rejectedLifetimes(version, rejected);
  const granted = Math.min(longest, longestLifetime(serverVersion ?? version));
  const shortened = [{ name: '`certificate-ttl`', requested: ttl }, ...lifetimes].filter(
    ({ requested }) => requested > granted,
  );
  if (shortened.length === 0) return undefined;
  return `${listOf(shortened)}: ${versionPair({ version, serverVersion })} has ${formatDuration(granted)} at the most, and so will the certificates.`;
}

interface Lifetime {
  readonly name: string;
  /** Seconds. */
  readonly requested: number;
}

function listOf(lifetimes: readonly Lifetime[]): string {
  return lifetimes
    .map(({ name, requested }) => `${name} asks for ${formatDuration(requested)}`)
    .join(', ');
}

function rejectedLifetimes(version: string, rejected: readonly Lifetime[]): Problem {
  const longest = longestLifetime(version);
  return new Problem({
    code: 'ttl',
    what: `tbot ${version} takes no \`credential_ttl\` over ${formatDuration(longest)}, and ${listOf(rejected)}.`,
    fix: `Ask for ${formatDuration(longest)} at the most${longest < 168 * hour ? `; tbot and clusters of ${orNewer(weekLong)} go up to 168h` : ''}.`,
  });
}

/** Returns the lifetime that tbot compares with its limit, in seconds; 0 if there is none. */
function lifetimeOf(service: Service): number {
  return descriptorOf(service.type).lifetime.limitedByTbot ? (requestedLifetime(service) ?? 0) : 0;
}
