import { createPrivateKey, X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { service, type ServiceFixture, startServiceFixture } from './testbed-services.fixture.ts';
import { calm, errorOf } from './testbed-teleport.fixture.ts';

let fixture: ServiceFixture;
beforeAll(async () => {
  fixture = await startServiceFixture();
});
afterEach(() => calm(fixture.testbed.faults));
afterAll(async () => await fixture[Symbol.asyncDispose]());

const services: Readonly<Record<string, { readonly keys: string; readonly last: string }>> = {
  identity: { keys: '', last: 'ssh_config' },
  application: { keys: 'app_name: hello', last: 'teleport-host-ca.crt' },
  database: { keys: 'service: pg, format: tls', last: 'tls.crt' },
  kubernetes: { keys: 'kubernetes_cluster: prod', last: 'kubeconfig.yaml' },
  'kubernetes/v2': { keys: 'selectors: [{name: prod}]', last: 'kubeconfig.yaml' },
  ssh_host: { keys: 'principals: [a]', last: 'ssh_host-user-ca.pub' },
  'workload-identity-x509': { keys: 'selector: {name: build}', last: 'svid_bundle.pem' },
};

describe.each(Object.entries(services))('a service of type %s', (type, { keys, last }) => {
  it('may end in the middle of its files', async () => {
    fixture.testbed.faults.tbot = { kind: 'partial' };
    const run = await fixture.run('18.2.4', [service('x', type, keys)]);
    expect(run.code).toBe(1);
    expect(errorOf(run)).toContain('no space left on device');
    calm(fixture.testbed.faults);
    const whole = await fixture.run('18.2.4', [service('x', type, keys)]);
    expect(run.files('x').length).toBeGreaterThan(1);
    expect(whole.files('x')).toEqual(expect.arrayContaining([...run.files('x'), last]));
    expect(run.files('x')).not.toContain(last);
  });
});

describe('credentials that do not fit together', () => {
  const pairs = [
    ['identity', '', 'tlscert', 'key'],
    ['application', 'app_name: hello, specific_tls_naming: true', 'tls.crt', 'tls.key'],
    ['database', 'service: mongo, format: mongo', 'mongo.crt', 'mongo.crt'],
    ['database', 'service: crdb, format: cockroach', 'cockroach/node.crt', 'cockroach/node.key'],
    ['workload-identity-x509', 'selector: {name: build}', 'svid.pem', 'svid_key.pem'],
  ] as const;

  it.each(pairs)('are written by %s with %s', async (type, keys, certificate, key) => {
    fixture.testbed.faults.tbot = { kind: 'mismatched-key' };
    const run = await fixture.run('18.2.4', [service('x', type, keys)]);
    expect(run.code).toBe(0);
    const shown = new X509Certificate(run.read('x', certificate));
    expect(shown.checkPrivateKey(createPrivateKey(run.read('x', key)))).toBe(false);
  });

  it('may be of another cluster', async () => {
    fixture.testbed.faults.tbot = { kind: 'foreign-cluster', cluster: 'other.example.com' };
    const run = await fixture.run('18.2.4', [
      service('app', 'application', 'app_name: hello'),
      service('svid', 'workload-identity-x509', 'selector: {name: build}'),
      service('jwt', 'workload-identity-jwt', 'selector: {name: build}, audiences: [a]'),
      service('host', 'ssh_host', 'principals: [a]'),
    ]);
    expect(run.code).toBe(0);
    expect(new X509Certificate(run.read('app', 'tlscert')).issuer).toContain('other.example.com');
    const svid = new X509Certificate(run.read('svid', 'svid.pem'));
    expect(svid.subjectAltName).toContain('URI:spiffe://other.example.com/ci/build');
    const [, payload = ''] = run.read('jwt', 'jwt_svid').split('.');
    expect(Buffer.from(payload, 'base64url').toString()).toContain('spiffe://other.example.com/');
    expect(run.read('host', 'ssh_host-user-ca.pub')).toContain('clustername=other.example.com');
  });
});
