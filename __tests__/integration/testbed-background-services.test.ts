import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needs, programPath } from '../requirements.ts';
import {
  type BackgroundFixture,
  type RunningTbot,
  startBackgroundFixture,
  unusedPort,
} from './testbed-background.fixture.ts';
import { service } from './testbed-services.fixture.ts';

let fixture: BackgroundFixture;
beforeAll(async () => {
  fixture = await startBackgroundFixture();
});
afterEach(async () => await fixture.reset());
afterAll(async () => await fixture[Symbol.asyncDispose]());

/** Starts a server that returns each chunk in upper case after `first` has handled the start. */
async function echo(first: (socket: Socket) => Promise<void>): Promise<Server & Disposable> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    void first(socket).then(() =>
      socket.on('data', (chunk) => socket.write(String(chunk).toUpperCase())),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, { [Symbol.dispose]: () => void server.close() });
}

function portOf(server: Server): number {
  const { port }: { port?: number } = Object(server.address());
  return port ?? 0;
}

/** Sends bytes and returns the first chunk of the response. */
async function ask(socket: Socket, bytes: string | Buffer): Promise<string> {
  socket.write(bytes);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer);
}

/** Sends a request on a new connection. Returns the status and the body. */
async function get(port: number, url: string, method = 'GET'): Promise<string> {
  const outgoing = request({ host: '127.0.0.1', port, path: url, method, agent: false });
  outgoing.end();
  const [response, socket] = await once(outgoing, method === 'CONNECT' ? 'connect' : 'response');
  if (method !== 'CONNECT') return `${response.statusCode} ${await text(response)}`;
  socket.destroy();
  return `${response.statusCode}`;
}

describe.each(['17.4.5', '18.2.4'])('a tunnel of tbot %s to an application', (version) => {
  it('forwards plain HTTP', async () => {
    const port = await unusedPort();
    const tunnel = `{type: application-tunnel, listen: "tcp://127.0.0.1:${port}", app_name: hello}`;
    const tbot = await fixture.start(version, [tunnel, service('id', 'identity')]);
    await tbot.logged(/Certificate issued for tunnel proxy\./);
    await tbot.logged(new RegExp(`Listening for connections\\. address:127\\.0\\.0\\.1:${port}`));
    for (const path of ['/', '/webapi/find']) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      expect(await response.text()).toBe('hello greets bot-ci\n');
    }
  });

  it('makes tbot exit if the application does not exist', async () => {
    const tunnel = '{type: application-tunnel, listen: "tcp://127.0.0.1:0", app_name: nope}';
    const tbot = await fixture.start(version, [tunnel]);
    expect(await tbot.ended).toBe(1);
    expect(tbot.log()).toContain(
      'ERROR: service(application-tunnel:tcp://127.0.0.1:0:nope)\n\tbuilding local proxy config\n\t\tapp "nope" not found\n',
    );
  });
});

describe('an application tunnel', () => {
  it('requests another certificate after the first has expired', async () => {
    const port = await unusedPort();
    const listen = `listen: "tcp://127.0.0.1:${port}"`;
    const lifetime = 'credential_ttl: 1s, renewal_interval: 1s';
    const tunnel = `{type: application-tunnel, ${listen}, app_name: hello, ${lifetime}}`;
    const tbot = await fixture.start('18.2.4', [tunnel]);
    await tbot.logged(/Listening for connections\./);
    while (!tbot.log().includes('Certificate for tunnel needs reissuing.')) {
      // The proxy redirects to the login page if the certificate has just expired.
      expect(await get(port, '/')).toMatch(/^(200 hello greets bot-ci\n|302 )$/);
    }
    await tbot.logged(/needs reissuing[^]*Certificate issued for tunnel proxy\./);
  });

  it('closes connections while the proxy is down', async () => {
    const port = await unusedPort();
    const listen = `listen: "tcp://127.0.0.1:${port}"`;
    const tbot = await fixture.start('18.2.4', [
      `{type: application-tunnel, ${listen}, app_name: hello}`,
    ]);
    await tbot.logged(/Listening for connections\./);
    fixture.testbed.faults.proxy = { kind: 'refused' };
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
    await tbot.logged(/Failed to handle connection error:\[[^\]]*connection refused/);
  });
});

describe('an application proxy', () => {
  const lifetime = 'credential_lifetime: {credential_ttl: 1h, renewal_interval: 10m}';
  it('reaches each application by its name', async () => {
    const port = await unusedPort();
    const proxy = `{type: application-proxy, listen: "tcp://127.0.0.1:${port}", ${lifetime}}`;
    const tbot = await fixture.start('18.2.4', [proxy]);
    await tbot.logged(/Listening for proxy connections/);
    expect(await get(port, 'http://hello/')).toBe('200 hello greets bot-ci\n');
    expect(await get(port, 'http://api/x?y=z')).toBe('200 api greets bot-ci\n');
    expect(await get(port, 'http://nope/')).toMatch(/^404 [\s\S]*app \\"nope\\" not found/);
    expect(await get(port, 'hello:443', 'CONNECT')).toBe('501');
    await tbot.logged(/Issuing app cert app:hello/);
    const { services } = JSON.parse((await tbot.diagnose('/readyz')).text);
    expect(services[`application-proxy:tcp://127.0.0.1:${port}`].status).toBe('healthy');
  });
});

const settings = 'service: pg, database: postgres, username: reader';

describe.each(['15.2.1', '18.2.4'])('a tunnel of tbot %s to a database', (version) => {
  it('forwards bytes to a PostgreSQL server without TLS', async () => {
    const seen: string[] = [];
    using database = await echo(async (socket) => {
      const [asked] = await once(socket, 'data');
      seen.push(String(asked.toString('hex')));
      socket.write('N');
    });
    fixture.testbed.proxy.databases.set('pg', { host: '127.0.0.1', port: portOf(database) });
    const port = await unusedPort();
    const listen = `listen: "tcp://127.0.0.1:${port}"`;
    const tbot = await fixture.start(version, [`{type: database-tunnel, ${listen}, ${settings}}`]);
    await tbot.logged(/Listening for connections\./);
    expect(await ask(connect(port, '127.0.0.1'), 'startup message')).toBe('STARTUP MESSAGE');
    expect(seen).toEqual(['0000000804d2162f']);
    // The proxy declines TLS inside the tunnel.
    const preferring = connect(port, '127.0.0.1');
    expect(await ask(preferring, Buffer.from('0000000804d2162f', 'hex'))).toBe('N');
  });

  it('makes tbot exit if the database does not exist', async () => {
    const other = settings.replace('pg', 'nope');
    const tbot = await fixture.start(version, [
      `{type: database-tunnel, listen: "tcp://127.0.0.1:0", ${other}}`,
    ]);
    expect(await tbot.ended).toBe(1);
    expect(tbot.log()).toContain('database "nope" not found\n');
  });
});

describe('a database tunnel', () => {
  it('listens on a Unix socket', async () => {
    const tbot = await fixture.start('18.2.4', [
      `{type: database-tunnel, listen: "unix://$DEST.sock", ${settings}}`,
    ]);
    await tbot.logged(/Listening for connections\. address:\$DEST\.sock/);
    expect(statSync(`${tbot.directory}.sock`).isSocket()).toBe(true);
  });
});

/** Returns the path of a multiplexer's file. */
function file(tbot: RunningTbot, name: string): string {
  return join(tbot.directory, 'mux', name);
}

describe('an SSH multiplexer', () => {
  const multiplexer = service('mux', 'ssh-multiplexer');

  it('connects a client to the node that it names', async () => {
    using node = await echo(async () => undefined);
    fixture.testbed.proxy.nodes.set('node-1', { host: '127.0.0.1', port: portOf(node) });
    const tbot = await fixture.start('18.2.4', [multiplexer]);
    await tbot.logged(/Task succeeded\. Waiting interval task:identity-renewal/);
    const config = readFileSync(file(tbot, 'ssh_config'), 'utf8');
    expect(config).toContain(`    IdentityAgent '${file(tbot, 'agent.sock')}'\n`);
    expect(config).toContain(
      ` 'ssh-multiplexer-proxy-command' '${file(tbot, 'v1.sock')}' '%h:%p|rig.example.com'\n`,
    );
    expect(readFileSync(file(tbot, 'known_hosts'), 'utf8')).toMatch(/^@cert-authority /);
    const target = 'node-1.rig.example.com:3022|rig.example.com\0';
    expect(await ask(connect(file(tbot, 'v1.sock')), `${target}hello`)).toBe('HELLO');
    await tbot.logged(/Proxying connection for multiplexing request/);
  });

  it('lists its key and certificate', needs('ssh-add'), async () => {
    const tbot = await fixture.start('18.2.4', [multiplexer]);
    await tbot.logged(/Task succeeded\. Waiting interval task:identity-renewal/);
    const env = { PATH: '/usr/bin:/bin', SSH_AUTH_SOCK: file(tbot, 'agent.sock') };
    const listed = execFileSync(programPath('ssh-add'), ['-L'], { env, encoding: 'utf8' });
    expect(listed).toMatch(
      /^ecdsa-sha2-nistp256-cert-v01@openssh\.com .*\necdsa-sha2-nistp256 \S+ tbot\n$/,
    );
  });
});

describe('a key agent', () => {
  it('writes an identity file without the private key', async () => {
    const agent = service('agent', 'identity/key-agent', 'name: agent');
    const tbot = await fixture.start('18.8.3', [agent]);
    while ((await tbot.diagnose('/readyz/agent')).status !== 200);
    const at = (name: string) => join(tbot.directory, 'agent', name);
    const identity = readFileSync(at('identity'), 'utf8');
    expect(identity).toContain('-----BEGIN CERTIFICATE-----');
    expect(identity).not.toMatch(/BEGIN (RSA |EC )?PRIVATE KEY/);
    const ca = readFileSync(at('cert.pem'), 'utf8');
    const session = connectHttp2('https://localhost', {
      createConnection: () =>
        connectTls({
          path: at('agent.sock'),
          ca,
          servername: 'localhost',
          ALPNProtocols: ['h2'],
        }),
    });
    const stream = session.request({
      ':method': 'POST',
      ':path': '/x.HardwareKeyAgentService/Ping',
    });
    const [headers] = await once(stream, 'response');
    expect(headers['grpc-status']).toBe('12');
    session.destroy();
  });

  it('is unknown to older versions', async () => {
    const tbot = await fixture.start('18.8.2', [service('agent', 'identity/key-agent')]);
    expect(await tbot.ended).toBe(1);
    expect(tbot.log()).toContain('unrecognized service type (identity/key-agent)');
  });
});

async function fetchSvid(tbot: RunningTbot, sent: object): Promise<readonly [string, Buffer]> {
  const session = connectHttp2('http://localhost', {
    createConnection: () => connect(`${tbot.directory}.sock`),
  });
  const stream = session.request({
    ':method': 'POST',
    ':path': '/SpiffeWorkloadAPI/FetchX509SVID',
    'content-type': 'application/grpc',
    ...sent,
  });
  const [headers] = await once(stream, 'response');
  const status = String(headers['grpc-status'] ?? '');
  const [first] = status === '' ? await once(stream, 'data') : [Buffer.alloc(0)];
  session.destroy();
  return [status, first];
}

describe('a workload identity API', () => {
  const listen = 'listen: "unix://$DEST.sock"';
  it('issues an SVID to a workload', async () => {
    const api = `{type: workload-identity-api, ${listen}, selector: {name: deploy}}`;
    const tbot = await fixture.start('18.2.4', [api]);
    await tbot.logged(/Listener opened for Workload API endpoint addr:\$DEST\.sock/);
    expect((await fetchSvid(tbot, {}))[0]).toBe('3');
    const [, message] = await fetchSvid(tbot, { 'workload.spiffe.io': 'true' });
    const id = 'spiffe://rig.example.com/ci/deploy';
    expect(message.includes(id)).toBe(true);
    // Field 2 of the SVID, the certificate, follows its ID. Its length has two bytes.
    const at = message.indexOf(id) + id.length + 3;
    expect(new X509Certificate(message.subarray(at)).subjectAltName).toBe(`URI:${id}`);
  });

  it('also has the type spiffe-workload-api before 19', async () => {
    const api = `{type: spiffe-workload-api, ${listen}, svids: [{path: /x}]}`;
    const older = await fixture.start('18.2.4', [api]);
    await older.logged(/Listener opened for Workload API endpoint/);
    expect((await fetchSvid(older, { 'workload.spiffe.io': 'true' }))[0]).toBe('12');
    const newer = await fixture.start('19.0.0', [api]);
    expect(await newer.ended).toBe(1);
    expect(newer.log()).toContain('unrecognized service type (spiffe-workload-api)');
  });
});

describe('a service that listens', () => {
  it.each([
    ['application-tunnel', 'app_name: hello', 'listen: should not be empty'],
    ['application-tunnel', 'listen: "tcp://127.0.0.1:0"', 'app_name: should not be empty'],
    [
      'database-tunnel',
      'listen: "tcp://127.0.0.1:0", service: pg',
      'database: should not be empty',
    ],
    [
      'application-proxy',
      'listen: "127.0.0.1:80"',
      'first path segment in URL cannot contain colon',
    ],
    ['ssh-multiplexer', 'destination: {type: memory}', 'must be of type `directory`'],
  ])('is refused: %s with %s', async (type, keys, message) => {
    const tbot = await fixture.start('18.2.4', [`{type: ${type}, ${keys}}`]);
    expect(await tbot.ended).toBe(1);
    expect(tbot.log()).toContain('validating service[0]');
    expect(tbot.log()).toContain(message);
  });
});
