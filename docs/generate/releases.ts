import type { Availability } from '../../src/versions/releases.ts';

/** The major versions of tbot that the documentation covers. */
export const majors = ['15', '16', '17', '18', '19'];

/** Returns the first releases of the covered majors; empty for all of them. */
export function firstReleases(availability: Availability | undefined): string {
  if (availability?.gone !== undefined) return `before ${availability.gone}`;
  return (availability?.since ?? [])
    .filter((version) => Number.parseInt(version, 10) >= Number(majors[0]))
    .join(', ');
}

/** Returns what a cell says of a major version: `yes`, `no`, or the first release of that major. */
export function supportIn(major: string, { since, gone }: Availability): string {
  if (gone !== undefined && Number(major) >= Number.parseInt(gone, 10)) return 'no';
  const own = since.find((version) => version.startsWith(`${major}.`));
  if (own !== undefined) return own.endsWith('.0.0') ? 'yes' : own;
  return since.every((version) => Number.parseInt(version, 10) < Number(major)) ? 'yes' : 'no';
}
