import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Joined } from '../../src/publish/outputs.ts';
import { identity, type Published, publishJoin } from '../publishing.ts';
import { runnerFolders } from './workdir.fixture.ts';

const runner = runnerFolders();
const { dir } = identity;

async function outputsOf(changes: Partial<Joined> = {}): Promise<Published['outputs']> {
  return (await publishJoin(runner.env(), changes)).outputs;
}

describe('the outputs', () => {
  it('describe an identity', async () => {
    expect(await outputsOf()).toEqual({
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

  it('are empty strings if they do not apply to a join without credentials', async () => {
    const outputs = await outputsOf({ credentials: [], caBundle: '/home/ca-bundle.pem' });
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
    expect(outputs['expires-at']).toBe('');
  });

  it('name the cluster of the certificate, not that of the proxy', async () => {
    const certificate = { ...identity.certificate, cluster: 'other.example.com' };
    const outputs = await outputsOf({ credentials: [{ ...identity, certificate }] });
    expect(outputs['cluster']).toBe('other.example.com');
  });

  it('are those of action.yml in the same order', async () => {
    const file = new URL('../../action.yml', import.meta.url);
    const action: { readonly outputs: object } = parse(await readFile(file, 'utf8'));
    expect(Object.keys(await outputsOf())).toEqual(Object.keys(action.outputs));
  });

  it('contain the earliest expiry of all credentials', async () => {
    const soon = { ...identity, name: 'soon', expiresAt: new Date('2026-11-21T01:00:00Z') };
    const credentials = [identity, soon, { ...identity, name: 'again' }];
    expect((await outputsOf({ credentials }))['expires-at']).toBe('2026-11-21T01:00:00Z');
  });
});
