import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calm, end, errorOf, type Fixture, startFixture } from './testbed-teleport.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture('18.2.4');
});
beforeEach(() => calm(fixture.faults));
afterAll(async () => await fixture[Symbol.asyncDispose]());

const joining =
  'building identity service\n\tinitializing identity service\n\t\tjoining with token\n\t\t\t';

/** Writes the file, starts the program and waits until something is so. */
async function startAndWait(until: () => boolean) {
  writeFileSync(join(fixture.folder, 'k.yaml'), fixture.config());
  const child = fixture.spawn(['start', '-c', 'k.yaml']);
  const ended = end(child, fixture.destinations);
  while (!until()) await sleep(10);
  return { child, ended };
}

async function get(path: string) {
  const ca = readFileSync(join(fixture.folder, 'ca.pem'));
  const outgoing = request(`https://${fixture.proxy.address}${path}`, { ca, agent: false }).end();
  const [response] = await once(outgoing, 'response');
  return { status: response.statusCode, body: await text(response) };
}

describe('faults of the proxy', () => {
  it.each([
    [{ kind: 'status', status: 502 } as const, /<html>502<\/html>/],
    [{ kind: 'other-json' } as const, /./],
    [{ kind: 'rate-limited', requests: 1 } as const, /max rate reached/],
  ])('%o', async (fault, error) => {
    fixture.faults.proxy = fault;
    const ending = await fixture.start();
    expect(ending.code).toBe(1);
    expect(ending.stderr).toMatch(error);
  });

  it('says what it is, and sends everybody else to its page', async () => {
    for (const path of ['/webapi/find', '/v1/webapi/find', '/v1/webapi/ping']) {
      const { status, body } = await get(path);
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({
        server_version: '18.2.4',
        min_client_version: '17.0.0',
        cluster_name: 'rig.example.com',
        automatic_upgrades: false,
        edition: 'community',
        fips: false,
        auto_update: { agent_version: '18.2.4' },
      });
    }
    expect(await get('/v1/webapi/automaticupgrades/channel/default/version')).toMatchObject({
      status: 404,
    });
    expect(await get('/anything')).toMatchObject({ status: 302 });
  });

  it('silent: the program waits until it is killed by SIGTERM', async () => {
    fixture.faults.proxy = { kind: 'silent' };
    const before = fixture.proxy.requests.length;
    const { child, ended } = await startAndWait(() => fixture.proxy.requests.length > before);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM', stdout: '' });
  });

  it('silent: SIGINT ends it well', async () => {
    fixture.faults.join = { kind: 'silent' };
    const before = fixture.proxy.requests.length;
    const { child, ended } = await startAndWait(() => fixture.proxy.requests.length > before);
    child.kill('SIGINT');
    const ending = await ended;
    expect(ending).toMatchObject({ code: 0, signal: null });
    expect(ending.stderr).toContain('Received interrupt, triggering shutdown.');
  });

  it('joins that are cut, then taken', async () => {
    fixture.faults.join = { kind: 'reset', joins: 1 };
    expect(errorOf(await fixture.start())).toMatch(/Post "https:\S+": EOF$/);
    expect(await fixture.start()).toMatchObject({ code: 0 });
    expect(fixture.proxy.joins.slice(-2).map(({ ok }) => ok)).toEqual([false, true]);
  });

  it('a join that is denied in any words', async () => {
    fixture.faults.join = { kind: 'denied', message: 'not today' };
    expect(errorOf(await fixture.start())).toBe(`${joining}not today`);
  });

  it('a certificate for a name that is not the proxy’s', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.on('connect', (_request, client) => {
      const [host = '', port = ''] = fixture.proxy.address.split(':');
      const upstream = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
    });
    const address = server.address();
    const proxy = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const named = await fixture.start({ address: 'rig.example.com:443' }, { HTTPS_PROXY: proxy });
    expect(named.code).toBe(0);
    const wrong = await fixture.start({ address: 'other.example.com:443' }, { HTTPS_PROXY: proxy });
    expect(errorOf(wrong)).toMatch(/^Cannot establish https connection to other\.example\.com:\n/);
    const free = { HTTPS_PROXY: proxy, NO_PROXY: '.example.invalid' };
    const past = await fixture.start({ address: 'x.example.invalid:443' }, free);
    expect(errorOf(past)).toContain('lookup x.example.invalid');
    server.close();
    server.closeAllConnections();
  });
});
