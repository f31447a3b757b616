import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Recording } from '../recording.ts';
import { type Changes, type MainFixture, mainFixture } from './main.fixture.ts';

const otherPin = `sha256:${'0'.repeat(64)}`;

/** Runs main and post with the Auth Service of a testbed and its pin. */
async function playAt(fixture: MainFixture, changes: Changes = {}): Promise<Recording> {
  const { authServer } = fixture.testbed.proxy;
  return fixture.play({
    ...changes,
    inputs: {
      proxy: '',
      'auth-server': authServer.address,
      'ca-pins': authServer.caPin,
      ...changes.inputs,
    },
  });
}

function said(recording: Recording): string {
  return recording.of('info').flat().join('\n');
}

const fixture = mainFixture();
const play = async (changes?: Changes): Promise<Recording> => playAt(fixture, changes);

describe('a join through the Auth Service', () => {
  it('issues an identity without the address of a proxy', async () => {
    const recording = await play({ inputs: { 'expected-cluster': 'rig.example.com' } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.of('notice')).toEqual([]);
    expect(recording.values('output')).toMatchObject({
      proxy: '',
      bot: 'ci',
      cluster: 'rig.example.com',
      'ssh-config': expect.stringMatching(/ssh_config$/),
    });
    expect(recording.of('exportVariable').map(([name]) => name)).toEqual([
      'TELEPORT_IDENTITY_FILE',
      'TELEPORT_TOOLS_VERSION',
    ]);
    expect(said(recording)).toMatch(
      /^Joined rig\.example\.com as bot `ci` with join method `github`\./m,
    );
  });

  it('sends no request to the proxy', async () => {
    const before = fixture.testbed.proxy.requests.length;
    const recording = await play({ inputs: { app: 'hello' } });
    expect(recording.of('fail')).toEqual([]);
    expect(fixture.testbed.proxy.requests).toHaveLength(before);
  });

  it('sets the variable of tctl to the Auth Service', async () => {
    const folder = join(fixture.testbed.directory, 'tctl');
    await mkdir(folder);
    await writeFile(join(folder, 'tctl'), '#!/bin/sh\n');
    await chmod(join(folder, 'tctl'), 0o755);
    const recording = await play({ env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` } });
    expect(recording.of('exportVariable')).toContainEqual([
      'TELEPORT_AUTH_SERVER',
      fixture.testbed.proxy.authServer.address,
    ]);
  });

  it('writes one kubeconfig for all clusters, which this tbot supports', async () => {
    const recording = await play({ inputs: { 'kubernetes-cluster': 'prod, staging' } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.values('output')['credentials']).toContain('"type":"kubernetes/v2"');
  });

  it('tests the connection without a credential or the name of the cluster', async () => {
    const recording = await play({ inputs: { services: '[]' } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.values('output')).toMatchObject({ cluster: '', bot: '' });
    expect(said(recording)).toMatch(/^Joined the cluster with join method `github`\./m);
  });

  it('shows the debug log of tbot only with step debug logging', async () => {
    const [usual, debugging] = [await play(), await play({ debugging: true })];
    const [short, long] = [usual, debugging].map((recording) => {
      const [[title, ...lines] = []] = recording.of('group');
      expect(title).toBe('Log of tbot 18.2.4');
      return lines.join('\n');
    });
    expect(short).toContain('Successfully registered with auth server');
    expect(short).not.toContain('DEBU');
    expect(long).toContain('DEBU [AUTH]');
  });

  it('reports a denial, although the last error of tbot is about a certificate', async () => {
    const recording = await play({ inputs: { token: 'other-repo' } });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: claims-denied', expect.stringContaining('other-repo')],
    ]);
  });
});

describe.each(['15.0.0-dev', '17.2.8', '18.4.0', '19.0.0'])('tbot %s', (version) => {
  const other = mainFixture({ teleportVersion: version });

  it('joins the Auth Service', async () => {
    const recording = await playAt(other, { inputs: { 'expected-cluster': 'rig.example.com' } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.values('output')).toMatchObject({ 'tbot-version': version, bot: 'ci' });
  });

  it('rejects another Auth Service and a token for another repository', async () => {
    const pinned = await playAt(other, { inputs: { 'ca-pins': otherPin } });
    expect(pinned.of('fail')).toEqual([
      [
        'machine-id-action: proxy-untrusted',
        expect.stringMatching(/`ca-pins` does not match the cluster at/),
      ],
    ]);
    const denied = await playAt(other, { inputs: { token: 'other-repo' } });
    expect(denied.of('fail')[0]?.[0]).toBe('machine-id-action: claims-denied');
  });
});

describe('a server that is not the Auth Service', () => {
  it('is not trusted if the pins do not match', async () => {
    const joins = fixture.testbed.proxy.joins.length;
    const recording = await play({ inputs: { 'ca-pins': `${otherPin}\n${otherPin}` } });
    expect(recording.of('fail')).toEqual([
      [
        'machine-id-action: proxy-untrusted',
        expect.stringContaining('`ca-pins` does not match the cluster at'),
      ],
    ]);
    expect(fixture.testbed.proxy.joins).toHaveLength(joins);
  });

  it('is not trusted if it is a proxy, through which tbot would join without the pins', async () => {
    const recording = await play({ inputs: { 'auth-server': fixture.testbed.proxy.address } });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: proxy-untrusted', expect.stringContaining('without checking `ca-pins`')],
    ]);
    expect(recording.of('output')).toEqual([]);
  });

  it('is trusted if one of the pins matches', async () => {
    const { caPin } = fixture.testbed.proxy.authServer;
    const recording = await play({
      inputs: { 'ca-pins': `${otherPin}, ${caPin.toUpperCase().replace('SHA', 'sha')}` },
    });
    expect(recording.of('fail')).toEqual([]);
  });

  it('is reported if its name does not resolve', async () => {
    const recording = await play({ inputs: { 'auth-server': 'auth.invalid' } });
    expect(recording.of('fail')).toEqual([
      [
        'machine-id-action: proxy-unreachable',
        expect.stringContaining('to the Auth Service auth.invalid:3025'),
      ],
    ]);
  });

  it('is retried if it may become available', async () => {
    const recording = await play({
      inputs: { 'auth-server': '127.0.0.1:1' },
      around: (ci) => ({
        ...ci,
        info: (text) => {
          ci.info(text);
          if (text.includes('Retrying in')) process.emit('SIGINT');
        },
      }),
    });
    expect(recording.of('info').join('\n')).toContain('to the Auth Service 127.0.0.1:1: ');
    expect(recording.of('fail')[0]?.[0]).toBe('machine-id-action: cancelled');
  });
});

describe('expected-cluster', () => {
  it('is compared with the certificate', async () => {
    const recording = await play({ inputs: { 'expected-cluster': 'other' } });
    expect(recording.of('fail')).toEqual([
      [
        'machine-id-action: wrong-cluster',
        expect.stringMatching(
          /certificate is from cluster `rig\.example\.com`.*Correct `auth-server`/s,
        ),
      ],
    ]);
    expect(recording.of('output')).toEqual([]);
  });

  it('fails if no certificate names the cluster', async () => {
    const recording = await play({ inputs: { 'expected-cluster': 'x', services: '[]' } });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: wrong-cluster', expect.stringContaining('contains a cluster name')],
    ]);
  });
});

describe('a dry run', () => {
  it('shows the endpoint, and sends no request', async () => {
    const { proxy, github } = fixture.testbed;
    const [asked, tokens, joins] = [
      proxy.requests.length,
      github.requests.length,
      proxy.joins.length,
    ];
    const recording = await play({
      inputs: { 'dry-run': 'true', 'tbot-path': '', version: '19.0.0' },
    });
    expect(recording.of('fail')).toEqual([]);
    const text = [...recording.of('group'), ...recording.of('info')].flat().join('\n');
    const { address, caPin } = proxy.authServer;
    expect(text).toContain(`Auth Service ${address} (not contacted by a dry run)`);
    expect(text).toContain(`auth_server: "${address}"`);
    expect(text).toContain(`ca_pins:\n    - "${caPin}"`);
    expect(text).not.toContain('proxy_server');
    expect([proxy.requests.length, github.requests.length, proxy.joins.length]).toEqual([
      asked,
      tokens,
      joins,
    ]);
  });
});
