import { compareVersions, parseVersion } from './semantic.ts';

/**
 * The releases with a feature: `since` has the first release of each major version that received it
 * (later major versions always have it), `gone` the first release without it.
 */
export interface Availability {
  readonly since: readonly string[];
  readonly gone?: string;
}

/** Every release that this action supports. */
export const always: Availability = { since: ['0.0.0'] };

/** Whether a version such as `18.2.4` or `15.0.0-dev` supports a feature. */
export function supports(version: string, { since, gone }: Availability): boolean {
  // A prerelease can lack the feature already.
  if (gone !== undefined && !isBefore(version.replace(/-.*/, ''), gone)) return false;
  const major = majorOf(version);
  const firstOfMajor = since.find((first) => majorOf(first) === major);
  if (firstOfMajor !== undefined) return !isBefore(version, firstOfMajor);
  return since.every((first) => majorOf(first) < major);
}

/** Whether a version precedes a release, as its prereleases do. */
function isBefore(version: string, release: string): boolean {
  const [one, other] = [parseVersion(version), parseVersion(release)];
  return one === undefined || (other !== undefined && compareVersions(one, other) < 0);
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** Returns the supporting releases for a sentence: `tbot 17.7.4, 18.1.7 or newer`. */
export function supportingTbot(known: Availability): string {
  return known.gone === undefined ? `tbot ${orNewer(known)}` : `a tbot before ${known.gone}`;
}

/** Returns the releases for a sentence: `17.7.4, 18.1.7 or newer`. */
export function orNewer({ since }: Availability): string {
  return `${since.join(', ')} or newer`;
}
