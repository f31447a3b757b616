import type { Availability } from '../versions/releases.ts';
import type { ValuesOf } from '../yaml/fields.ts';
import { type Method, requires } from './method.ts';

const fields = {
  registration_secret: { kind: 'text', secret: true },
  registration_secret_path: { kind: 'text' },
  static_private_key_path: { kind: 'text' },
} as const;

type KeypairParameters = ValuesOf<typeof fields>;

const staticKey = 'TBOT_BOUND_KEYPAIR_STATIC_KEY';
const registrationSecret = 'TBOT_REGISTRATION_SECRET';
const variables = [staticKey, registrationSecret] as const;

/** Pull request 60031; older releases ignore these parameters and variables. */
const secondRelease: Availability = { since: ['18.2.10'] };

export const boundKeypair: Method = {
  since: { since: ['17.7.5', '18.1.0'] },
  identifiedBy: 'claims',
  parameters: {
    key: 'bound_keypair',
    fields,
    passedBy: 'config',
    paths: ['registration_secret_path', 'static_private_key_path'],
    conflicts: (given: KeypairParameters) => [
      given.registration_secret !== undefined &&
        given.registration_secret_path !== undefined &&
        '`registration_secret` and `registration_secret_path` cannot be combined',
    ],
  },
  newer: {
    registration_secret_path: secondRelease,
    static_private_key_path: secondRelease,
    [registrationSecret]: secondRelease,
    [staticKey]: secondRelease,
  },
  variables: (given: KeypairParameters) => {
    const { registration_secret: secret, registration_secret_path: path } = given;
    if (Object.keys(given).length === 0) return { ...requires(...variables), alternatives: true };
    return {
      required: [],
      optional: variables,
      secret: variables,
      // tbot then reads the secret from the config.
      unused: secret === undefined && path === undefined ? [] : [registrationSecret],
    };
  },
  // A registration secret registers a key pair that exists only in the memory of one tbot process.
  isSingleUse: ({ static_private_key_path: path }: KeypairParameters, given) =>
    path === undefined && !given.includes(staticKey),
};
