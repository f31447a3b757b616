import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareReleases, has } from '../../testbed/releases.ts';
import { playedVersion } from '../../testbed/tbot/versions.ts';
import {
  type Run,
  service,
  type ServiceFixture,
  startServiceFixture,
} from './testbed-services.fixture.ts';
import { errorOf } from './testbed-teleport.fixture.ts';

let fixture: ServiceFixture;
beforeAll(async () => {
  fixture = await startServiceFixture();
});
afterAll(async () => await fixture[Symbol.asyncDispose]());

const identity = service('id', 'identity');
const week = 'credential_ttl: 168h, renewal_interval: 1h';
const unknown = (key: string) => `field ${key} not found in type config.BotConfig`;
const parsing = 'failed parsing config file: unrecognized service type';

describe('releases', () => {
  it('are ordered, with prereleases before their release', () => {
    const releases = ['15.0.0-dev', '15.0.0', '15.1.3', '16.0.0', '17.2.7', '17.2.10', '19.0.0'];
    expect(releases.toReversed().toSorted(compareReleases)).toEqual(releases);
  });

  it('have the features of their major version and of older ones', () => {
    const firsts = ['16.1.0', '15.4.9'];
    const having = ['15.4.8', '15.4.9', '16.0.4', '16.1.0', '17.0.0', '14.9.9'].filter((version) =>
      has(version, firsts),
    );
    expect(having).toEqual(['15.4.9', '16.1.0', '17.0.0']);
  });

  it('are supported from 15 to 19', () => {
    for (const version of ['14.3.7', '20.0.0', 'latest', '18']) {
      expect(() => playedVersion(version)).toThrow('plays tbot 15 to 19');
    }
  });
});

describe('a key of the root', () => {
  it.each([
    ['15.1.2', 'proxy_server: "x:1"', unknown('proxy_server')],
    ['17.2.7', 'credential_ttl: 1h', unknown('credential_ttl')],
    ['17.2.7', 'surprise: 1', unknown('surprise')],
    ['16.4.0', 'surprise: 1', unknown('surprise')],
  ])('is refused by %s: %s', async (version, root, error) => {
    const run = await fixture.run(version, [identity], { root });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(errorOf(run)).toContain(error);
  });

  it.each(['17.2.8', '17.4.5', '18.2.4', '19.0.0'])('is ignored by %s', async (version) => {
    expect(await fixture.run(version, [identity], { root: 'surprise: 1' })).toMatchObject({
      code: 0,
    });
  });
});

function proxy(): string {
  return fixture.testbed.proxy.address;
}

async function byAuthServer(version: string): Promise<Run> {
  return await fixture.run(version, [identity], { address: `auth_server: "${proxy()}"` });
}

describe('an address', () => {
  it('can be in auth_server until 18, with a warning since 17.5.3', async () => {
    const [old, warned, refused] = [
      await byAuthServer('16.4.0'),
      await byAuthServer('17.5.3'),
      await byAuthServer('19.0.0'),
    ];
    expect(old.code).toBe(0);
    expect(old.stderr).not.toContain('no longer supported');
    expect(warned.code).toBe(0);
    expect(warned.stderr).toContain('no longer supported');
    expect(refused.code).toBe(1);
    expect(errorOf(refused)).toContain('no longer supported');
  });

  it('cannot be set twice before 18', async () => {
    const address = `proxy_server: "${proxy()}"\nauth_server: "${proxy()}"`;
    const old = await fixture.run('17.5.4', [identity], { address });
    expect(errorOf(old)).toContain('either a proxy or auth address must be set');
    expect(await fixture.run('18.2.4', [identity], { address })).toMatchObject({ code: 0 });
  });
});

describe('a service', () => {
  it.each<[string, string, string]>([
    [
      '17.2.6',
      service('k', 'kubernetes/v2', 'selectors: [{name: prod}]'),
      `${parsing} (kubernetes/v2)`,
    ],
    ['17.2.0', service('w', 'workload-identity-jwt'), `${parsing} (workload-identity-jwt)`],
    ['17.3.4', service('w', 'workload-identity-aws-roles-anywhere'), parsing],
    ['19.0.0', service('w', 'spiffe-svid'), `${parsing} (spiffe-svid)`],
    ['17.4.4', service('id', 'identity', week), 'requested_ttl=168h0m0s, maximum_ttl=24h0m0s'],
    ['18.2.4', service('id', 'identity', week.replace('168', '169')), 'maximum_ttl=168h0m0s'],
    [
      '18.2.4',
      service('id', 'identity', 'credential_ttl: 1h'),
      'must both be specified if either is',
    ],
    ['19.0.0', service('id', 'identity', 'roles: [access]'), 'roles: the roles field is no longer'],
    ['18.2.4', service('id', 'identity', 'name: Upper'), 'invalid service name: "Upper", may only'],
    [
      '18.2.4',
      service('id', 'identity', 'name: heartbeat'),
      'service name "heartbeat" is reserved',
    ],
    ['18.2.4', service('a', 'application'), 'validating service[0]\n\tapp_name must not be empty'],
    ['18.2.4', service('d', 'database'), 'service must not be empty'],
    ['18.2.4', service('d', 'database', 'service: pg, format: x'), 'unrecognized format (x)'],
    ['18.2.4', service('k', 'kubernetes'), 'kubernetes_cluster must not be empty'],
    ['18.2.4', service('k', 'kubernetes/v2'), 'at least one selector must be provided'],
    ['18.2.4', service('k', 'kubernetes/v2', 'selectors: [{}]'), "one of 'name' and 'labels' must"],
    [
      '18.2.4',
      service('k', 'kubernetes/v2', 'selectors: [{name: a, labels: {b: c}}]'),
      "selectors: only one of 'name' and 'labels' may be specified",
    ],
    ['18.2.4', service('h', 'ssh_host'), 'at least one principal must be specified'],
    [
      '18.7.6',
      service('h', 'ssh_host', 'principals: [a], ca_type: db'),
      'ca_type ("db") is unsupported',
    ],
    ['18.2.4', service('w', 'workload-identity-x509'), "one of ['name', 'labels'] must be set"],
    [
      '18.2.4',
      service('w', 'workload-identity-x509', 'selector: {labels: {a: []}}'),
      'labels[a]: must have at least one value',
    ],
    [
      '18.2.4',
      service('w', 'workload-identity-jwt', 'selector: {name: build}'),
      'audiences: must have at least one value',
    ],
    [
      '18.2.4',
      service('w', 'workload-identity-aws-roles-anywhere', 'selector: {name: build}'),
      'role_arn: must be set',
    ],
  ])('%s refuses %s', async (version, list, error) => {
    const joins = fixture.testbed.proxy.joins.length;
    const run = await fixture.run(version, [list]);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(errorOf(run)).toContain(error);
    expect(fixture.testbed.proxy.joins).toHaveLength(joins);
  });

  it.each<[string, string]>([
    ['17.2.7', service('k', 'kubernetes/v2', 'selectors: [{name: prod}]')],
    ['17.4.5', service('id', 'identity', week)],
    ['17.2.7', service('id', 'identity', 'credential_ttl: 1h')],
    ['17.5.3', service('id', 'identity', 'name: Upper')],
    ['18.2.4', service('id', 'identity', 'roles: [access]')],
    ['19.0.0', service('id', 'identity', 'roles: []')],
  ])('%s takes %s', async (version, list) => {
    expect(await fixture.run(version, [list])).toMatchObject({ code: 0, stdout: '' });
  });

  it('must have a unique name', async () => {
    const both = [service('a', 'identity', 'name: one'), service('b', 'identity', 'name: one')];
    expect(errorOf(await fixture.run('18.2.4', both))).toBe(
      'validating service[1]\n\tduplicate name: "one"',
    );
    expect(await fixture.run('17.5.3', both)).toMatchObject({ code: 0 });
  });

  it('is skipped if it is long-running, with a message in 18 and a debug message in 17', async () => {
    const tunnel = '{type: application-tunnel, listen: "tcp://127.0.0.1:0", app_name: hello}';
    const skipped = 'Service does not support oneshot mode';
    const newer = await fixture.run('18.2.4', [tunnel, identity]);
    expect(newer.code).toBe(0);
    expect(newer.stderr).toContain(`${skipped}, will not run`);
    expect(newer.files('id')).toContain('tlscert');
    const older = await fixture.run('17.4.5', [tunnel]);
    expect(older.code).toBe(0);
    expect(older.stderr).not.toContain(skipped);
    const result = await fixture.run('17.4.5', [tunnel], { debug: true });
    expect(result.stderr).toContain(`${skipped}, ignoring`);
  });
});

describe('a missing resource', () => {
  const missing = [
    ['application', 'app_name: nope', 'application-output', 'app "nope" not found'],
    ['database', 'service: nope', 'database-output', 'database "nope" not found'],
    [
      'kubernetes',
      'kubernetes_cluster: nope',
      'kubernetes-output',
      'kubernetes cluster "nope" not found',
    ],
  ] as const;

  it.each(missing)('%s with %s', async (type, keys, label, error) => {
    const newer = await fixture.run('18.2.4', [service('x', type, keys)]);
    expect(newer.code).toBe(1);
    expect(errorOf(newer)).toBe(`service(${label} (directory: $DEST/x))\n\t${error}`);
    expect(newer.files('x')).toEqual(['.write-test']);
    const older = await fixture.run('15.0.0-dev', [service('x', type, keys)]);
    expect(errorOf(older)).toBe(
      `generating impersonated certs for output: ${type} (directory: $DEST/x)\n${error}`,
    );
    expect(older.files('x')).toEqual(['.write-test']);
  });

  it.each([
    [
      'kubernetes/v2',
      'selectors: [{name: nope}]',
      'unable to fetch cluster "nope" by name\n\t\tkubernetes cluster "nope" not found',
    ],
    [
      'workload-identity-x509',
      'selector: {name: nope}',
      'requesting SVID\n\t\tgenerating X509 SVID\n\t\t\tworkload_identity "nope" doesn\'t exist',
    ],
    [
      'workload-identity-x509',
      'selector: {labels: {env: [moon]}}',
      'requesting SVID\n\t\tno X509 SVIDs returned',
    ],
    [
      'workload-identity-jwt',
      'selector: {labels: {env: [ci]}}, audiences: [a]',
      'requesting JWT SVID\n\t\tmultiple JWT SVIDs received: [build:spiffe://rig.example.com/ci/build deploy:spiffe://rig.example.com/ci/deploy]',
    ],
  ])('%s with %s', async (type, keys, error) => {
    const run = await fixture.run('18.2.4', [service('x', type, `name: mine, ${keys}`)]);
    expect(run.code).toBe(1);
    expect(errorOf(run)).toBe(`service(mine)\n\t${error}`);
  });

  it('stops a bot without roles before it writes files', async () => {
    const x509 = service('w', 'workload-identity-x509', 'selector: {name: build}');
    const run = await fixture.run('18.2.4', [x509], { token: 'no-roles' });
    expect(errorOf(run)).toContain('generating identity\n\t\t\tat least one role request');
    expect(run.files('w')).toEqual([]);
  });

  it('cancels the other outputs, which may have written some files', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `s${index}`);
    const others = names.map((name) =>
      service(name, 'kubernetes', 'kubernetes_cluster: prod, disable_exec_plugin: true'),
    );
    const lost = service('lost', 'kubernetes/v2', 'selectors: [{name: nope}]');
    const run = await fixture.run('18.2.4', [lost, ...others]);
    expect(run.code).toBe(1);
    expect(errorOf(run)).toMatch(/^service\(kubernetes-v2-output .*\n\tunable to fetch cluster/);
    expect(names.filter((name) => run.files(name).length < 10)).not.toEqual([]);
    expect(run.stderr).toContain('context canceled');
  });

  it('stops 15 before the next output', async () => {
    const lost = service('lost', 'application', 'app_name: nope');
    const run = await fixture.run('15.0.0-dev', [identity, lost, service('after', 'identity')]);
    expect(run.code).toBe(1);
    expect(run.files('id')).toContain('ssh_config');
    expect(run.files('after')).toEqual([]);
  });
});
