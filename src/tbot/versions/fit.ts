import { type Identity, parametersOf } from '../../methods/join-identity.ts';
import { methodOf } from '../../methods/index.ts';
import { Problem } from '../../problem.ts';
import { keyAvailability, typeAvailability, clusterTypeAvailability } from './known.ts';
import { type Availability, supports, orNewer, supportingTbot } from '../../versions/releases.ts';
import type { Service } from '../../services/service.ts';
import type { Named } from '../../services/names.ts';
import { isRecord } from '../../text/json.ts';

export interface Wanted {
  /** Version of tbot. */
  readonly version: string;
  /** Version of the cluster; undefined if it is unknown, then tbot's applies. */
  readonly serverVersion: string | undefined;
  readonly identity: Identity;
  readonly services: readonly Named[];
}

/**
 * Checks that tbot and the cluster support the request: tbot ignores unknown keys, and the credential
 * would differ from the request. Throws a Problem `version`.
 */
export function checkAvailability({ version, serverVersion, identity, services }: Wanted): void {
  const unknown = [
    ...unknownMethod(version, identity),
    ...services.flatMap(({ name, request: { service } }) => {
      const byTbot = unknownIn(version, name, service);
      return byTbot.length > 0 ? byTbot : unknownToCluster(serverVersion ?? version, name, service);
    }),
  ];
  const [first] = unknown;
  if (first === undefined) return;
  const who = versionPair({ version, serverVersion });
  throw new Problem({
    code: 'version',
    what:
      unknown.length === 1
        ? `${who} can't do what is asked for: ${first}.`
        : `${who} can't do ${unknown.length} things that are asked for.`,
    fix: 'Update the cluster, give a `version` that it serves and that can, or do without.',
    details: unknown.length === 1 ? [] : unknown.map((line) => `- ${line}`),
  });
}

function unknownMethod(version: string, identity: Identity): readonly string[] {
  const { since, newer = {} } = methodOf(identity.method);
  const unsupported = missing(version, `the join method \`${identity.method}\``, since);
  if (unsupported.length > 0) return unsupported;
  return [
    ...Object.keys(parametersOf(identity)).flatMap((key) =>
      missing(version, `\`${key}\` of \`onboarding\``, newer[key]),
    ),
    ...(identity.variables ?? []).flatMap((name) =>
      missing(version, `the variable \`${name}\``, newer[name]),
    ),
  ];
}

function unknownIn(version: string, name: string, service: Service): readonly string[] {
  const what = `\`${service.type}\` of the credential \`${name}\``;
  const type = missing(version, what, typeAvailability[service.type]);
  if (type.length > 0) return type;
  return Object.entries(service).flatMap(([key, value]) =>
    Object.hasOwn(keyAvailability, key) && asksFor(value)
      ? missing(version, `\`${key}\` of the credential \`${name}\``, keyAvailability[key])
      : keysWithin(version, name, value),
  );
}

function unknownToCluster(version: string, name: string, { type }: Service): readonly string[] {
  const known = Object.hasOwn(clusterTypeAvailability, type)
    ? clusterTypeAvailability[type]
    : undefined;
  if (known === undefined || supports(version, known)) return [];
  return [`\`${type}\` of the credential \`${name}\` needs a cluster of ${orNewer(known)}`];
}

/** Selectors have keys of their own. */
function keysWithin(version: string, name: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const keys = new Set(value.flatMap((item) => (isRecord(item) ? Object.keys(item) : [])));
  return [...keys].flatMap((key) =>
    Object.hasOwn(keyAvailability, key)
      ? missing(version, `\`${key}\` of the credential \`${name}\``, keyAvailability[key])
      : [],
  );
}

/** What says the same as leaving it out is no reason to refuse it. */
function asksFor(value: unknown): boolean {
  return value !== false && !(Array.isArray(value) && value.length === 0);
}

function missing(
  version: string,
  what: string,
  known: Availability | undefined,
): readonly string[] {
  if (known === undefined || supports(version, known)) return [];
  return [`${what} needs ${supportingTbot(known)}`];
}

/** Returns the versions that must support a request, for a sentence. */
export function versionPair({
  version,
  serverVersion,
}: Pick<Wanted, 'version' | 'serverVersion'>): string {
  return serverVersion === undefined
    ? `tbot ${version}`
    : `tbot ${version} with a cluster of ${serverVersion}`;
}
