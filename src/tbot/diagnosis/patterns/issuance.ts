import type { Cause, ErrorPattern, MissingResource } from '../diagnosis.ts';

type NotFound = Extract<Cause, { code: 'service-not-found' }>;

/** Resources that do not exist, or that the bot cannot see. */
export const notFoundPatterns: readonly ErrorPattern<NotFound>[] = [
  {
    pattern: /\bremote cluster "([^"]*)" (?:is )?not found/i,
    cause: ([, name], text) => notFound({ kind: 'leaf cluster', name }, text),
  },
  {
    pattern: /\b(?:app|application) "([^"]*)" not found/i,
    cause: ([, name], text) => notFound({ kind: 'application', name }, text),
  },
  {
    pattern: /\bdatabase "([^"]*)" not found/i,
    cause: ([, name], text) => notFound({ kind: 'database', name }, text),
  },
  {
    pattern: /\bcluster "([^"]*)" not found|unable to fetch cluster "([^"]*)" by name/i,
    cause: ([, name, other], text) =>
      notFound({ kind: 'Kubernetes cluster', name: name ?? other }, text),
  },
  {
    pattern:
      /workload[ _]identity "?([^\s",]+)"? (?:doesn't exist|does not exist|is not found|not found)/i,
    cause: ([, name], text) => notFound({ kind: 'workload identity', name }, text),
  },
  {
    pattern: /no (?:X509|JWT) SVIDs returned/i,
    cause: (_, text) => notFound({ kind: 'workload identity', name: undefined }, text),
  },
  {
    pattern:
      /multiple (?:X509|JWT) SVIDs received|matches multiple auto-discovered \w+|identities that would be issued exceeds/i,
    cause: (_, text) => notFound('several', text),
  },
];

function notFound(resource: NotFound['resource'], text: string): NotFound {
  return { code: 'service-not-found', resource, credential: credentialIn(text) };
}

/**
 * Returns the resources that other services did not find. tbot exits with the first failure, but logs
 * all of them (lib/tbot/bot/bot.go).
 */
export function othersMissing(
  log: readonly string[],
  credential: string | undefined,
): readonly MissingResource[] {
  const found = log
    .filter((line) => line.includes('exited with error'))
    .flatMap((line) => {
      const [cause] = notFoundPatterns.flatMap(({ pattern, cause: causeOf }) => {
        const match = pattern.exec(line);
        return match ? [causeOf(match, line)] : [];
      });
      if (!cause || cause.resource === 'several' || cause.credential === credential) return [];
      return [{ ...cause.resource, credential: cause.credential }];
    });
  return found.filter(
    (one, index) => found.findIndex((other) => other.credential === one.credential) === index,
  );
}

/** Returns the credential of an error: tbot names its directory, which has the same name. */
export function credentialIn(text: string): string | undefined {
  return /\(directory: [^()]*[\\/]([a-z\d_+-]+)\)/.exec(text)?.[1];
}

/** Credentials that the cluster cannot issue, or that roles or a workload identity do not permit. */
export const notIssuedPatterns: readonly ErrorPattern[] = [
  {
    // lib/auth/machineid/workloadidentityv1/decision.go
    pattern: /attributes did not pass rule evaluation.*/i,
    cause: ([message], text) => ({
      code: 'workload-identity-denied',
      reason: 'rules',
      message,
      credential: credentialIn(text),
    }),
  },
  {
    pattern: /templating spec\.\w+.*/i,
    cause: ([message], text) => ({
      code: 'workload-identity-denied',
      reason: 'template',
      message,
      credential: credentialIn(text),
    }),
  },
  {
    // lib/services/role.go
    pattern: /access to (\w+) denied\b.*/i,
    cause: ([message, kind], text) => ({
      code: 'role-denied',
      message,
      ...(kind === undefined ? {} : { kind }),
      credential: credentialIn(text),
    }),
  },
  {
    // lib/services/role.go, lib/devicetrust/authz, lib/authz/permissions.go, api/utils/keys/policy.go; the other texts are from memory.
    pattern:
      /(?:[\w ]{0,60}requires (?:\S+ )?MFA|MFA (?:\w+ )?(?:is )?required|multi-factor authentication|[\w ]{0,60}trusted device|unauthorized device|private key policy not (?:met|satisfied)|pinned IP (?:is required|doesn't match)).*/i,
    cause: ([message]) => ({ code: 'mfa-required', message }),
  },
  unsupported('join-method', /[\w ]{0,60}joining\W+[\w ]{0,40}requires Teleport Enterprise.*/i),
  unsupported(
    'join-method',
    /join method \S+ is not implemented.*|join service is not implemented for method.*|join method \S+ which is not supported by this client.*/i,
  ),
  unsupported('kubernetes', /unable to determine kubernetes address.*/i),
  unsupported(
    'service',
    // gRPC's code gets lost (`trail.FromGRPC`), so the text decides.
    /(?:code = Unimplemented|unknown service \S+|unknown method \S+|method \S+ not implemented|not supported in scoped mode|[\w ]{0,60}(?:(?:requires|only available in) Teleport Enterprise|only available with an enterprise licen[cs]e)|(?:is not|isn't) licensed).*/i,
  ),
];

function unsupported(
  subject: 'service' | 'join-method' | 'kubernetes',
  pattern: RegExp,
): ErrorPattern {
  return {
    pattern,
    cause: ([message], text) => ({
      code: 'unsupported',
      subject,
      enterprise: /enterprise/i.test(message),
      message: message.replace(/^code = Unimplemented(?: desc = )?/i, '') || message,
      credential: credentialIn(text),
    }),
  };
}
