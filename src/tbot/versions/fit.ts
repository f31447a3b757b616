import type { Identity } from '../../methods/choose.ts';
import { Problem } from '../../problem.ts';
import { methodAvailability, parameterAvailability } from './known.ts';
import { type Availability, supports, supportingTbot } from '../../versions/releases.ts';
import { unsupportedIn } from '../../services/availability.ts';
import type { Named } from '../../services/names.ts';

export interface Wanted {
  /** Of tbot. */
  readonly version: string;
  /** Of the cluster; where nobody told it, that of tbot stands for it. */
  readonly serverVersion: string | undefined;
  readonly identity: Identity;
  readonly services: readonly Named[];
}

/**
 * Holds what is asked for against the tbot and the cluster that there are: a tbot that does not know
 * a key ignores it, and the credential would be another than the one asked for. Throws a Problem
 * `version`.
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
  const { method } = identity;
  const found = missing(version, `the join method \`${method}\``, methodAvailability[method]);
  if (found.length > 0 || method === 'github' || method === 'azure') return found;
  return [
    ...Object.keys(identity.onboarding.bound_keypair ?? {}).flatMap((key) =>
      missing(version, `\`${key}\` of \`onboarding\``, parameterAvailability[key]),
    ),
    ...(identity.variables ?? []).flatMap((name) =>
      missing(version, `the variable \`${name}\``, parameterAvailability[name]),
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

/** Who would have to know it. */
export function versionPair({
  version,
  serverVersion,
}: Pick<Wanted, 'version' | 'serverVersion'>): string {
  return serverVersion === undefined
    ? `tbot ${version}`
    : `tbot ${version} with a cluster of ${serverVersion}`;
}
