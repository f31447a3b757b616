import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { closedPort } from '../../testbed/loopback.ts';
import { trackErrors, never, openFixture, type Fixture } from './http.fixture.ts';
import { needs } from '../requirements.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
afterEach(async () => fixture.clear());
afterAll(async () => fixture[Symbol.asyncDispose]());

/** Starts tinyproxy with additional configuration. Returns its `127.0.0.1:port`. */
async function tinyproxy(lines: readonly string[]): Promise<{ address: string; log: string }> {
  const port = await closedPort();
  const log = join(fixture.directory, `tinyproxy-${port}.log`);
  const config = join(fixture.directory, `tinyproxy-${port}.conf`);
  const usual = [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 60', `LogFile "${log}"`];
  await writeFile(config, [...usual, 'LogLevel Connect', ...lines, ''].join('\n'));
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  const child = spawn('tinyproxy', ['-d', '-c', config], { env, stdio: 'ignore' });
  fixture.keep({ close: () => child.kill() });
  await listens(port);
  return { address: `127.0.0.1:${port}`, log };
}

async function listens(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await pause(20);
    } finally {
      socket.destroy();
    }
  }
}

/** Starts an upstream proxy that connects every host name to a port on loopback. */
async function internet(port: number): Promise<string> {
  const server = createServer();
  server.on('connect', (_, socket: Socket) => {
    socket.on('error', () => undefined);
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
  });
  fixture.keep({ close: () => server.close() });
  return `127.0.0.1:${await trackErrors(server)}`;
}

describe('tinyproxy', needs('tinyproxy'), () => {
  it('forwards with a password to a destination whose certificate is verified', async () => {
    const site = await fixture.https((request, response) => {
      response.end(`hi ${request.headers.host} ${request.headers['proxy-authorization']}`);
    });
    const upstream = `upstream http ${await internet(site.port)} ".example.com"`;
    const proxy = await tinyproxy([upstream, 'BasicAuth me secret', 'ConnectPort 443']);
    const mine = fixture.network({ https_proxy: `http://me:secret@${proxy.address}` });
    const reply = await mine.get('https://far.example.com/', { signal: never });
    expect(await reply.text(100)).toBe('hi far.example.com undefined');
    expect(await readFile(proxy.log, 'utf8')).toContain('CONNECT far.example.com:443');
    const error = await fixture.failure('https://other.example.com/', {}, mine);
    expect([error.kind, error.code]).toEqual(['untrusted', 'ERR_TLS_CERT_ALTNAME_INVALID']);
  });

  it('rejects a port', async () => {
    const proxy = await tinyproxy(['ConnectPort 563']);
    const mine = fixture.network({ HTTPS_PROXY: proxy.address });
    const error = await fixture.failure('https://far.example.com/', {}, mine);
    expect([error.kind, error.code]).toEqual(['proxy', '403']);
  });

  it('requires a password', async () => {
    const proxy = await tinyproxy(['BasicAuth me secret']);
    for (const user of ['', 'me:wrong@']) {
      const mine = fixture.network({ HTTPS_PROXY: `http://${user}${proxy.address}` });
      const error = await fixture.failure('https://far.example.com/', {}, mine);
      expect(error.kind).toBe('proxy');
      expect(error.code).toMatch(/40[17]/);
    }
  });

  it('reports an unknown host name', async () => {
    const proxy = await tinyproxy([]);
    const mine = fixture.network({ HTTPS_PROXY: `http://${proxy.address}` });
    const error = await fixture.failure('https://no-such-host.invalid/', {}, mine);
    expect([error.kind, error.retryable]).toEqual(['proxy', true]);
  });
});
