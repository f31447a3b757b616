import { resolve } from 'node:path';
import type { AutoJoin, CiPort, Environment, JobFacts } from '../ci/port.ts';
import { Problem } from '../problem.ts';
import type { Values } from '../yaml/fields.ts';
import {
  hasIdTokenEndpoint,
  idTokenPermissions,
  onlyOwnPullRequests,
  permissionsToAdd,
} from './github.ts';
import {
  type Identity,
  isSingleUse,
  missingVariables,
  variablesInUse,
  variablesOf,
} from './join-identity.ts';
import { isJoinMethod, type JoinMethod, methodOf } from './index.ts';
import { type MethodInputs, type Onboarding, onboardingOf } from './onboarding.ts';

export interface IdentityInputs extends MethodInputs {
  readonly joinMethod: 'auto' | JoinMethod;
  readonly mode?: 'oneshot' | 'background';
}

/**
 * Returns the identity to join with. Sends no requests: GitHub's hosted runners are Azure machines, so
 * a response of the metadata service proves nothing. Throws a Problem `no-identity`, `no-id-token` or, if
 * background mode does not support the join method, `inputs`.
 */
export function chooseIdentity(
  inputs: IdentityInputs,
  ci: Pick<CiPort, 'directories' | 'env' | 'job' | 'autoJoin'>,
): Identity {
  const { directories, env, job, autoJoin } = ci;
  const method = chooseMethod(inputs, env, autoJoin);
  if (method === undefined) throw autoJoin ? notObtained(autoJoin) : noIdentity(job);
  const onboarding = withPathsFrom(directories.workspace ?? '', method, onboardingOf(inputs));
  const identity = { method, onboarding };
  const missing = missingVariables(identity, env);
  if (missing.length > 0 && autoJoin?.methods[0] === method) throw notObtained(autoJoin);
  if (missing.length > 0)
    throw methodOf(method).problemWithout?.(job) ?? noVariables(identity, missing);
  const chosen = { ...identity, variables: variablesInUse(identity, env) };
  if (inputs.mode === 'background' && isSingleUse(chosen)) throw singleUse(method);
  return chosen;
}

/** Returns the method that was named, or the one that this job can use; undefined if there is none. */
function chooseMethod(
  inputs: IdentityInputs,
  env: Environment,
  autoJoin: AutoJoin | undefined,
): JoinMethod | undefined {
  const { joinMethod, azureClientId } = inputs;
  if (joinMethod !== 'auto') return joinMethod;
  if (azureClientId !== undefined) return 'azure';
  if (autoJoin) {
    const onboarding = onboardingOf(inputs);
    return autoJoin.methods
      .filter(isJoinMethod)
      .find((method) => missingVariables({ method, onboarding }, env).length === 0);
  }
  return hasIdTokenEndpoint(env) ? 'github' : undefined;
}

/** Returns the identity that a job would join with if it met all requirements. */
export function intendedIdentity(
  inputs: IdentityInputs,
  { autoJoin }: Pick<CiPort, 'autoJoin'>,
): Identity {
  const first = autoJoin?.methods.find(isJoinMethod);
  const method = chooseMethod(inputs, {}, autoJoin) ?? first ?? 'github';
  return { method, onboarding: onboardingOf(inputs) };
}

/** Resolves the paths among the parameters: they are relative to a directory that tbot does not run in. */
function withPathsFrom(base: string, method: JoinMethod, onboarding: Onboarding): Onboarding {
  const { key = '', paths = [] } = methodOf(method).parameters ?? {};
  const given: Values | undefined = onboarding[key];
  if (given === undefined) return onboarding;
  const values = Object.entries(given).map(([name, value]) => [
    name,
    paths.includes(name) ? resolved(base, value) : value,
  ]);
  return { ...onboarding, [key]: Object.fromEntries(values) };
}

/** Resolves a path, or the program of a command unless it is a bare name, which is found on PATH. */
function resolved(base: string, value: unknown): unknown {
  if (typeof value === 'string') return resolve(base, value);
  if (!Array.isArray(value)) return value;
  const [program, ...args]: readonly unknown[] = value;
  return typeof program === 'string' && /[/\\]/.test(program)
    ? [resolve(base, program), ...args]
    : value;
}

function singleUse(method: JoinMethod): Problem {
  const { repeatable } = methodOf(method);
  return new Problem({
    code: 'inputs',
    what: `\`mode: background\` requires a join method that can join repeatedly, but the secret of join method \`${method}\` is spent by the first join.`,
    fix: `Use ${repeatable === undefined ? '' : `${repeatable}, `}another \`join-method\`, or \`mode: oneshot\`.`,
  });
}

function noVariables(identity: Identity, missing: readonly string[]): Problem {
  const either = variablesOf(identity).alternatives ?? false;
  const several = missing.length > 1;
  return new Problem({
    code: 'no-identity',
    what: `Join method \`${identity.method}\` requires ${missing.join(either ? ' or ' : ' and ')}, but ${either ? 'neither is' : several ? 'they are not' : 'it is not'} set.`,
    fix: `Set ${either ? 'one of them' : several ? 'them' : 'it'} in the \`env:\` of the step, or choose another \`join-method\`.`,
  });
}

function notObtained({ obtain }: AutoJoin): Problem {
  return new Problem({ code: 'no-identity', ...obtain });
}

function noIdentity(job: JobFacts): Problem {
  if (job.fromFork)
    return new Problem({
      code: 'no-identity',
      what: 'GitHub does not issue OIDC tokens to pull requests from forks, and `azure-client-id` is not set, so this job cannot join.',
      fix: onlyOwnPullRequests,
    });
  return new Problem({
    code: 'no-identity',
    what: 'This job has no OIDC token and `azure-client-id` is not set, so it cannot join.',
    fix: 'Allow the job to request an OIDC token, or run it on an Azure VM with a managed identity.',
    notes: [
      `For an OIDC token, add ${permissionsToAdd}`,
      'For a managed identity, set `azure-client-id` if it is user-assigned, or `join-method: azure` if it is system-assigned.',
    ],
    paste: idTokenPermissions,
  });
}
