/** The numbers of a release. A prerelease such as `-dev` precedes its release. */
interface Release {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly early: boolean;
}

/** Parses `17.2.8` or `15.0.0-dev`. Returns undefined for anything else. */
export function parseRelease(text: string): Release | undefined {
  const [, major, minor, patch, rest] = /^(\d+)\.(\d+)\.(\d+)(-[\w.]+)?$/.exec(text) ?? [];
  if (major === undefined) return undefined;
  return { numbers: [Number(major), Number(minor), Number(patch)], early: rest !== undefined };
}

/** Returns a negative number if the first precedes the second. Throws for an invalid release. */
export function compareReleases(one: string, other: string): number {
  const [a, b] = [release(one), release(other)];
  for (const index of [0, 1, 2] as const) {
    const difference = a.numbers[index] - b.numbers[index];
    if (difference !== 0) return difference;
  }
  return Number(b.early) - Number(a.early);
}

/**
 * Returns whether a version has a feature. `firsts` has the first release with it of each major
 * version: with `['16.1.0', '15.4.9']`, 15.4.9 and 16.1.0 have it, 16.0.4 does not, and 17.0.0 does.
 */
export function has(version: string, firsts: readonly string[]): boolean {
  const major = majorOf(version);
  const ofLine = firsts.find((first) => majorOf(first) === major);
  if (ofLine !== undefined) return compareReleases(version, ofLine) >= 0;
  return major > Math.max(...firsts.map(majorOf));
}

function majorOf(version: string): number {
  return release(version).numbers[0];
}

function release(text: string): Release {
  const parsed = parseRelease(text);
  if (parsed === undefined) throw new Error(`${text} is not a Teleport release`);
  return parsed;
}
