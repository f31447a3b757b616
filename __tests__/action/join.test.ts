import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf, openFixture, type Fixture } from './action.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());
beforeEach(() => {
  fixture.testbed.faults.tbot = { kind: 'none' };
});

describe('a join with GitHub', () => {
  it('gives an identity to later steps and removes it after the job', async () => {
    await using runner = await fixture.runner();
    const step = await fixture.uses(runner);
    expect(step.log).toMatch(
      /Joined rig\.example\.com as bot `ci` with join method `github`\. Issued `identity`, valid until/,
    );
    expect(step).toMatchObject({ outcome: 'success', annotations: [] });
    expect(step.outputs).toMatchObject({
      cluster: 'rig.example.com',
      proxy: fixture.testbed.proxy.address,
      bot: 'ci',
      'join-method': 'github',
      roles: '["access","editor"]',
      'tbot-version': '18.2.4',
      'tbot-source': 'tbot-path',
    });
    const identity = step.outputs['identity-file'] ?? '';
    expect((await stat(identity)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(dirname(identity)))).mode & 0o777).toBe(0o700);
    const later = await runner.run('test -s "$TELEPORT_IDENTITY_FILE" && tbot version');
    expect(later.log).toContain('Teleport v18.2.4');
    const end = await runner.finish();
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
    expect(end.posts[0]?.exportedEnv).toEqual({
      TELEPORT_PROXY: '',
      TELEPORT_IDENTITY_FILE: '',
      TELEPORT_TOOLS_VERSION: '',
    });
  });

  it('lists every file of the credential by its role', async () => {
    await using runner = await fixture.runner();
    const { outputs } = await fixture.uses(runner);
    const credentials: Catalogue = JSON.parse(outputs['credentials'] ?? '{}');
    const { identity } = credentials;
    expect(identity).toMatchObject({
      type: 'identity',
      dir: outputs['destination-dir'],
      'expires-at': outputs['expires-at'],
    });
    expect(Object.keys(identity?.files ?? {}).toSorted()).toEqual([
      'certificate',
      'database-ca',
      'host-ca',
      'identity',
      'key',
      'known-hosts',
      'public-key',
      'ssh-certificate',
      'ssh-config',
      'user-ca',
    ]);
    for (const path of Object.values(identity?.files ?? {}))
      expect((await readFile(path)).length).toBeGreaterThan(0);
  });

  it('works with tbot 15, which uses other keys', async () => {
    await using old = await openFixture({ teleportVersion: '15.0.0-dev' });
    const { step, end } = await old.job({});
    expect(step).toMatchObject({ outcome: 'success' });
    expect(step.outputs).toMatchObject({ 'tbot-version': '15.0.0-dev', bot: 'ci' });
    expect(end.leftInTemp).toEqual([]);
  });

  it('masks the private key if a later step prints it', async () => {
    await using runner = await fixture.runner();
    const { outputs } = await fixture.uses(runner);
    const key = await readFile(outputs['key-file'] ?? '', 'utf8');
    const later = await runner.run(`cat "${outputs['key-file']}" "${outputs['identity-file']}"`);
    const body = key.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    for (const line of body) expect(later.log).not.toContain(line);
    expect(later.log).toContain('-----BEGIN');
  });

  it('queries the proxy once and GitHub once', async () => {
    const { proxy, github } = fixture.testbed;
    const before = { finds: finds(proxy.requests), tokens: github.requests.length };
    const { step } = await fixture.job({});
    expect(step.outcome).toBe('success');
    // tbot sends the second request: it reads the proxy's addresses for ssh_config.
    expect(finds(proxy.requests) - before.finds).toBeLessThanOrEqual(2);
    expect(github.requests.length - before.tokens).toBe(1);
  });

  it('joins and issues nothing with `services: []`', async () => {
    const { step } = await fixture.job({ with: { services: '[]' } });
    expect(step).toMatchObject({ outcome: 'success', exportedEnv: {} });
    expect(step.outputs).toMatchObject({ cluster: 'rig.example.com', credentials: '{}' });
    expect(step.outputs['identity-file'] ?? '').toBe('');
    expect(step.log).toContain('No credentials were requested.');
  });

  it('exports no variables with `export-env: false` or `disable-env-vars: 1`', async () => {
    for (const changes of [{ 'export-env': 'false' }, { 'disable-env-vars': '1' }]) {
      const { step } = await fixture.job({ with: changes });
      expect(step).toMatchObject({ outcome: 'success', exportedEnv: {} });
    }
  });

  it('sets TELEPORT_AUTH_SERVER if tctl is on PATH, because tctl does not read TELEPORT_PROXY', async () => {
    await using runner = await fixture.runner();
    await runner.run(
      'mkdir bin && printf "#!/bin/sh\\n" > bin/tctl && chmod +x bin/tctl && echo "$PWD/bin" >> "$GITHUB_PATH"',
    );
    const { exportedEnv } = await fixture.uses(runner);
    expect(exportedEnv['TELEPORT_AUTH_SERVER']).toBe(fixture.testbed.proxy.address);
    const { posts } = await runner.finish();
    expect(posts[0]?.exportedEnv['TELEPORT_AUTH_SERVER']).toBe('');
  });

  it('removes what an earlier job left, and reports it', async () => {
    await using runner = await fixture.runner();
    const dead = join(runner.temp, 'machine-id-0123456789abcdef');
    await mkdir(dead, { mode: 0o700 });
    const marker = { format: 'machine-id-action/1', job: 'another', processes: [], exported: [] };
    await writeFile(join(dead, '.machine-id-action.json'), JSON.stringify(marker));
    await writeFile(join(dead, 'key'), 'secret');
    const { log } = await fixture.uses(runner);
    expect(log).toContain('Removed a private directory that an earlier job left on this runner.');
    expect(await readdir(runner.temp)).not.toContain('machine-id-0123456789abcdef');
  });

  it('writes a job summary with `summary: always`', async () => {
    const { step } = await fixture.job({ with: { summary: 'always' } });
    expect(step.summary).toContain('| `identity` | `identity` |');
    expect(step.summary).toMatch(
      /\n\n<details><summary>Duration: [\d.]+ s<\/summary>\n\n\| Phase \| Duration \| Details \|\n/,
    );
  });

  it('reports a shorter certificate lifetime, and fails below `min-ttl`', async () => {
    const { step } = await fixture.job({ with: { 'certificate-ttl': '20h' } });
    expect(step.outcome).toBe('success');
    expect(step.annotations).toMatchObject([
      { level: 'notice', message: expect.stringContaining('The requested lifetime is 20h') },
    ]);
    const short = await fixture.job({ with: { 'certificate-ttl': '20h', 'min-ttl': '13h' } });
    expect(codesOf(short.step)).toEqual(['ttl']);
    expect(short.step.outputs).toEqual({});
  });
});

describe('a join with Azure', () => {
  const azure = { token: 'ci-azure', 'join-method': 'azure' };

  it('uses the system-assigned identity', async () => {
    const { step, end } = await fixture.job({
      with: azure,
      runner: { environment: { ...fixture.testbed.imds.environment } },
    });
    expect(step.outputs).toMatchObject({ 'join-method': 'azure', bot: 'ci' });
    expect(end.leftInTemp).toEqual([]);
  });

  it('uses the user-assigned identity that `azure-client-id` names', async () => {
    const { imds } = fixture.testbed;
    const before = imds.requests.length;
    const { step } = await fixture.job({
      with: { token: 'ci-azure', 'azure-client-id': '22222222-2222-2222-2222-222222222222' },
      runner: { environment: { ...imds.environment } },
    });
    expect(step.outputs).toMatchObject({ 'join-method': 'azure', bot: 'ci' });
    const requested = imds.requests.slice(before).map(({ query }) => query['client_id']);
    expect(requested).toContain('22222222-2222-2222-2222-222222222222');
  });
});

describe('a join through the Auth Service', () => {
  it('contacts no proxy, and sets no TELEPORT_PROXY', async () => {
    const { proxy } = fixture.testbed;
    const before = finds(proxy.requests);
    const direct = { proxy: '', 'auth-server': proxy.authServer.address };
    const { step, end } = await fixture.job({
      with: { ...direct, 'ca-pins': proxy.authServer.caPin, app: 'hello' },
    });
    expect(step).toMatchObject({ outcome: 'success', annotations: [] });
    expect(step.outputs).toMatchObject({ cluster: 'rig.example.com', proxy: '', bot: 'ci' });
    expect(finds(proxy.requests)).toBe(before);
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
    expect(Object.keys(end.posts[0]?.exportedEnv ?? {})).not.toContain('TELEPORT_PROXY');
  });

  it('rejects another Auth Service, and `proxy` beside `auth-server`', async () => {
    const { authServer } = fixture.testbed.proxy;
    const wrong = { 'auth-server': authServer.address, 'ca-pins': `sha256:${'0'.repeat(64)}` };
    const other = await fixture.job({ with: { ...wrong, proxy: '' } });
    expect(codesOf(other.step)).toEqual(['proxy-untrusted']);
    const both = await fixture.job({ with: wrong });
    expect(codesOf(both.step)).toEqual(['inputs']);
  });
});

describe('two calls in one job', () => {
  it('the last one takes effect with a notice; each post step restores its own variables', async () => {
    await using runner = await fixture.runner();
    const first = await fixture.uses(runner);
    const second = await fixture.uses(runner);
    expect(second.annotations).toMatchObject([{ level: 'notice' }]);
    expect(runner.exported['TELEPORT_IDENTITY_FILE']).toBe(second.outputs['identity-file']);
    const { posts, leftInTemp } = await runner.finish();
    expect(posts[0]?.exportedEnv['TELEPORT_IDENTITY_FILE']).toBe(first.outputs['identity-file']);
    expect(posts[1]?.exportedEnv['TELEPORT_IDENTITY_FILE']).toBe('');
    expect(leftInTemp).toEqual([]);
  });

  it('a later call for a kubeconfig keeps the identity, as with teleport-actions', async () => {
    await using runner = await fixture.runner();
    const first = await fixture.uses(runner);
    const inputs = { ...fixture.inputs, 'kubernetes-cluster': 'prod' };
    const second = await fixture.uses(runner, { inputs });
    expect(second.annotations).toEqual([]);
    expect(runner.exported).toMatchObject({
      TELEPORT_IDENTITY_FILE: first.outputs['identity-file'],
      KUBECONFIG: second.outputs['kubeconfig'],
    });
    const { posts } = await runner.finish();
    expect(posts[0]?.exportedEnv).toMatchObject({ KUBECONFIG: '' });
    expect(posts[0]?.exportedEnv).not.toHaveProperty('TELEPORT_IDENTITY_FILE');
    expect(posts[1]?.exportedEnv).toMatchObject({ TELEPORT_IDENTITY_FILE: '' });
  });

  it('an identity clears the leaf cluster of an earlier one', async () => {
    await using runner = await fixture.runner({
      environment: { ...fixture.testbed.github.environment, KUBECONFIG: '/etc/kubeconfig' },
    });
    const leaf = { ...fixture.inputs, 'leaf-cluster': 'leaf.example.com' };
    await fixture.uses(runner, { inputs: leaf });
    expect(runner.exported).toMatchObject({ TELEPORT_CLUSTER: 'leaf.example.com' });
    const services = '- type: identity\n- {type: kubernetes/v2, selectors: [{name: prod}]}';
    const second = await fixture.uses(runner, { inputs: { ...fixture.inputs, services } });
    expect(runner.exported).toMatchObject({ TELEPORT_CLUSTER: '' });
    const message = expect.stringContaining(
      'overrides TELEPORT_IDENTITY_FILE, TELEPORT_CLUSTER, and KUBECONFIG;',
    );
    expect(second.annotations).toMatchObject([{ level: 'notice', message }]);
    const { posts } = await runner.finish();
    expect(posts[0]?.exportedEnv).toMatchObject({
      TELEPORT_CLUSTER: 'leaf.example.com',
      KUBECONFIG: '/etc/kubeconfig',
    });
    expect(posts[1]?.exportedEnv).toMatchObject({ TELEPORT_CLUSTER: '' });
  });
});

type Catalogue = Readonly<Record<string, { readonly files: Readonly<Record<string, string>> }>>;

function finds(requests: readonly { readonly path: string }[]): number {
  return requests.filter(({ path }) => path.startsWith('/webapi/find')).length;
}
