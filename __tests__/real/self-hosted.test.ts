import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closedPort } from '../../testbed/loopback.ts';
import type { StepResult } from '../../testbed/runner/runner.ts';
import { fencesBelow, type Hosts, openHosts, stepsBelow } from './self-hosted.fixture.ts';
import { startSshd } from './ssh.fixture.ts';
import { needs, programPath } from '../requirements.ts';

const { username } = userInfo();

let hosts: Hosts;
let folder: string;
beforeAll(async () => {
  hosts = await openHosts(username);
});
beforeEach(() => {
  folder = mkdtempSync(join(hosts.fixture.testbed.directory, 'self-hosted-'));
  hosts.contacted.clear();
});
afterAll(async () => hosts[Symbol.asyncDispose]());

/** Returns a result's outcome and source of tbot, or the log of a failure. */
function sourceOf({ outcome, outputs, log }: StepResult): readonly unknown[] {
  return [outcome === 'success' ? outcome : log, outputs['tbot-source']];
}

/** Runs a script of the page in the folder, as on the machine that builds the image or mirror. */
async function onMachine(
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const options = { cwd: folder, env: { ...hosts.environment, ...env } };
  await promisify(execFile)('sh', ['-euc', script], options);
}

/** Copies the stand-in tbot, as `COPY --from` copies tbot from its image. */
async function putTbot(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(await hosts.fixture.testbed.tbot(), path);
  chmodSync(path, 0o755);
}

describe('tbot in the tool cache', () => {
  const [step] = stepsBelow('Fill the tool cache');

  /** Runs the step for each edition. Returns the sources of tbot and the hosts that were contacted. */
  async function sources(toolCache: string): Promise<readonly unknown[]> {
    hosts.contacted.clear();
    const seen: unknown[] = [];
    for (const edition of ['oss', 'enterprise']) {
      await using job = await hosts.job({ toolCache });
      const result = await job.play({ ...step, with: { ...step?.with, edition } });
      expect(result.log).toContain('Using tbot 18.2.4 from the tool cache');
      seen.push(...sourceOf(result));
    }
    return [...seen, ...hosts.contacted];
  }
  const cached = ['success', 'tool-cache', 'success', 'tool-cache', 'example.teleport.sh'];

  it('is used if the script filled it', needs('curl', 'linux'), async () => {
    const cache = join(folder, 'cache');
    const [script = ''] = fencesBelow('Fill the tool cache', 'sh');
    await onMachine(script.replace('/opt/hostedtoolcache', cache));
    expect([...hosts.contacted]).toEqual(['cdn.teleport.dev']);
    expect(await sources(cache)).toEqual(cached);
  });

  it('is used if the Dockerfile filled it', async () => {
    const [dockerfile = ''] = fencesBelow('Fill the tool cache', 'dockerfile');
    for (const [, , path = ''] of dockerfile.matchAll(/^COPY --from=(\S+) \S+ (\S+)$/gm))
      await putTbot(join(folder, path));
    const [, marks = ''] = /^RUN touch (.*)$/m.exec(dockerfile) ?? [];
    for (const path of marks.split(' ')) writeFileSync(join(folder, path), '');
    const [, cache = ''] = /^ENV RUNNER_TOOL_CACHE=(.*)$/m.exec(dockerfile) ?? [];
    expect(await sources(join(folder, cache))).toEqual(cached);
  });
});

describe('an installed tbot', () => {
  it.each([
    [0, 'installed', 'usr/local/bin/tbot'],
    [1, 'tbot-path', 'opt/teleport/bin/tbot'],
  ])('of example %i is used without a download', async (index, source, path) => {
    await putTbot(join(folder, path));
    const PATH = `${join(folder, 'usr/local/bin')}:${hosts.environment['PATH']}`;
    await using job = await hosts.job({ environment: { ...hosts.environment, PATH } });
    const [step] = stepsBelow('Install tbot', index);
    const result = await job.play(step, (text) => text.replace('/opt/', `${folder}/opt/`));
    expect(sourceOf(result)).toEqual(['success', source]);
    expect([...hosts.contacted]).toEqual(['example.teleport.sh']);
  });
});

describe('a mirror', () => {
  it('of the image is the only download site', async () => {
    await using job = await hosts.job();
    const result = await job.play(stepsBelow('Mirror')[0]);
    expect(sourceOf(result)).toEqual(['success', 'image']);
    expect([...hosts.contacted].toSorted()).toEqual([
      'example.teleport.sh',
      'registry.example.com',
    ]);
  });

  it(
    'of the archives that the script filled is the only download site',
    needs('curl', 'linux'),
    async () => {
      await onMachine(fencesBelow('Mirror', 'sh')[1] ?? '');
      hosts.mirror.folder = folder;
      hosts.contacted.clear();
      for (const edition of ['oss', 'enterprise']) {
        await using job = await hosts.job();
        const [step] = stepsBelow('Mirror', 1);
        const result = await job.play({ ...step, with: { ...step?.with, edition } });
        expect(sourceOf(result)).toEqual(['success', 'archive']);
      }
      expect([...hosts.contacted].toSorted()).toEqual([
        'example.teleport.sh',
        'mirror.example.com',
      ]);
    },
  );
});

/** Starts tinyproxy, which passes connections on to the HTTP proxy of the hosts. */
async function tinyproxy(): Promise<AsyncDisposable & { readonly url: string }> {
  const port = await closedPort();
  const config = join(folder, 'tinyproxy.conf');
  const upstream = `upstream http ${hosts.httpProxy.replace('http://', '')} ".teleport.sh"`;
  const lines = [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 60', upstream, 'ConnectPort 443'];
  writeFileSync(config, [...lines, ''].join('\n'));
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  const child = spawn('tinyproxy', ['-d', '-c', config], { env, stdio: 'ignore' });
  while (child.exitCode === null && !(await accepts(port))) await pause(20);
  expect(child.exitCode).toBeNull();
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe('an HTTP proxy', needs('tinyproxy'), () => {
  const [file = ''] = fencesBelow('HTTP proxy', 'ini');
  const [, job = ''] = /^ {4}env:\n((?: {6}.*\n)+)/m.exec(fencesBelow('HTTP proxy')[0] ?? '') ?? [];
  it.each([
    ['the file `.env` of the runner', file.matchAll(/^(\w+)=(.*)$/gm)],
    ['the `env:` of the job', job.matchAll(/^ +(\w+): (.*)$/gm)],
  ])('in %s is used', async (_, settings) => {
    await using proxy = await tinyproxy();
    const [step] = stepsBelow('HTTP proxy');
    const { HTTPS_PROXY, HTTP_PROXY, ...others } = hosts.environment;
    expect(HTTPS_PROXY).toBe(HTTP_PROXY);
    const variables = [...settings].map(([, name = '', value = '']) => [
      name,
      value.replace('http://proxy.example.com:3128', proxy.url),
    ]);
    expect(variables).toHaveLength(3);
    const environment = { ...others, ...Object.fromEntries(variables) };
    await using on = await hosts.job({ environment });
    const tbot = await hosts.fixture.testbed.tbot();
    const result = await on.play({ ...step, with: { ...step?.with, 'tbot-path': tbot } });
    expect(sourceOf(result)).toEqual(['success', 'tbot-path']);
    expect([...hosts.contacted]).toEqual(['example.teleport.sh']);
  });
});

/** The variables of a runner that does not trust the private CA. */
function withoutTrust(): Readonly<Record<string, string>> {
  const { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, CURL_CA_BUNDLE, ...others } = hosts.environment;
  expect(new Set([NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, CURL_CA_BUNDLE])).toHaveLength(1);
  return others;
}

describe('a private CA', needs('curl'), () => {
  it('is trusted by the step, and by later steps that use `ca-bundle`', async () => {
    const [step, later] = stepsBelow('Private CA');
    const tbot = await hosts.fixture.testbed.tbot();
    const withTbot = { ...step, with: { ...step?.with, 'tbot-path': tbot } };
    await using job = await hosts.job({ environment: withoutTrust() });
    expect(sourceOf(await job.play(withTbot))[0]).toBe('success');
    const { outcome, raw } = await job.play(later);
    expect([outcome, raw]).toEqual(['success', 'grafana greets bot-example']);
    const without = { ...later, run: later?.run?.replace('--cacert "$CA_BUNDLE"', '') ?? '' };
    expect((await job.play(without)).outcome).toBe('failure');
  });
});

describe('two runners on one host', needs('curl'), () => {
  it('use different ports and keep each other’s files', async () => {
    const [step, later] = stepsBelow('Several runners on one host');
    const tbot = await hosts.fixture.testbed.tbot();
    const withTbot = { ...step, with: { ...step?.with, 'tbot-path': tbot } };
    await using one = await hosts.job();
    await using other = await hosts.job();
    const [first, second] = await Promise.all([one.play(withTbot), other.play(withTbot)]);
    expect([first, second].map((result) => sourceOf(result)[0])).toEqual(['success', 'success']);
    expect(first.outputs['tunnel-port']).not.toBe(second.outputs['tunnel-port']);
    expect(await one.runner.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
    expect((await other.play(later)).raw).toBe('grafana greets bot-example');
    expect(await other.runner.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
  });
});

const nodes = ['web-1', 'staging-1'];

/** Starts the server of both nodes with a host certificate of the cluster. */
async function server(): Promise<AsyncDisposable> {
  const services = `[{type: ssh_host, principals: [${nodes.map((node) => `${node}.example.teleport.sh`).join()}]}]`;
  const { testbed } = hosts.fixture;
  const job = await hosts.job();
  const given = { proxy: 'example.teleport.sh', token: 'example-bot', services };
  const uses = 'org/machine-id-action@v1';
  const host = await job.play({ uses, with: { ...given, 'tbot-path': await testbed.tbot() } });
  const directory = host.outputs['destination-dir'] ?? '';
  const sshd = await startSshd(programPath('sshd'), directory, directory);
  for (const node of nodes) testbed.proxy.nodes.set(node, { host: '127.0.0.1', port: sshd.port });
  return {
    [Symbol.asyncDispose]: async () => {
      await sshd[Symbol.asyncDispose]();
      await job[Symbol.asyncDispose]();
    },
  };
}

const asUser = (script: string): string =>
  script.replace('ubuntu@', `-o BatchMode=yes ${username}@`);

describe('ssh', needs('ssh', 'sshd', 'linux'), () => {
  it('works without internet access', async () => {
    await using _ = await server();
    await putTbot(join(folder, 'bin', 'tbot'));
    hosts.contacted.clear();
    const PATH = `${join(folder, 'bin')}:${hosts.environment['PATH']}`;
    await using job = await hosts.job({ environment: { ...withoutTrust(), PATH } });
    const [step, later] = stepsBelow('Air gap');
    expect(sourceOf(await job.play(step))).toEqual(['success', 'installed']);
    const { outcome, raw } = await job.play(later, asUser);
    expect([outcome, raw]).toEqual(['success', expect.stringMatching(/load average/)]);
    expect([...hosts.contacted]).toEqual(['example.teleport.sh']);
    expect(await job.runner.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it('works with the credentials of a service and of this action in one job', async () => {
    await using _ = await server();
    await putTbot(join(folder, 'bin', 'tbot'));
    const inFolder = (text: string): string =>
      asUser(text).replaceAll(/\/(?:opt\/machine-id|var\/lib\/teleport\/bot)/g, `${folder}$&`);
    const config = join(folder, 'tbot.yaml');
    writeFileSync(config, inFolder(fencesBelow('Set up the service')[0] ?? ''));
    const PATH = `${join(folder, 'bin')}:${hosts.environment['PATH']}`;
    const environment = { ...hosts.environment, PATH };
    await onMachine(`tbot start --config '${config}' --oneshot`, {
      ...hosts.fixture.testbed.imds.environment,
      PATH,
    });
    await using job = await hosts.job({ environment });
    const results: StepResult[] = [];
    for (const step of stepsBelow('Use both on one runner'))
      results.push(await job.play(step, inFolder));
    const [before, action, after] = results;
    expect(before?.raw).toMatch(/load average/);
    expect(action).toMatchObject({ outcome: 'success', annotations: [] });
    expect(after?.raw).toMatch(/load average/);
    expect(await job.runner.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
    await using next = await hosts.job({ environment });
    const [, only] = fencesBelow('Set up the service');
    expect(only).toContain('ssh -F /opt/machine-id/ssh_config');
    expect((await next.play(stepsBelow('Set up the service', 1)[0], inFolder)).raw).toMatch(
      /load average/,
    );
  });
});
