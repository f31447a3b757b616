import { credentialIn } from './missing.ts';
import type { ErrorPattern } from './error-pattern.ts';

/** Why the cluster issued nothing: it cannot, or the bot's roles or a workload identity do not permit it. */
export const notIssued: readonly ErrorPattern[] = [
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
    // lib/services/role.go, lib/devicetrust/authz, api/utils/keys/policy.go; other words are recalled.
    pattern:
      /(?:[\w ]{0,60}requires (?:\S+ )?MFA|MFA (?:\w+ )?(?:is )?required|multi-factor authentication|[\w ]{0,60}trusted device|unauthorized device|private key policy not (?:met|satisfied)).*/i,
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
    // gRPC's code is dropped on the way (`trail.FromGRPC`), so its words have to do.
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
