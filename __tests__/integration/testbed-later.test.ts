import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Run,
  service,
  type ServiceFixture,
  startServiceFixture,
} from './testbed-services.fixture.ts';
import { end } from './testbed-teleport.fixture.ts';

const execute = promisify(execFile);
const env = { PATH: '/usr/bin:/bin' };

describe.each(['15.0.0-dev', '18.2.4'])('what later steps do with the files of %s', (version) => {
  let fixture: ServiceFixture;
  let run: Run;
  let tbot: string;
  let echo: Server;
  beforeAll(async () => {
    fixture = await startServiceFixture({ teleportVersion: version });
    tbot = await fixture.testbed.tbot(version);
    run = await fixture.run(version, [
      service('id', 'identity'),
      service('kube', 'kubernetes', 'kubernetes_cluster: prod'),
      service('app', 'application', 'app_name: hello'),
    ]);
    echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    fixture.testbed.proxy.nodes.set('node-1', echoAddress(echo));
  });
  afterAll(async () => {
    echo.close();
    await fixture[Symbol.asyncDispose]();
  });
  const destination = (folder: string) => `--destination-dir=${join(run.directory, folder)}`;
  const toNode = (host: string) => {
    const { address } = fixture.testbed.proxy;
    const words =
      version === '18.2.4'
        ? [
            'ssh-proxy-command',
            destination('id'),
            `--proxy-server=${address}`,
            '--cluster=c',
            '--tls-routing',
            '--no-connection-upgrade',
            '--resume',
            '--user=root',
            `--host=${host}`,
            '--port=3022',
          ]
        : [
            'proxy',
            destination('id'),
            `--proxy=${address}`,
            'ssh',
            '--cluster=c',
            `root@${host}:3022`,
          ];
    return spawn(tbot, words, { env });
  };

  it('reaches a node that is up, and says when it is not', async () => {
    const child = toNode('node-1.rig.example.com');
    child.stdin.write('SSH-2.0-hello\r\n');
    const [echoed] = await once(child.stdout, 'data');
    expect(String(echoed)).toBe('SSH-2.0-hello\r\n');
    child.stdin.end();
    expect(await end(child)).toMatchObject({ code: 0, stderr: '' });
    const lost = await end(toNode('node-9.rig.example.com'));
    expect(lost).toMatchObject({ code: 1, stdout: '' });
    expect(lost.stderr).toContain('node-9.rig.example.com is offline or does not exist');
  });

  it('hands kubectl the credentials', async () => {
    const { stdout } = await execute(tbot, ['kube', 'credentials', destination('kube')], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      status: {
        clientCertificateData: run.read('kube', 'tlscert'),
        clientKeyData: run.read('kube', 'key'),
        expirationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    });
    await expect(
      execute(tbot, ['kube', 'credentials', '--destination-dir=/nowhere'], { env }),
    ).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('/nowhere') });
  });

  const kubernetes = async (options: RequestOptions, path = '/version') => {
    const [host, port] = fixture.testbed.proxy.address.split(':');
    const servername = 'kube-teleport-proxy-alpn.teleport.cluster.local';
    const ca = run.read('kube', 'teleport-host-ca.crt');
    return await ask({ host, port, path, servername, ca, ...options });
  };
  const clientOf = (folder: string) => ({
    cert: run.read(folder, 'tlscert'),
    key: run.read(folder, 'key'),
  });

  it('speaks to Kubernetes, with a certificate for it only', async () => {
    expect(await kubernetes(clientOf('kube'))).toMatchObject({ status: 200 });
    expect(await kubernetes({})).toMatchObject({ status: 401 });
    expect(await kubernetes(clientOf('id'))).toMatchObject({ status: 404 });
    const path = `/v1/teleport/${part('rig.example.com')}/${part('staging')}/api/v1/namespaces/x/pods`;
    const byPath = await kubernetes(clientOf('id'), path);
    // Proxies before 17.2.7 do not know the path.
    const [status, said] =
      version === '18.2.4' ? [200, '"name":"staging-pod"'] : [404, 'not found'];
    expect(byPath).toEqual({ status, body: expect.stringContaining(said) });
  });

  it('speaks to the application, with its certificate only', async () => {
    const [host, port] = fixture.testbed.proxy.address.split(':');
    const ca = readFileSync(fixture.testbed.caFile);
    const name = 'hello.rig.example.com';
    const application = { host, port, servername: name, ca, headers: { host: `${name}:${port}` } };
    expect(await ask({ ...application, ...clientOf('app') })).toEqual({
      status: 200,
      body: 'hello greets bot-ci\n',
    });
    expect(await ask({ ...application, ...clientOf('id') })).toMatchObject({ status: 302 });
    expect(await ask(application)).toMatchObject({ status: 302 });
  });
});

function part(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function echoAddress(server: Server): { readonly host: string; readonly port: number } {
  const { port }: Partial<AddressInfo> = Object(server.address());
  return { host: '127.0.0.1', port: port ?? 0 };
}

async function ask(options: RequestOptions): Promise<{ status: number; body: string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ agent: false, ...options }, resolve).on('error', reject);
  });
  return { status: response.statusCode ?? 0, body: await text(response) };
}
