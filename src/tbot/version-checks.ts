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

/** A request that tbot and the cluster must support. */
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
  const [first, ...others] = unsupported;
  if (first === undefined) return;
  const versions = versionPair({ version, serverVersion });
  throw new Problem({
    code: 'version',
    what:
      others.length === 0
        ? `${versions} does not support this request: ${first}.`
        : `${versions} does not support this request:`,
    errors: others.length === 0 ? [] : unsupported.map((clause) => `${clause}.`),
    fix: 'Remove it from the inputs, or use a release that supports it: set `version`, and update the cluster if it is older.',
  });
}

function unsupportedMethod(version: string, identity: Identity): readonly string[] {
  const { since, newer = {} } = methodOf(identity.method);
  const method = missing(version, `join method \`${identity.method}\``, since);
  if (method.length > 0) return method;
  return [
    ...Object.keys(parametersOf(identity)).flatMap((key) =>
      missing(version, `\`${key}\` of \`onboarding\``, newer[key]),
    ),
    ...(identity.variables ?? []).flatMap((name) =>
      missing(version, `variable \`${name}\``, newer[name]),
    ),
  ];
}

function missing(
  version: string,
  what: string,
  known: Availability | undefined,
): readonly string[] {
  if (known === undefined || supports(version, known)) return [];
  return [`${what} requires ${supportingTbot(known)}`];
}

/**
 * Returns a clause for each part of a service that tbot or the cluster does not support. An undefined
 * version of the cluster counts as that of tbot.
 */
function unsupportedService(
  { name, request: { service } }: Named,
  version: string,
  serverVersion = version,
): readonly string[] {
  const { since, clusterSince, fields } = descriptorOf(service.type);
  const ofCredential = `of credential \`${name}\``;
  const type = `\`${service.type}\` ${ofCredential}`;
  if (!supports(version, since)) return [`${type} requires ${supportingTbot(since)}`];
  const keys = unsupportedKeys(fields, service, version).map(
    ([key, known]) => `\`${key}\` ${ofCredential} requires ${supportingTbot(known)}`,
  );
  if (keys.length > 0) return [...new Set(keys)];
  if (clusterSince === undefined || supports(serverVersion, clusterSince)) return [];
  return [`${type} requires a cluster of version ${orNewer(clusterSince)}`];
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

/** Whether a value differs in effect from an absent key. */
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
    : `tbot ${version} with a cluster of version ${serverVersion}`;
}

/**
 * Checks for lifetimes that tbot rejects or that tbot or the cluster certainly shortens. tbot rejects
 * only those of services (lib/tbot/bot/credential_lifetime.go). `ttl` is `certificate-ttl` in seconds.
 * Returns a warning for those that are shortened. Throws a Problem `ttl` for those that are rejected.
 */
export function checkRequestedLifetimes(
  { version, serverVersion = version, services }: Omit<VersionedRequest, 'identity'>,
  ttl: number,
): string | undefined {
  const lifetimes = services.map(({ name, request: { service } }) => ({
    name: `\`${descriptorOf(service.type).lifetime.key}\` of \`${name}\``,
    requested: lifetimeOf(service),
  }));
  const [ofTbot, ofCluster] = [longestLifetime(version), longestLifetime(serverVersion)];
  const rejected = lifetimes.filter(({ requested }) => requested > ofTbot);
  if (rejected.length > 0) throw rejectedLifetimes(version, rejected);
  const shortened = [{ name: '`certificate-ttl`', requested: ttl }, ...lifetimes].filter(
    ({ requested }) => requested > Math.min(ofTbot, ofCluster),
  );
  if (shortened.length === 0) return undefined;
  const limit =
    ofCluster < ofTbot
      ? `a cluster of version ${serverVersion} issues at most ${formatDuration(ofCluster)}`
      : `tbot ${version} requests at most ${formatDuration(ofTbot)}`;
  return `${listOf(shortened)}, but ${limit}, and the bot's \`max_session_ttl\` may shorten it further.`;
}

interface Lifetime {
  readonly name: string;
  /** Seconds. */
  readonly requested: number;
}

function listOf(lifetimes: readonly Lifetime[]): string {
  return lifetimes
    .map(({ name, requested }) => `${name} is ${formatDuration(requested)}`)
    .join(', ');
}

function rejectedLifetimes(version: string, rejected: readonly Lifetime[]): Problem {
  const longest = longestLifetime(version);
  const newer =
    longest < 168 * hour
      ? ` With tbot and a cluster of ${orNewer(weekLong)}, the limit is 168h.`
      : '';
  return new Problem({
    code: 'ttl',
    what: `${listOf(rejected)}, but tbot ${version} accepts at most ${formatDuration(longest)}.`,
    fix: `Set it to \`${formatDuration(longest)}\` or less.${newer}`,
  });
}

/** Returns the lifetime that tbot compares with its limit, in seconds; 0 if there is none. */
function lifetimeOf(service: Service): number {
  return descriptorOf(service.type).lifetime.limitedByTbot ? (requestedLifetime(service) ?? 0) : 0;
}
