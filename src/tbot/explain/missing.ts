import type { Sign } from './sign.ts';

/** What the cluster does not have, or does not show to the bot, or can't do. */
export const services: readonly Sign[] = [
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
    pattern: /multiple (?:X509|JWT) SVIDs received|matches multiple auto-discovered \w+/i,
    cause: (_, text) => ({ ...notFound('', text), several: true }),
  },
  {
    pattern:
      /(?:code = Unimplemented|not supported in scoped mode|(?:requires|only available in) Teleport Enterprise|(?:is not|isn't) licensed).*/i,
    cause: ([message], text) => ({
      code: 'unsupported',
      message: message.replace(/^code = Unimplemented(?: desc = )?/i, '') || message,
      credential: credentialIn(text),
    }),
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
      const [cause] = services.flatMap(({ pattern, cause: causeOf }) => {
        const match = pattern.exec(line);
        return match ? [causeOf(match, line)] : [];
      });
      if (cause?.code !== 'service-not-found' || cause.credential === credential) return [];
      return [`${cause.sought} (for \`${cause.credential}\`)`];
    });
  return [...new Set(found)];
}

/** tbot names a service by its folder, which this action calls like the credential. */
function credentialIn(text: string): string | undefined {
  return /\(directory: [^()]*[\\/]([a-z\d_+-]+)\)/.exec(text)?.[1];
}
