import type { ValuesOf } from '../yaml/fields.ts';
import { type Method, needsClaims, requires, variableConflict } from './method.ts';

const fields = {
  env: { kind: 'text' },
  command: { kind: 'texts' },
  timeout: { kind: 'duration' },
} as const;

type GenericOidcParameters = ValuesOf<typeof fields>;

/**
 * What `buildkite-agent oidc request-token` reads. tbot starts the command with its own variables
 * (lib/join/genericoidc/token_source.go).
 */
const commandVariables = [
  'BUILDKITE_AGENT_ACCESS_TOKEN',
  'BUILDKITE_AGENT_ENDPOINT',
  'BUILDKITE_JOB_ID',
];

/** Joins with the OIDC token of any issuer, from a variable or a command. */
export const genericOidc: Method = {
  // The release of its pull request.
  since: { since: ['18.11.0'] },
  identifiedBy: 'claims',
  parameters: {
    key: 'generic_oidc',
    fields,
    passedBy: 'config',
    paths: ['command'],
    conflicts: ({ env, command }: GenericOidcParameters, chosen) => [
      chosen &&
        (env === undefined) === (command === undefined) &&
        '`join-method: generic_oidc` requires `generic_oidc` with either `env` or `command`',
      command?.length === 0 && '`command` must contain the program to run',
      variableConflict(env),
    ],
  },
  variables: ({ env }: GenericOidcParameters) => (env === undefined ? requires() : requires(env)),
  environment: ({ command }: GenericOidcParameters, env) =>
    Object.fromEntries(
      (command === undefined ? [] : commandVariables).flatMap((name) =>
        env[name] === undefined ? [] : [[name, env[name]]],
      ),
    ),
  staticKeys: true,
  needsEvidence: needsClaims,
};
