import { always, type Availability } from '../versions/releases.ts';
import { azureDevops } from './azure-devops.ts';
import { azure } from './azure.ts';
import { boundKeypair } from './bound-keypair.ts';
import { circleci } from './circleci.ts';
import { genericOidc } from './generic-oidc.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { iam } from './iam.ts';
import { kubernetes } from './kubernetes.ts';
import { type Method, requires } from './method.ts';
import { terraformCloud } from './terraform-cloud.ts';

/**
 * tbot's join methods (lib/tbot/bot/onboarding/config.go), the most frequent first. Releases: CHANGELOG.md.
 */
export const methods = {
  github,
  azure,
  iam,
  gcp: {
    since: always,
    identifiedBy: 'machine',
    metadataService: { variable: 'GCE_METADATA_HOST', urlPrefix: 'http://' },
  },
  kubernetes,
  circleci,
  gitlab,
  spacelift: tokenIn(always, 'SPACELIFT_OIDC_TOKEN'),
  terraform_cloud: terraformCloud,
  azure_devops: azureDevops,
  bitbucket: tokenIn({ since: ['16.4.9', '17.0.2'] }, 'BITBUCKET_STEP_OIDC_TOKEN'),
  env0: tokenIn({ since: ['18.4.0'] }, 'ENV0_OIDC_TOKEN'),
  tpm: { since: { since: ['14.3.17', '15.2.5'] }, identifiedBy: 'machine' },
  oracle: { since: { since: ['17.7.7', '18.2.1'] }, identifiedBy: 'machine' },
  bound_keypair: boundKeypair,
  generic_oidc: genericOidc,
  // Each token can be used for one join (Teleport's documentation, "Join methods").
  token: {
    since: always,
    identifiedBy: 'claims',
    secretToken: true,
    isSingleUse: () => true,
  },
} as const satisfies Readonly<Record<string, Method>>;

/** Describes a method that reads an OIDC token from required variables. */
function tokenIn(since: Availability, ...names: readonly string[]): Method {
  return { since, identifiedBy: 'claims', variables: () => requires(...names) };
}

export type JoinMethod = keyof typeof methods;

export const joinMethods: readonly JoinMethod[] = Object.keys(methods).filter(isJoinMethod);

/** Whether a text is the name of a join method. */
export function isJoinMethod(name: string): name is JoinMethod {
  return Object.hasOwn(methods, name);
}

/** Returns the description of a join method. */
export function methodOf(name: JoinMethod): Method {
  return methods[name];
}
