import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import type { Identity } from '../../src/methods/join-identity.ts';
import { readInputs } from '../../src/inputs/inputs.ts';
import { type ConfigRequest, renderConfig, tbotConfig } from '../../src/tbot/config.ts';
import { spellingOf } from '../../src/tbot/config.ts';

const clientId = '22222222-2222-2222-2222-222222222222';

const request: ConfigRequest = {
  version: '18.2.4',
  endpoint: { kind: 'proxy', address: 'example.teleport.sh:443' },
  token: 'ci-github',
  identity: { method: 'github' },
  ttl: 3600,
  services: [
    {
      name: 'identity',
      service: { type: 'identity' },
      dir: '/tmp/machine-id-0011223344556677/identity',
    },
  ],
};

function onboarding(identity: Identity): unknown {
  return tbotConfig({ ...request, identity })['onboarding'];
}

describe('tbotConfig', () => {
  it('is the config of tbot 18', () => {
    expect(tbotConfig(request)).toEqual({
      version: 'v2',
      proxy_server: 'example.teleport.sh:443',
      onboarding: { join_method: 'github', token: 'ci-github' },
      storage: { type: 'memory' },
      oneshot: true,
      credential_ttl: '1h',
      services: [
        {
          type: 'identity',
          destination: { type: 'directory', path: '/tmp/machine-id-0011223344556677/identity' },
        },
      ],
    });
  });

  it.each([
    ['14.3.0', 'auth_server', 'outputs', 'certificate_ttl'],
    ['15.0.0-dev', 'auth_server', 'outputs', 'certificate_ttl'],
    ['15.4.26', 'auth_server', 'outputs', 'certificate_ttl'],
    ['16.0.0', 'proxy_server', 'outputs', 'certificate_ttl'],
    ['16.5.1', 'proxy_server', 'outputs', 'certificate_ttl'],
    ['17.0.0', 'proxy_server', 'services', 'certificate_ttl'],
    ['17.7.8', 'proxy_server', 'services', 'certificate_ttl'],
    ['18.0.0', 'proxy_server', 'services', 'credential_ttl'],
    ['18.0.0-rc.1', 'proxy_server', 'services', 'credential_ttl'],
    ['19.1.0', 'proxy_server', 'services', 'credential_ttl'],
    ['100.0.0', 'proxy_server', 'services', 'credential_ttl'],
  ])('for %s it has the keys %s, %s and %s', (version, address, services, ttl) => {
    expect(spellingOf(version)).toEqual({ address, services, ttl });
    expect(Object.keys(tbotConfig({ ...request, version })).toSorted()).toEqual(
      ['version', 'onboarding', 'storage', 'oneshot', address, services, ttl].toSorted(),
    );
  });

  it('contains the client ID of a managed identity', () => {
    expect(onboarding({ method: 'azure', onboarding: { azure: { client_id: clientId } } })).toEqual(
      {
        join_method: 'azure',
        token: 'ci-github',
        azure: { client_id: clientId },
      },
    );
    expect(onboarding({ method: 'azure' })).toEqual({
      join_method: 'azure',
      token: 'ci-github',
    });
  });

  it('has the destination right after the type', () => {
    const services = request.services.map((planned) => ({
      ...planned,
      service: { type: 'identity' as const, allow_reissue: true },
    }));
    // As text, because toEqual ignores the order of keys.
    expect(JSON.stringify(tbotConfig({ ...request, services })['services'])).toBe(
      '[{"type":"identity","destination":{"type":"directory","path":"/tmp/machine-id-0011223344556677/identity"},"allow_reissue":true}]',
    );
  });

  it('has an empty list without services', () => {
    expect(tbotConfig({ ...request, services: [] })).toHaveProperty('services', []);
  });
});

describe('renderConfig', () => {
  it('returns readable YAML', async () => {
    expect(await renderConfig(tbotConfig(request))).toBe(`version: "v2"
proxy_server: "example.teleport.sh:443"
onboarding:
  join_method: "github"
  token: "ci-github"
storage:
  type: "memory"
oneshot: true
credential_ttl: "1h"
services:
  - type: "identity"
    destination:
      type: "directory"
      path: "/tmp/machine-id-0011223344556677/identity"
`);
  });

  const words =
    '0o17 017 0x1f 1_000 12:30:45 1e3 .inf on off yes NO y null ~ true 2026-11-21 destination ' +
    `<< = - ? {a [a *a &a !a %a @a \`a " ' #a a: | > --- ...`;
  const traps = fc.constantFrom(...words.split(' '), 'a: b', 'a #b', '- a', '? a');
  const name = fc.oneof(traps, fc.stringMatching(/^[!-~][ -~]{0,20}$/));
  const token = name.filter((text) => !text.startsWith('/') && !/\s/.test(text));
  const accepted = fc.record(
    {
      proxy: fc.constantFrom('example.com', '[::1]:3080', '10.0.0.7:1', 'https://a.b/', '1e3:80'),
      token,
      'join-method': fc.constantFrom('github', 'azure', 'auto'),
      'allow-reissue': fc.constantFrom('true', 'false', ''),
      services: fc.constantFrom('[]', ''),
      'certificate-ttl': fc
        .integer({ min: 1, max: 10_000_000 })
        .map((milliseconds) => `${milliseconds}ms`),
    },
    { requiredKeys: ['proxy', 'token'] },
  );
  const versions = fc.constantFrom('14.3.1', '15.0.0-dev', '16.0.0', '17.2.7', '18.11.3', '19.0.0');
  const identities: fc.Arbitrary<Identity> = fc.constantFrom(
    { method: 'github' },
    { method: 'azure' },
    { method: 'azure', onboarding: { azure: { client_id: clientId } } },
  );
  const folder = fc.oneof(
    fc.constantFrom('/srv/runner/_temp', 'D:\\a\\_temp', '/tmp/it\'s "here": #1', '/tmp/é'),
    name.map((text) => `/${text}`),
  );

  it('returns YAML that parsers of 1.1 and 1.2 read alike', async () => {
    await fc.assert(
      fc.asyncProperty(accepted, versions, identities, folder, async (given, version, ...rest) => {
        const { inputs } = readInputs(given, yaml);
        const [identity, dir] = rest;
        const config = tbotConfig({
          version,
          identity,
          endpoint: inputs.endpoint,
          token: inputs.token,
          ttl: inputs.certificateTtl,
          services:
            inputs.services?.length === 0
              ? []
              : [
                  {
                    name: 'identity',
                    service: { type: 'identity', allow_reissue: inputs.allowReissue },
                    dir,
                  },
                ],
        });
        const text = await renderConfig(config);
        expect(yaml.parse(text, { version: '1.1' })).toEqual(config);
        expect(yaml.parse(text, { version: '1.2' })).toEqual(config);
        expect(config['onboarding']).toHaveProperty('token', inputs.token);
        expect(Object.keys(config)).not.toContain('undefined');
      }),
    );
  });
});
