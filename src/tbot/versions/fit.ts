import { type Identity, parametersOf } from '../../methods/join-identity.ts';
import { methodOf } from '../../methods/index.ts';
import { Problem } from '../../problem.ts';
import { type Availability, supports, supportingTbot } from '../../versions/releases.ts';
import { unsupportedIn } from '../../services/availability.ts';
import type { Named } from '../../services/names.ts';

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
    ...services.flatMap((service) => unsupportedIn(service, version, serverVersion)),
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
