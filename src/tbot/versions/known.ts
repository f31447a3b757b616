import type { JoinMethod } from '../../methods/methods.ts';
import type { Availability } from '../../versions/releases.ts';

const always: Availability = { since: ['0.0.0'] };

/** Join methods (CHANGELOG.md; lib/tbot/bot/onboarding/config.go; `generic_oidc`: its pull request). */
export const methodAvailability: Readonly<Record<JoinMethod, Availability>> = {
  github: always,
  azure: always,
  iam: always,
  gcp: always,
  kubernetes: always,
  circleci: always,
  gitlab: always,
  spacelift: always,
  terraform_cloud: { since: ['16.4.0'] },
  azure_devops: { since: ['17.5.1'] },
  bitbucket: { since: ['16.4.9', '17.0.2'] },
  env0: { since: ['18.4.0'] },
  tpm: { since: ['14.3.17', '15.2.5'] },
  oracle: { since: ['17.7.7', '18.2.1'] },
  bound_keypair: { since: ['17.7.5', '18.1.0'] },
  generic_oidc: { since: ['18.11.0'] },
  token: always,
};

/**
 * Parameters and variables of `bound_keypair` that are younger than the method. An older tbot ignores
 * them (pull request 60031).
 */
export const parameterAvailability: Readonly<Record<string, Availability>> = {
  registration_secret_path: { since: ['18.2.10'] },
  static_private_key_path: { since: ['18.2.10'] },
  TBOT_REGISTRATION_SECRET: { since: ['18.2.10'] },
  TBOT_BOUND_KEYPAIR_STATIC_KEY: { since: ['18.2.10'] },
};
