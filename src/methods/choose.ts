import { resolve } from 'node:path';
import type { CiPort, Environment, JobFacts } from '../ci/port.ts';
import { Problem } from '../problem.ts';
import type { Values } from '../yaml/fields.ts';
import {
  hasIdTokenEndpoint,
  idTokenPermissions,
  onlyOwnPullRequests,
  permissionsToAdd,
} from './github.ts';
import { type Identity, missingVariables, variablesInUse, variablesOf } from './join-identity.ts';
import { type JoinMethod, methodOf } from './index.ts';
import { type MethodInputs, type Onboarding, onboardingOf } from './onboarding.ts';

export interface IdentityInputs extends MethodInputs {
  readonly joinMethod: 'auto' | JoinMethod;
}

/**
 * Returns the identity to join with. Sends no requests: GitHub's hosted runners are Azure machines, so
 * a response of the metadata service proves nothing. Throws a Problem `no-identity` or `no-id-token`.
 */
export function chooseIdentity(
  inputs: IdentityInputs,
  ci: Pick<CiPort, 'directories' | 'env' | 'job'>,
): Identity {
  const { directories, env, job } = ci;
  const method = chooseMethod(inputs, env);
  if (method === undefined) throw noIdentity(job);
  const onboarding = withPathsFrom(directories.workspace ?? '', method, onboardingOf(inputs));
  const identity = { method, onboarding };
  const missing = missingVariables(identity, env);
  if (missing.length > 0)
    throw methodOf(method).problemWithout?.(job) ?? noVariables(identity, missing);
  return { ...identity, variables: variablesInUse(identity, env) };
}

/** Returns the method that was named, or the one that this job can use; undefined if there is none. */
function chooseMethod(
  { joinMethod, azureClientId }: IdentityInputs,
  env: Environment,
): JoinMethod | undefined {
  if (joinMethod !== 'auto') return joinMethod;
  if (azureClientId !== undefined) return 'azure';
  return hasIdTokenEndpoint(env) ? 'github' : undefined;
}

/** Returns the identity that a job would join with if it met all requirements. */
export function intendedIdentity(inputs: IdentityInputs): Identity {
  const method = chooseMethod(inputs, {}) ?? 'github';
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

function noVariables(identity: Identity, missing: readonly string[]): Problem {
  const either = variablesOf(identity).alternatives ?? false;
  const several = missing.length > 1;
  return new Problem({
    code: 'no-identity',
    what: `Join method \`${identity.method}\` requires ${missing.join(either ? ' or ' : ' and ')}, but ${either ? 'neither is' : several ? 'they are not' : 'it is not'} set.`,
    fix: `Set ${either ? 'one of them' : several ? 'them' : 'it'} in the \`env:\` of the step, or choose another \`join-method\`.`,
  });
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
