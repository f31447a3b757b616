import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';

const run = promisify(execFile);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whole-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

interface Play {
  readonly onboarding: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tbot?: string;
}

/** Runs the stand-in once, with one identity output in `folder`. */
async function join18(testbed: Testbed, play: Play): Promise<string> {
  const config = join(folder, 'tbot.yaml');
  const lines = [
    'version: v2',
    `proxy_server: ${testbed.proxy.address}`,
    `onboarding: ${play.onboarding}`,
    'storage: { type: memory }',
    'oneshot: true',
    'services:',
    '  - type: identity',
    `    destination: { type: directory, path: ${join(folder, 'out')} }`,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  const env = { PATH: '/usr/bin:/bin', SSL_CERT_FILE: testbed.caFile, ...play.env };
  const { stderr } = await run(play.tbot ?? (await testbed.tbot()), ['start', '-c', config], {
    env,
  });
  return stderr;
}

const github = '{ join_method: github, token: ci-github }';

describe('the whole testbed', () => {
  it('lets a stand-in tbot join by the job of GitHub', async () => {
    await using testbed = await startTestbed();
    await join18(testbed, { onboarding: github, env: testbed.github.environment });
    const pem = await readFile(join(folder, 'out', 'tlscert'));
    expect(new X509Certificate(pem).subject).toContain('CN=bot-ci');
    expect(testbed.github.requests).toMatchObject([{ audience: 'teleport.cluster.local' }]);
    expect(testbed.proxy.joins).toHaveLength(1);
  });

  it('lets a stand-in tbot join by the machine on Azure', async () => {
    await using testbed = await startTestbed();
    const onboarding = '{ join_method: azure, token: ci-azure }';
    await join18(testbed, { onboarding, env: testbed.imds.environment });
    await access(join(folder, 'out', 'identity'));
    const paths = testbed.imds.requests.map(({ path }) => path.replace('/metadata/', ''));
    expect(paths).toEqual(['versions', 'attested/document', 'identity/oauth2/token']);
  });

  it('offers that tbot for download', async () => {
    await using testbed = await startTestbed();
    const archive = 'teleport-v18.2.4-linux-amd64-bin.tar.gz';
    const bytes = await testbed.downloads.archive(archive);
    await writeFile(join(folder, archive), bytes ?? '');
    await run('tar', ['-xzf', join(folder, archive), '-C', folder, 'teleport/tbot']);
    const tbot = join(folder, 'teleport', 'tbot');
    expect((await run(tbot, ['version'], { env: {} })).stdout).toMatch(/^Teleport v18\.2\.4 /);
    await join18(testbed, { onboarding: github, env: testbed.github.environment, tbot });
    await access(join(folder, 'out', 'ssh_config'));
  });

  it('turns its switches while it runs', async () => {
    await using testbed = await startTestbed();
    const play = { onboarding: github, env: testbed.github.environment };
    testbed.faults.tbot = { kind: 'exit-code', code: 7 };
    await expect(join18(testbed, play)).rejects.toMatchObject({ code: 7 });
    testbed.faults.tbot = { kind: 'none' };
    testbed.faults.clock.github = -3600;
    await expect(join18(testbed, play)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('token is expired'),
    });
    testbed.faults.clock.github = 0;
    await join18(testbed, play);
  });

  it('plays other clusters, and other versions of tbot', async () => {
    await using testbed = await startTestbed({
      teleportVersion: '15.0.0-dev',
      clusterName: 'other.example.com',
      bots: { deployer: { roles: ['deploy'], logins: [] } },
      tokens: { t: { bot: 'deployer', joinMethod: 'github', allow: [{ repository: 'acme/web' }] } },
    });
    const version = async (asked?: string) =>
      (await run(await testbed.tbot(asked), ['version'], { env: {} })).stdout;
    expect(await version()).toMatch(/^Teleport v15\.0\.0-dev /);
    expect(await version('18.2.4')).toMatch(/^Teleport v18\.2\.4 /);
    expect(await testbed.tbot('18.2.4')).toBe(await testbed.tbot('18.2.4'));
    await expect(testbed.tbot('99.0.0')).rejects.toThrow('99.0.0');
  });

  it('leaves neither folder nor port behind', async () => {
    let addresses: readonly string[] = [];
    let directory = '';
    {
      await using testbed = await startTestbed();
      directory = testbed.directory;
      await access(testbed.caFile);
      addresses = [
        `http://${testbed.proxy.address}`,
        testbed.github.issuer,
        testbed.downloads.url.replace('https:', 'http:'),
        testbed.imds.environment.AZURE_POD_IDENTITY_AUTHORITY_HOST,
      ];
    }
    await expect(access(directory)).rejects.toThrow('ENOENT');
    for (const address of addresses) {
      await expect(fetch(address)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    }
  });
});
