import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { Problem } from '../../src/problem.ts';
import { renderConfig, tbotConfig } from '../../src/tbot/config.ts';
import { checkAvailability, checkRequestedLifetimes } from '../../src/tbot/version-checks.ts';
import { type Availability, supports } from '../../src/versions/releases.ts';
import { serviceTypes } from '../../src/services/index.ts';
import { named, type Named } from '../../src/services/names.ts';
import { readServices } from '../../src/services/read.ts';
import type { AnyDescriptor } from '../../src/services/service.ts';
import type { Fields } from '../../src/yaml/fields.ts';
import type { Environment } from '../../src/ci/port.ts';
import { chooseIdentity } from '../../src/methods/choose.ts';
import { joinMethods, methodOf } from '../../src/methods/index.ts';
import { readOnboarding } from '../../src/methods/onboarding.ts';
import { ciWith } from '../recording.ts';
import { readConfig } from '../../testbed/tbot/config.ts';
import type { Log } from '../../testbed/tbot/log.ts';
import { playedVersion } from '../../testbed/tbot/versions.ts';

const life = { credential_ttl: '2h', renewal_interval: '10m' };
const arn = (name: string): string => `arn:aws:rolesanywhere:us-east-1:1:${name}/1`;

/** Every type with every key that a version of tbot supports. */
const entries: readonly Readonly<Record<string, unknown>>[] = [
  {
    type: 'identity',
    cluster: 'leaf',
    ssh_config: 'off',
    allow_reissue: true,
    roles: ['a'],
    ...life,
  },
  { type: 'application', app_name: 'destination', specific_tls_naming: true, roles: [], ...life },
  { type: 'database', service: 'pg', database: 'on', username: '1e3', format: 'mongo', ...life },
  { type: 'kubernetes', kubernetes_cluster: '0x1', disable_exec_plugin: true, ...life },
  {
    type: 'kubernetes/v2',
    selectors: [{ name: 'a', default_namespace: 'n' }, { labels: { a: 'yes' } }],
    disable_exec_plugin: true,
    context_name_template: '{{.KubeName}}-{{.Labels.env}}',
    ...life,
  },
  { type: 'ssh_host', principals: ['a'], ca_type: 'openssh', ...life },
  {
    type: 'workload-identity-x509',
    selector: { name: 'a' },
    trust_domains: ['app_client'],
    ...life,
  },
  { type: 'workload-identity-jwt', selector: { labels: { a: ['b'] } }, audiences: ['c'], ...life },
  {
    type: 'workload-identity-aws-roles-anywhere',
    selector: { name: 'a' },
    role_arn: arn('role'),
    profile_arn: arn('profile'),
    trust_anchor_arn: arn('trust-anchor'),
    session_duration: '2h',
    session_renewal_interval: '30m',
    credential_profile_name: 'ci',
    artifact_name: 'credentials',
    overwrite_credential_file: true,
  },
  {
    type: 'workload-identity-aws-roles-anywhere',
    selector: { name: 'a' },
    role_arn: arn('role'),
    profile_arn: arn('profile'),
    trust_anchor_arn: arn('trust-anchor'),
    session_duration: '1h',
  },
];
const required =
  /^(?:type|app_name|service|kubernetes_cluster|selectors?|principals|audiences|.*_arn)$/;

/** Returns the availability of a type, of its keys and of the keys of nested mappings. */
function availabilitiesOf({ since, fields }: AnyDescriptor): readonly Availability[] {
  return [since, ...keyAvailabilities(fields)];
}

function keyAvailabilities(fields: Fields): readonly Availability[] {
  return Object.values(fields).flatMap((field) => [
    ...(field.since === undefined ? [] : [field.since]),
    ...('fields' in field ? keyAvailabilities(field.fields) : []),
  ]);
}

const milestones = [
  ...new Set(
    [
      ...joinMethods.map((method) => methodOf(method).since),
      ...serviceTypes.flatMap(availabilitiesOf),
    ].flatMap(({ since }) => since),
  ),
].filter((version) => Number.parseInt(version, 10) >= 15);
const versions = ['15.0.0-dev', '15.4.9', '16.0.0', '16.1.0', '17.0.0', '18.0.0', ...milestones];

const say = (): void => undefined;
const quiet: Log = { debug: say, info: say, warn: say, error: say };

function accepts(version: string, text: string): number {
  const played = playedVersion(version);
  const invocation = {
    command: 'start',
    configPath: undefined,
    configText: text,
    debug: false,
    insecure: false,
    fips: false,
    oneshot: undefined,
    authServer: undefined,
    proxyServer: undefined,
    token: undefined,
    joinMethod: undefined,
  } as const;
  return readConfig(invocation, played, quiet).services.length;
}

/** Returns the code of the Problem; undefined if the request is supported. */
function problemCode(version: string, services: readonly Named[]): string | undefined {
  try {
    checkAvailability({
      version,
      serverVersion: version,
      identity: { method: 'github' },
      services,
    });
    checkRequestedLifetimes({ version, serverVersion: version, services }, 3600);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

function asking(ttl: string): readonly Named[] {
  const all = `- {type: identity, credential_ttl: ${ttl}}\n- {type: application, app_name: a}`;
  return named(readServices(all, yaml));
}

describe('the config of every type at every milestone', () => {
  const entry = fc.constantFrom(...entries).chain((full) =>
    fc.subarray(Object.keys(full)).map((keys) => {
      const kept = Object.entries(full).filter(([key]) => required.test(key) || keys.includes(key));
      return Object.fromEntries(kept);
    }),
  );

  it.each(versions)(
    '%s: is accepted by that tbot, or rejected before it starts',
    async (version) => {
      await fc.assert(
        fc.asyncProperty(fc.array(entry, { maxLength: 4 }), async (list) => {
          const text = yaml.stringify(
            list.map((one, index) => ({ ...one, name: `n${index}` })),
            { aliasDuplicateObjects: false },
          );
          const services = named(readServices(text, yaml));
          if (problemCode(version, services) === 'version') return;
          const config = tbotConfig({
            version,
            endpoint: { kind: 'proxy', address: 'example.com:443' },
            token: 'ci',
            identity: { method: 'github' },
            ttl: 3600,
            services: services.map(({ name, request: { service } }) => ({
              name,
              service,
              dir: `/tmp/${name}`,
            })),
          });
          const rendered = await renderConfig(config);
          expect(yaml.parse(rendered, { version: '1.1' })).toEqual(config);
          expect(yaml.parse(rendered, { version: '1.2' })).toEqual(config);
          expect(rendered).not.toMatch(/roles: *\[\]/);
          expect(accepts(version, rendered)).toBe(list.length);
        }),
        { numRuns: 40 },
      );
    },
  );

  it('never contains `roles` for tbot 19', () => {
    const services = named(readServices('- {type: identity, roles: [a]}', yaml));
    expect(() =>
      checkAvailability({
        version: '19.0.0',
        serverVersion: '19.0.0',
        identity: { method: 'github' },
        services,
      }),
    ).toThrow('`roles` of credential `identity` requires a tbot before 19.0.0');
    expect(() =>
      checkAvailability({
        version: '18.9.0',
        serverVersion: '18.9.0',
        identity: { method: 'github' },
        services,
      }),
    ).not.toThrow();
  });
});

const keypair = (version: string, onboarding: string, env: Environment) => () => {
  const read = {
    onboarding: readOnboarding(onboarding, yaml),
    joinMethod: 'bound_keypair' as const,
  };
  const identity = chooseIdentity({ ...read, azureClientId: undefined }, ciWith(env));
  checkAvailability({ version, serverVersion: version, identity, services: [] });
};

describe('a feature that a version lacks', () => {
  it.each([
    ['17.7.3', false],
    ['17.7.4', true],
    ['17.9.0', true],
    ['18.0.0', false],
    ['18.1.6', false],
    ['18.1.7', true],
    ['19.0.0', true],
    ['16.9.9', false],
    ['18.1.7-rc.1', false],
    ['not a version', false],
  ])('is found by the releases that added it: %s, %s', (version, expected) => {
    expect(supports(version, { since: ['17.7.4', '18.1.7'] })).toBe(expected);
  });

  it.each([
    ['18.9.9', true],
    ['19.0.0-dev', false],
    ['19.0.0', false],
    ['20.1.0', false],
  ])('is found by the release that removed it: %s, %s', (version, expected) => {
    expect(supports(version, { since: ['15.0.0'], gone: '19.0.0' })).toBe(expected);
  });

  it('is reported for join methods and for keys of selectors', () => {
    const services = named(
      readServices('- {type: kubernetes/v2, selectors: [{name: a, default_namespace: b}]}', yaml),
    );
    expect(() =>
      checkAvailability({
        version: '18.1.0',
        serverVersion: '18.1.0',
        identity: { method: 'github' },
        services,
      }),
    ).toThrow(
      '`default_namespace` of credential `kubernetes-v2-a` requires tbot 17.7.4, 18.2.0 or newer',
    );
    expect(() =>
      checkAvailability({
        version: '18.3.9',
        serverVersion: '18.3.9',
        identity: { method: 'env0', onboarding: {} },
        services: [],
      }),
    ).toThrow('join method `env0` requires tbot 18.4.0 or newer');
    const staticKey = { TBOT_BOUND_KEYPAIR_STATIC_KEY: 'a' };
    const secret = { TBOT_REGISTRATION_SECRET: 'a' };
    const path = 'bound_keypair: {static_private_key_path: /key}';
    expect(keypair('18.2.9', path, {})).toThrow(
      '`static_private_key_path` of `onboarding` requires tbot 18.2.10',
    );
    expect(keypair('18.2.10', path, staticKey)).not.toThrow();
    const secretPath = 'bound_keypair: {registration_secret_path: /secret}';
    expect(keypair('17.7.16', secretPath, {})).toThrow(
      '`registration_secret_path` of `onboarding`',
    );
    for (const env of [staticKey, secret]) {
      const [name] = Object.keys(env);
      const needs = `variable \`${name}\` requires tbot 18.2.10 or newer`;
      expect(keypair('18.2.9', '{}', env)).toThrow(needs);
      expect(keypair('18.2.10', '{}', env)).not.toThrow();
    }
    // The parameter replaces the variable, and every tbot with the method supports it.
    expect(keypair('18.1.0', 'bound_keypair: {registration_secret: a}', secret)).not.toThrow();
  });

  it('is reported for a cluster that is older than tbot', () => {
    const services = named(
      readServices('- {type: kubernetes/v2, selectors: [{name: a}], credential_ttl: 48h}', yaml),
    );
    const wanted = { version: '17.4.5', serverVersion: '17.2.6', services };
    expect(() => checkAvailability({ ...wanted, identity: { method: 'github' } })).toThrow(
      '`kubernetes/v2` of credential `kubernetes-v2-a` requires a cluster of version 17.2.7 or newer',
    );
    expect(checkRequestedLifetimes(wanted, 3600)).toBe(
      "`credential_ttl` of `kubernetes-v2-a` is 48h, but a cluster of version 17.2.6 issues at most 24h, and the bot's `max_session_ttl` may shorten it further.",
    );
  });

  it('is not reported for a boolean that is false', () => {
    const services = named(readServices('- {type: identity, allow_reissue: false}', yaml));
    expect(() =>
      checkAvailability({
        version: '15.0.0-dev',
        serverVersion: '15.0.0-dev',
        identity: { method: 'github' },
        services,
      }),
    ).not.toThrow();
  });
});

function longest(version: string, ttl: number, services: readonly Named[]): string | undefined {
  return checkRequestedLifetimes({ version, serverVersion: version, services }, ttl);
}

describe('the longest lifetime', () => {
  it('is 24h before 17.4.5 and 168h since: more is rejected for a service, otherwise a warning', () => {
    expect(() => longest('17.4.4', 3600, asking('25h'))).toThrow(
      '`credential_ttl` of `identity` is 25h, but tbot 17.4.4 accepts at most 24h',
    );
    expect(longest('17.4.5', 3600, asking('168h'))).toBeUndefined();
    expect(() => longest('17.4.5', 3600, asking('169h'))).toThrow('accepts at most 168h');
    expect(longest('17.4.4', 25 * 3600, [])).toContain('tbot 17.4.4 requests at most 24h');
    expect(longest('18.0.0', 25 * 3600, [])).toBeUndefined();
  });

  it('is not checked for SVIDs', () => {
    const svid = named(
      readServices(
        '- {type: workload-identity-x509, selector: {name: a}, credential_ttl: 999h}',
        yaml,
      ),
    );
    expect(longest('18.0.0', 3600, svid)).toBeUndefined();
  });
});
