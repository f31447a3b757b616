import type { ErrorPattern } from './error-pattern.ts';

/** What the cluster does not have, or does not show to the bot. */
export const notFoundSigns: readonly ErrorPattern[] = [
  {
    pattern: /\b((?:app|application|database|kubernetes cluster|cluster) "[^"]*") not found/i,
    cause: ([, sought = ''], text) => notFound(sought, text),
  },
  {
    pattern: /unable to fetch (cluster "[^"]*") by name/i,
    cause: ([, sought = ''], text) => notFound(`kubernetes ${sought}`, text),
  },
  {
    pattern:
      /workload[ _]identity "?([^\s",]+)"? (?:doesn't exist|does not exist|is not found|not found)/i,
    cause: ([, name = ''], text) => notFound(`workload identity "${name}"`, text),
  },
  {
    pattern: /no (?:X509|JWT) SVIDs returned/i,
    cause: (_, text) => notFound('workload identity', text),
  },
  {
    pattern:
      /multiple (?:X509|JWT) SVIDs received|matches multiple auto-discovered \w+|identities that would be issued exceeds/i,
    cause: (_, text) => ({ ...notFound('', text), several: true }),
  },
];

function notFound(
  sought: string,
  text: string,
): {
  readonly code: 'service-not-found';
  readonly sought: string;
  readonly several: boolean;
  readonly credential: string | undefined;
} {
  return { code: 'service-not-found', sought, several: false, credential: credentialIn(text) };
}

/**
 * What other services did not find, `app "wiki" (for \`application-wiki\`)` each: tbot ends with the
 * first failure and logs all of them (lib/tbot/bot/bot.go).
 */
export function othersMissing(
  log: readonly string[],
  credential: string | undefined,
): readonly string[] {
  const found = log
    .filter((line) => line.includes('exited with error'))
    .flatMap((line) => {
      const [cause] = notFoundSigns.flatMap(({ pattern, cause: causeOf }) => {
        const match = pattern.exec(line);
        return match ? [causeOf(match, line)] : [];
      });
      if (cause?.code !== 'service-not-found' || cause.credential === credential) return [];
      return [`${cause.sought} (for \`${cause.credential}\`)`];
    });
  return [...new Set(found)];
}

/** tbot names a service by its folder, which this action calls like the credential. */
export function credentialIn(text: string): string | undefined {
  return /\(directory: [^()]*[\\/]([a-z\d_+-]+)\)/.exec(text)?.[1];
}
