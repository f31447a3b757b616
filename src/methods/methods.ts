import type { Onboarding } from './onboarding.ts';
import type { Environment, CiPort } from '../ci/port.ts';
import type { Identity } from './choose.ts';

/** tbot's join methods (lib/tbot/bot/onboarding/config.go), the most frequent first. */
export const joinMethods = [
  'github',
  'azure',
  'iam',
  'gcp',
  'kubernetes',
  'circleci',
  'gitlab',
  'spacelift',
  'terraform_cloud',
  'azure_devops',
  'bitbucket',
  'env0',
  'tpm',
  'oracle',
  'bound_keypair',
  'generic_oidc',
  'token',
] as const;

export type JoinMethod = (typeof joinMethods)[number];

/** All but those that have a way of their own here. */
export type OtherMethod = Exclude<JoinMethod, 'github' | 'azure'>;

/** The proof of identity that a method takes from the job's environment. */
export interface MethodVariables {
  /** Variables that tbot reads; the first list is needed whole, or one of the alternatives. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Of these, those that nobody may see. */
  readonly secret: readonly string[];
}

/** The chain of the AWS SDK for Go (its documentation, "Configure the SDK"). */
const awsVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_CA_BUNDLE',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT',
  // Of Teleport itself, since 17.2.7.
  'TELEPORT_UNSTABLE_DISABLE_AWS_FIPS',
] as const;

const awsSecrets = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
] as const satisfies readonly (typeof awsVariables)[number][];

/** What tbot reads for a method (lib/join, one token source for each). */
export function methodVariables(method: OtherMethod, onboarding: Onboarding): MethodVariables {
  switch (method) {
    case 'circleci':
      return needs('CIRCLE_OIDC_TOKEN');
    case 'gitlab':
      return needs(onboarding.gitlab?.token_env_var_name ?? 'TBOT_GITLAB_JWT');
    case 'spacelift':
      return needs('SPACELIFT_OIDC_TOKEN');
    case 'terraform_cloud':
      return needs(terraformVariable(onboarding));
    case 'azure_devops':
      return needs('SYSTEM_ACCESSTOKEN', 'SYSTEM_OIDCREQUESTURI');
    case 'bitbucket':
      return needs('BITBUCKET_STEP_OIDC_TOKEN');
    case 'env0':
      return needs('ENV0_OIDC_TOKEN');
    case 'generic_oidc':
      return onboarding.generic_oidc?.env === undefined
        ? needs()
        : needs(onboarding.generic_oidc.env);
    case 'kubernetes':
      return { required: [], optional: ['KUBERNETES_TOKEN_PATH'], secret: [] };
    case 'iam':
      return { required: [], optional: awsVariables, secret: awsSecrets };
    case 'bound_keypair':
      return keypairProof(onboarding);
    case 'gcp':
    case 'tpm':
    case 'oracle':
    case 'token':
      return needs();
    default:
      return method satisfies never;
  }
}

function needs(...required: readonly string[]): MethodVariables {
  return { required, optional: [], secret: required };
}

function terraformVariable({ terraform }: Onboarding): string {
  const tag = terraform?.audience_tag;
  return tag === undefined
    ? 'TFC_WORKLOAD_IDENTITY_TOKEN'
    : `TFC_WORKLOAD_IDENTITY_TOKEN_${tag.toUpperCase()}`;
}

const keypairVariables = ['TBOT_BOUND_KEYPAIR_STATIC_KEY', 'TBOT_REGISTRATION_SECRET'] as const;

function keypairProof({ bound_keypair: given }: Onboarding): MethodVariables {
  const inConfig = given !== undefined && Object.keys(given).length > 0;
  if (!inConfig) return needs(...keypairVariables);
  return { required: [], optional: keypairVariables, secret: keypairVariables };
}

/**
 * Whether one join uses the proof up: a token of the method `token` is good for one (docs of
 * Teleport, "Join methods"), and what a registration secret made is gone with tbot's memory.
 */
export function isSpentByJoin(identity: Identity): boolean {
  if (identity.method === 'token') return true;
  return identity.method === 'bound_keypair' && identity.staticKey !== true;
}

/** Whether a job brings the key pair of `bound_keypair`, and tbot need not make one. */
export function hasStaticKey({ bound_keypair: keypair }: Onboarding, env: Environment): boolean {
  return (
    keypair?.static_private_key_path !== undefined || Boolean(env['TBOT_BOUND_KEYPAIR_STATIC_KEY'])
  );
}

/** The variables that a join by `bound_keypair` depends on: those set, and not made useless by a parameter. */
export function keypairVariablesOf(
  { bound_keypair: keypair = {} }: Onboarding,
  env: Environment,
): readonly string[] {
  const { registration_secret: secret, registration_secret_path: path } = keypair;
  const replaced = secret === undefined && path === undefined ? '' : 'TBOT_REGISTRATION_SECRET';
  return keypairVariables.filter((name) => env[name] && name !== replaced);
}

/** Variables of a method that the job lacks; of alternatives, all when there is none. */
export function missingVariables(
  method: OtherMethod,
  { required }: MethodVariables,
  env: Environment,
): readonly string[] {
  const missing = required.filter((name) => !env[name]);
  return method === 'bound_keypair' && missing.length < required.length ? [] : missing;
}

/** A proof that a variable carries is none of the log's business, whoever set it. */
export function maskMethodVariables(
  identity: Identity,
  { env, mask }: Pick<CiPort, 'env' | 'mask'>,
): void {
  if (identity.method === 'github' || identity.method === 'azure') return;
  const { secret } = methodVariables(identity.method, identity.onboarding);
  for (const name of secret) if (env[name]) mask(env[name]);
}
