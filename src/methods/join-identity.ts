import type { Environment, CiPort } from '../ci/port.ts';
import { namesLoopback } from '../http/hosts.ts';
import { formatDuration } from '../text/time.ts';
import type { Values } from '../yaml/fields.ts';
import { type JoinMethod, methodOf } from './index.ts';
import type { MethodVariables } from './method.ts';
import type { Onboarding } from './onboarding.ts';

/** The identity that the job joins with: a join method of tbot and its parameters. */
export interface Identity {
  readonly method: JoinMethod;
  readonly onboarding?: Onboarding;
  /** Names of the variables that the join depends on. */
  readonly variables?: readonly string[];
}

type Joining = Pick<Identity, 'method' | 'onboarding'>;

/** Returns the parameters of the join method. */
export function parametersOf({ method, onboarding }: Joining): Values {
  const key = methodOf(method).parameters?.key;
  return (key === undefined ? undefined : onboarding?.[key]) ?? {};
}

/** Returns the variables that tbot reads for the join method. */
export function variablesOf(identity: Joining): MethodVariables {
  const none = { required: [], optional: [], secret: [] };
  return methodOf(identity.method).variables?.(parametersOf(identity)) ?? none;
}

/** Returns the names of the variables that are set and that no parameter replaces. */
export function variablesInUse(identity: Joining, env: Environment): readonly string[] {
  const { required, optional, unused = [] } = variablesOf(identity);
  return [...required, ...optional].filter((name) => env[name] && !unused.includes(name));
}

/** Returns required variables that are not set; of alternatives, all if none is set. */
export function missingVariables(identity: Joining, env: Environment): readonly string[] {
  const { required, alternatives = false } = variablesOf(identity);
  const missing = required.filter((name) => !env[name]);
  return alternatives && missing.length < required.length ? [] : missing;
}

/** Masks the secret variables of the join method. */
export function maskVariables(
  identity: Identity,
  { env, mask }: Pick<CiPort, 'env' | 'mask'>,
): void {
  for (const name of variablesOf(identity).secret) if (env[name]) mask(env[name]);
}

/** Whether the job can join only once with its token or secret, so that a retry cannot succeed. */
export function isSingleUse(identity: Identity): boolean {
  const { method, variables = [] } = identity;
  return methodOf(method).isSingleUse?.(parametersOf(identity), variables) ?? false;
}

/** Whether the join token is a secret. */
export function hasSecretToken({ method }: Pick<Identity, 'method'>): boolean {
  return methodOf(method).secretToken ?? false;
}

/** Returns the variables that tbot receives for the join method. */
export function methodEnvironment(
  identity: Identity,
  env: Environment,
): Readonly<Record<string, string>> {
  const { metadataService: service, environment } = methodOf(identity.method);
  const { required, optional } = variablesOf(identity);
  const host = service && env[service.variable];
  const redirected = host !== undefined && namesLoopback(`${service?.urlPrefix}${host}`);
  const names = [...required, ...optional, ...(redirected && service ? [service.variable] : [])];
  return {
    ...Object.fromEntries(
      names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    ),
    ...environment?.(parametersOf(identity), env),
  };
}

/** Returns the keys of tbot's `onboarding` that belong to the join method. */
export function methodConfig(identity: Identity): Readonly<Record<string, unknown>> {
  const { parameters } = methodOf(identity.method);
  if (parameters === undefined || parameters.passedBy === 'variable') return {};
  const { key, fields } = parameters;
  if (identity.onboarding?.[key] === undefined) return {};
  const values = Object.entries(parametersOf(identity)).map(([name, value]) => [
    name,
    fields[name]?.kind === 'duration' ? formatDuration(Number(value)) : value,
  ]);
  return { [key]: Object.fromEntries(values) };
}
