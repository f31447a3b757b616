import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Cluster, parseFind } from '../../src/cluster/find-response.ts';
import { readInputs } from '../../src/inputs/inputs.ts';
import { type Joined, earliestExpiry } from '../../src/publish/outputs.ts';
import { outputNames, outputsOf } from '../../src/publish/outputs.ts';
import { rfc3339 } from '../../src/text/time.ts';
import type { Credential } from '../../src/services/credential.ts';

const dir = '/tmp/machine-id-0011223344556677/identity';

const identity = {
  name: 'identity',
  type: 'identity',
  dir,
  files: {
    identity: `${dir}/identity`,
    key: `${dir}/key`,
    certificate: `${dir}/tlscert`,
    'host-ca': `${dir}/teleport-host-ca.crt`,
    'ssh-config': `${dir}/ssh_config`,
    'known-hosts': `${dir}/known_hosts`,
  },
  expiresAt: new Date('2026-11-21T02:53:47.999Z'),
  certificate: {
    cluster: 'example.teleport.sh',
    user: 'bot-ci',
    roles: ['access', 'a "quoted", role'],
    botInstanceId: 'f3a1',
    expiresAt: new Date('2026-11-21T02:53:47.999Z'),
  },
} satisfies Credential;

const cluster: Cluster = parseFind(
  JSON.stringify({
    server_version: '18.2.4',
    min_client_version: '17.0.0',
    cluster_name: 'example.teleport.sh',
    proxy: { ssh: { public_addr: 'example.teleport.sh:443' } },
  }),
);

const joined: Joined = {
  inputs: readInputs({ proxy: 'example.teleport.sh', token: 'ci' }).inputs,
  cluster,
  tool: { path: '/opt/tbot', version: '18.2.4', source: 'archive' },
  identity: { method: 'github' },
  credentials: [identity],
  caBundle: undefined,
};

describe('outputsOf', () => {
  it('says all there is about an identity', () => {
    expect(outputsOf(joined)).toEqual({
      'identity-file': `${dir}/identity`,
      'ssh-config': `${dir}/ssh_config`,
      'known-hosts': `${dir}/known_hosts`,
      kubeconfig: '',
      'certificate-file': `${dir}/tlscert`,
      'key-file': `${dir}/key`,
      'ca-file': `${dir}/teleport-host-ca.crt`,
      'destination-dir': dir,
      credentials: JSON.stringify({
        identity: {
          type: 'identity',
          dir,
          files: identity.files,
          'expires-at': '2026-11-21T02:53:47Z',
        },
      }),
      cluster: 'example.teleport.sh',
      proxy: 'example.teleport.sh:443',
      'join-method': 'github',
      bot: 'ci',
      'bot-instance-id': 'f3a1',
      roles: '["access","a \\"quoted\\", role"]',
      'expires-at': '2026-11-21T02:53:47Z',
      'ca-bundle': '',
      'tbot-version': '18.2.4',
      'tbot-path': '/opt/tbot',
      'tbot-source': 'archive',
    });
  });

  it('has empty texts for what a join without credentials does not give', () => {
    const outputs = outputsOf({ ...joined, credentials: [], caBundle: '/home/ca-bundle.pem' });
    const given = Object.entries(outputs).filter(([, value]) => value !== '');
    expect(Object.fromEntries(given)).toEqual({
      credentials: '{}',
      cluster: 'example.teleport.sh',
      proxy: 'example.teleport.sh:443',
      'join-method': 'github',
      'ca-bundle': '/home/ca-bundle.pem',
      'tbot-version': '18.2.4',
      'tbot-path': '/opt/tbot',
      'tbot-source': 'archive',
    });
  });

  it('believes the certificate about the cluster, not the proxy', () => {
    const certificate = { ...identity.certificate, cluster: 'other.example.com' };
    const outputs = outputsOf({ ...joined, credentials: [{ ...identity, certificate }] });
    expect(outputs.cluster).toBe('other.example.com');
  });

  it('has the outputs of action.yml', async () => {
    const action: unknown = parse(
      await readFile(new URL('../../action.yml', import.meta.url), 'utf8'),
    );
    const declared = Object.fromEntries(outputNames.map((name) => [name, expect.anything()]));
    expect(action).toHaveProperty('outputs', declared);
    expect(Object.keys(outputsOf(joined))).toEqual(outputNames);
  });
});

describe('the end', () => {
  it('is the soonest of all credentials', () => {
    const soon = { ...identity, expiresAt: new Date('2026-11-21T01:00:00Z') };
    expect(earliestExpiry([identity, soon, identity])).toEqual(soon.expiresAt);
    expect(earliestExpiry([])).toBeUndefined();
  });

  it('is written to the second', () => {
    expect(rfc3339(new Date('2026-01-02T03:04:05.678Z'))).toBe('2026-01-02T03:04:05Z');
    expect(rfc3339(undefined)).toBe('');
  });
});
