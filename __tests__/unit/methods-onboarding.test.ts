import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { chooseIdentity } from '../../src/methods/choose.ts';
import { isSingleUse, missingVariables, variablesOf } from '../../src/methods/join-identity.ts';
import { type JoinMethod, joinMethods } from '../../src/methods/index.ts';
import { readInputs } from '../../src/inputs/inputs.ts';
import { tbotConfig } from '../../src/tbot/config.ts';
import {
  type Onboarding,
  onboardingFields,
  secretKeys,
  secretsOf,
} from '../../src/methods/onboarding.ts';
import type { Field } from '../../src/yaml/fields.ts';
import { tbotEnvironment } from '../../src/tbot/environment.ts';
import { ciWith } from '../recording.ts';
import { problemOf } from './problem.fixture.ts';

const read = (given: Readonly<Record<string, string>>) =>
  readInputs({ proxy: 'a', token: 'b', ...given }, yaml).inputs;

const endpoint = { kind: 'proxy', address: 'a:443' } as const;
const request = { version: '18.11.0', endpoint, token: 'b', ttl: 60, services: [] };

function forGoogle(host: string): Readonly<Record<string, string>> {
  return tbotEnvironment({
    env: { GCE_METADATA_HOST: host },
    identity: { method: 'gcp', onboarding: {} },
    endpoint,
    anonymousTelemetry: false,
    caBundle: undefined,
  });
}

function inputError(given: Readonly<Record<string, string>>): string {
  const { message, errors } = problemOf(() => read(given));
  return [message, ...errors].join('\n');
}

function fromWorkspace(method: JoinMethod, onboarding: string): unknown {
  const env = { GITHUB_WORKSPACE: '/srv/repo', KUBERNETES_TOKEN_PATH: 'x' };
  return chooseIdentity(read({ 'join-method': method, onboarding }), ciWith(env));
}

describe('onboarding', () => {
  it('writes the parameters of the join method in the format of tbot', () => {
    const inputs = read({
      'join-method': 'generic-oidc',
      onboarding: 'generic_oidc: {command: [get, token], timeout: 90s}',
    });
    const identity = chooseIdentity(inputs, ciWith({}));
    const config = tbotConfig({ ...request, identity });
    expect(config['onboarding']).toEqual({
      join_method: 'generic_oidc',
      token: 'b',
      generic_oidc: { command: ['get', 'token'], timeout: '1m30s' },
    });
  });

  it.each([
    ['gitlab', 'gitlab: {token_env_var_name: MY_JWT}', {}],
    ['terraform_cloud', 'terraform: {audience_tag: a}', { terraform: { audience_tag: 'a' } }],
    [
      'bound_keypair',
      'bound_keypair: {static_private_key_path: /k}',
      { bound_keypair: { static_private_key_path: '/k' } },
    ],
    ['kubernetes', 'kubernetes: {token_path: /t}', {}],
  ])('%s', (method, onboarding, expected) => {
    const inputs = read({ 'join-method': method, onboarding });
    const identity = chooseIdentity(
      inputs,
      ciWith({ MY_JWT: 'x', TFC_WORKLOAD_IDENTITY_TOKEN_A: 'x' }),
    );
    const config = tbotConfig({ ...request, identity });
    expect(config['onboarding']).toEqual({ join_method: method, token: 'b', ...expected });
  });

  it.each([
    ['gitlab: {token_env_var_name: X}', '`gitlab` requires `join-method: gitlab`'],
    ['token: x', 'set the input `token` instead'],
    ['join_method: x', 'set the input `join-method` instead'],
    ['ca_pins: [x]', 'set the input `ca-pins` instead'],
    ['azure: {client_id: x}', 'set the input `azure-client-id` instead'],
    ['ca_path: /x', 'set the input `extra-ca-file` instead'],
    ['onboarding: {gitlab: {}}', 'paste only the mapping under `onboarding:`'],
    ['gitlb: {}', 'Did you mean `gitlab`?'],
    ['[a]', 'must be a mapping'],
    ['a: [', 'missing `]`'],
  ])('rejects %s', (onboarding, expected) => {
    expect(inputError({ 'join-method': 'github', onboarding })).toContain(expected);
  });

  it.each(['TELEPORT_PROXY', 'TBOT_CONFIG', 'PATH', 'LD_PRELOAD', 'a b', 'GODEBUG'])(
    'rejects the variable %s for a token',
    (name) => {
      const onboarding = `gitlab: {token_env_var_name: "${name}"}`;
      expect(inputError({ 'join-method': 'gitlab', onboarding })).toContain(
        'a variable name must consist of',
      );
    },
  );

  it('resolves paths against the workspace, in which tbot does not run', () => {
    expect(
      fromWorkspace(
        'bound_keypair',
        'bound_keypair: {registration_secret_path: a, static_private_key_path: ../b}',
      ),
    ).toMatchObject({
      onboarding: {
        bound_keypair: {
          registration_secret_path: '/srv/repo/a',
          static_private_key_path: '/srv/b',
        },
      },
    });
    expect(fromWorkspace('kubernetes', 'kubernetes: {token_path: /run/token}')).toMatchObject({
      onboarding: { kubernetes: { token_path: '/run/token' } },
    });
    expect(fromWorkspace('generic_oidc', 'generic_oidc: {command: [./get, ./a]}')).toMatchObject({
      onboarding: { generic_oidc: { command: ['/srv/repo/get', './a'] } },
    });
    expect(fromWorkspace('generic_oidc', 'generic_oidc: {command: [get]}')).toMatchObject({
      onboarding: { generic_oidc: { command: ['get'] } },
    });
  });

  it.each([
    ['a static key', '', { TBOT_BOUND_KEYPAIR_STATIC_KEY: 'a' }, false],
    ['a static key in a file', 'bound_keypair: {static_private_key_path: a}', {}, false],
    ['a registration secret', '', { TBOT_REGISTRATION_SECRET: 'a' }, true],
    [
      'a static key beside a registration secret',
      'bound_keypair: {registration_secret: a}',
      { TBOT_BOUND_KEYPAIR_STATIC_KEY: 'a' },
      false,
    ],
  ])('is single-use or not for bound_keypair with %s', (_, onboarding, env, isSingle) => {
    const inputs = read({ 'join-method': 'bound_keypair', onboarding });
    expect(isSingleUse(chooseIdentity(inputs, ciWith(env)))).toBe(isSingle);
  });

  it('rejects an empty command', () => {
    const onboarding = 'generic_oidc: {command: []}';
    expect(inputError({ 'join-method': 'generic_oidc', onboarding })).toContain(
      'the program to run',
    );
  });

  it('requires one source of a token for generic_oidc', () => {
    const wrong = 'with either `env` or `command`';
    expect(inputError({ 'join-method': 'generic_oidc' })).toContain(wrong);
    const onboarding = 'generic_oidc: {env: A, command: [b]}';
    expect(inputError({ 'join-method': 'generic_oidc', onboarding })).toContain(wrong);
  });

  it('lists every secret value', () => {
    const secrets = Object.entries(onboardingFields).flatMap(([section, { fields }]) =>
      Object.entries<Field>(fields).flatMap(([key, { secret }]) =>
        secret ? [[section, key]] : [],
      ),
    );
    expect(secrets.length).toBeGreaterThan(0);
    for (const [section = '', key = ''] of secrets) {
      expect(secretsOf({ [section]: { [key]: 'hunter2', token_path: 'seen' } })).toEqual([
        'hunter2',
      ]);
      expect(secretKeys).toContain(key);
    }
  });

  it('does not show invalid values', () => {
    const onboarding = [
      'bound_keypair: {registration_secret: {hunter2: x}}',
      'bound_keypair: {registration_secret: hunter2',
      'bound_keypair: {registration_secret: hunter2, registration_secret_path: /x}',
      '- hunter2',
    ];
    for (const text of onboarding)
      expect(inputError({ 'join-method': 'bound_keypair', onboarding: text })).not.toContain(
        'hunter2',
      );
  });
});

function environmentOf(
  method: JoinMethod,
  onboarding: string,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const identity = chooseIdentity(read({ 'join-method': method, onboarding }), ciWith(env));
  return tbotEnvironment({
    env,
    identity,
    endpoint: { kind: 'proxy' },
    anonymousTelemetry: false,
    caBundle: undefined,
  });
}

describe('the other join methods', () => {
  const others = joinMethods.filter((method) => method !== 'github' && method !== 'azure');

  it.each(others)('%s reports a missing variable and passes on no others', (method) => {
    const onboarding: Onboarding =
      method === 'generic_oidc' ? { generic_oidc: { env: 'MY_TOKEN' } } : {};
    const variables = variablesOf({ method, onboarding });
    const [first] = variables.required;
    const inputs = { joinMethod: method, azureClientId: undefined, onboarding };
    const lacking = missingVariables({ method, onboarding }, {});
    expect(lacking).toEqual(variables.required);
    const env = Object.fromEntries(
      [...variables.required, ...variables.optional].map((name) => [name, 'x']),
    );
    const identity = chooseIdentity(inputs, ciWith(env));
    const given = tbotEnvironment({
      env: { ...env, GITHUB_TOKEN: 'y', AWS_PAGER: 'y' },
      identity,
      endpoint,
      anonymousTelemetry: false,
      caBundle: undefined,
    });
    expect(given).toEqual({ ...env, TELEPORT_ANONYMOUS_TELEMETRY: '0' });
    const problem =
      first === undefined ? undefined : problemOf(() => chooseIdentity(inputs, ciWith({})));
    expect(problem?.code).toBe(first === undefined ? undefined : 'no-identity');
    expect(problem?.message ?? 'undefined').toContain(`${first}`);
  });

  it('pass parameters in variables that every tbot reads', () => {
    const jwt = { MY_JWT: 'x' };
    expect(environmentOf('gitlab', 'gitlab: {token_env_var_name: MY_JWT}', jwt)).toMatchObject({
      ...jwt,
      TBOT_GITLAB_JWT: 'x',
    });
    expect(environmentOf('kubernetes', 'kubernetes: {token_path: /t}', {})).toMatchObject({
      KUBERNETES_TOKEN_PATH: '/t',
    });
  });

  it('treat optional variables as secrets too', () => {
    const onboarding = { bound_keypair: { static_private_key_path: '/k' } };
    expect(variablesOf({ method: 'bound_keypair', onboarding }).secret).toContain(
      'TBOT_REGISTRATION_SECRET',
    );
    expect(variablesOf({ method: 'iam' }).secret).toContain('AWS_SECRET_ACCESS_KEY');
    expect(variablesOf({ method: 'iam' }).secret).not.toContain('AWS_REGION');
  });

  it('accept one of two variables for bound_keypair', () => {
    const inputs = { joinMethod: 'bound_keypair', azureClientId: undefined } as const;
    expect(chooseIdentity(inputs, ciWith({ TBOT_REGISTRATION_SECRET: 'x' }))).toMatchObject({
      method: 'bound_keypair',
    });
  });

  it('pass on the metadata service of Google only if it is on loopback', () => {
    expect(forGoogle('127.0.0.1:80')).toHaveProperty('GCE_METADATA_HOST');
    expect(forGoogle('evil.example.com')).not.toHaveProperty('GCE_METADATA_HOST');
  });

  it('pass on the region for a service that needs it', () => {
    const given = tbotEnvironment({
      env: { AWS_REGION: 'eu-west-1' },
      identity: { method: 'github' },
      endpoint,
      anonymousTelemetry: false,
      serviceVariables: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
      caBundle: undefined,
    });
    expect(given).toHaveProperty('AWS_REGION', 'eu-west-1');
  });
});
