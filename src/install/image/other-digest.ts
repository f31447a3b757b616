import { Problem } from '../../problem.ts';

/** What was got is not what a digest names. */
export function otherDigest(
  what: string,
  digest: string,
  wanted: readonly string[],
  fix = 'Run the job again; if it stays so, do not trust that registry.',
): Problem {
  return new Problem({
    code: 'checksum',
    what: `${what} is not what its digest names; it was thrown away.`,
    fix,
    details: [`got:    sha256:${digest}`, ...wanted.map((pin) => `wanted: sha256:${pin}`)],
  });
}
