import { always } from '../versions/releases.ts';
import type { Method } from './method.ts';

/** The credential chain of the AWS SDK for Go (its documentation, "Configure the SDK"). */
const variables = [
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
  // Teleport's own, since 17.2.8 (its changelog).
  'TELEPORT_UNSTABLE_DISABLE_AWS_FIPS',
] as const;

const secret = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
] as const satisfies readonly (typeof variables)[number][];

export const iam: Method = {
  since: always,
  identifiedBy: 'machine',
  variables: () => ({ required: [], optional: variables, secret }),
};
