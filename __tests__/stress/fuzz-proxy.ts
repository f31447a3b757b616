import { createServer, type TLSSocket } from 'node:tls';
import * as fc from 'fast-check';
import { UnsecuredJWT } from 'jose';
import { fetchCluster, fetchUpgradeChannel } from '../../src/cluster/cluster.ts';
import { openHttpClient } from '../../src/http/client.ts';
import type { Server } from 'node:net';
import { explain } from '../../src/tbot/diagnosis/explain.ts';
import { joinContext } from '../unit/diagnosis.fixture.ts';
import { trackErrors } from '../integration/http.fixture.ts';
import { ends, type Fuzz, fuzzOf } from './fuzz-ends.ts';
import { byteEdits, jsonEdits } from './fuzz-mutate.ts';
import type { Authority } from '../../testbed/ca.ts';

/** A response to `/webapi/find`, and one to `/webapi/ping` that leads to a channel. */
const find = {
  auth: { type: 'local', second_factor: 'webauthn', has_motd: false },
  proxy: {
    kube: { enabled: true, public_addr: 'rig.example.com:443' },
    ssh: { listen_addr: '0.0.0.0:3080', tunnel_listen_addr: '0.0.0.0:3080' },
    tls_routing_enabled: true,
  },
  server_version: '18.2.4',
  min_client_version: '17.0.0-aa',
  cluster_name: 'rig.example.com',
  edition: 'community',
  automatic_upgrades: true,
  auto_update: { tools_version: '18.2.4', agent_version: '18.2.4', tools_auto_update: true },
  fips: false,
};

const headers = fc.array(
  fc.oneof(
    fc.constantFrom(
      'content-type: text/html',
      'content-encoding: gzip',
      'content-length: 10',
      'content-length: 99999999999999999999',
      'content-length: -1',
      'transfer-encoding: chunked',
      'retry-after: 0',
      'retry-after: 99999999999',
      'retry-after: Wed, 21 Oct 2099 07:28:00 GMT',
      'location: https://[::1',
      'location: javascript:alert(1)',
      `x-long: ${'x'.repeat(20_000)}`,
      'set-cookie: a=b',
      'connection: upgrade',
    ),
    fc
      .tuple(fc.stringMatching(/^[a-z-]{1,12}$/), fc.string({ maxLength: 40 }))
      .map(([name, value]) => `${name}: ${value}`),
  ),
  { maxLength: 3 },
);

const status = fc.oneof(
  { weight: 6, arbitrary: fc.constant(200) },
  fc.constantFrom(100, 101, 204, 206, 301, 302, 304, 400, 401, 404, 429, 500, 503, 599, 0, 999),
);

const idToken = new UnsecuredJWT({
  sub: 'repo:acme/web:ref:refs/heads/main',
  repository: 'acme/web',
  ref: 'refs/heads/main',
}).encode();

const machine = {
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  resourceGroupName: 'group1',
  vmId: '44444444-4444-4444-4444-444444444444',
};

/** Errors of tbot after which the action asks for what the job or the machine is. */
const denials = {
  github: 'ERROR: id token claims did not match any allow rules',
  azure: 'ERROR: instance did not match any allow rules in token "ci-azure"',
} as const;

function environment(url: string): Readonly<Record<string, string>> {
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    AZURE_POD_IDENTITY_AUTHORITY_HOST: url,
  };
}

interface Response {
  readonly bytes: Buffer;
  /** Goes on sending after the response, without an end. */
  readonly endless: boolean;
}

const responses = (example: unknown): fc.Arbitrary<Response> =>
  fc
    .record({
      status,
      headers,
      json: jsonEdits,
      bytes: fc.option(byteEdits, { freq: 3 }),
      chunked: fc.boolean(),
      endless: fc.oneof({ weight: 30, arbitrary: fc.constant(false) }, fc.constant(true)),
    })
    .map(({ json, bytes, chunked, endless, ...head }) => {
      const body = Buffer.from(JSON.stringify(json(example)));
      const framed = framing(body, { chunked, endless });
      const lines = [`HTTP/1.1 ${head.status} OK`, ...head.headers, ...framed.headers, '', ''];
      const whole = Buffer.concat([Buffer.from(lines.join('\r\n')), framed.body]);
      return { bytes: bytes === null ? whole : bytes(whole), endless };
    });

function framing(
  body: Buffer,
  { chunked, endless }: { readonly chunked: boolean; readonly endless: boolean },
): { readonly headers: readonly string[]; readonly body: Buffer } {
  if (endless) return { headers: ['content-length: 1000000000000'], body };
  if (!chunked) return { headers: [`content-length: ${body.length}`], body };
  const size = `${body.length.toString(16)}\r\n`;
  const parts = [Buffer.from(size), body, Buffer.from('\r\n0\r\n\r\n')];
  return { headers: ['transfer-encoding: chunked'], body: Buffer.concat(parts) };
}

/** More than any limit of a response, and than what lies in the buffers of two sockets. */
const mostSent = 16 * 2 ** 20;
/** Has a line break: a status line without end is discarded as it arrives, and limited by time only. */
const piece = Buffer.from(`${' '.repeat(64 * 1024 - 2)}\r\n`);

/** Answers every request with the same bytes, whatever they are. */
class RawServer {
  response: Response = { bytes: Buffer.alloc(0), endless: false };
  /** Bytes that were taken for the last response. */
  sent = 0;

  answer(socket: TLSSocket): void {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const { bytes, endless } = this.response;
      if (endless) {
        socket.write(bytes);
        this.#goOn(socket);
      } else socket.end(bytes);
    });
  }

  #goOn(socket: TLSSocket): void {
    while (!socket.destroyed && this.sent <= 2 * mostSent) {
      this.sent += piece.length;
      if (!socket.write(piece)) return void socket.once('drain', () => this.#goOn(socket));
    }
  }
}

const timeouts = { connect: 5000, answer: 5000, stall: 5000 };
const retryPolicy = { attempts: 2, pause: 1, longest: 5 };

export async function openProxyProperties(
  stack: AsyncDisposableStack,
  { authority, caFile }: { readonly authority: Authority; readonly caFile: string },
): Promise<readonly Fuzz[]> {
  const raw = new RawServer();
  const certificate = await authority.serverCertificate(['127.0.0.1']);
  const server: Server = createServer(certificate, (socket) => raw.answer(socket));
  server.on('tlsClientError', () => undefined);
  const port = await trackErrors(server);
  stack.defer(() => void server.close());
  const network = openHttpClient({ env: {}, extraCaFile: caFile });
  stack.defer(() => network.close());
  const { signal } = new AbortController();
  const proxy = `127.0.0.1:${port}`;
  const limited = (name: string, example: unknown, ask: () => Promise<unknown>): Fuzz =>
    fuzzOf(name, responses(example), async (response) => {
      raw.response = response;
      raw.sent = 0;
      await ends(name, ask);
      if (raw.sent > mostSent)
        throw new Error(`${raw.sent} bytes of an endless response were taken`);
    });
  const evidence = async (method: 'github' | 'azure'): Promise<never> => {
    const failure = { exit: { kind: 'code', code: 1 }, log: [denials[method]] } as const;
    const env = environment(`https://${proxy}`);
    const context = joinContext({ method, onboarding: {} }, '18.2.4');
    throw (await explain(failure, context, { env, network, mask: () => undefined, signal }))
      .problem;
  };
  return [
    limited('responses to /webapi/find', find, () =>
      fetchCluster(proxy, { network, signal, retryPolicy, timeouts }),
    ),
    limited('responses to /webapi/ping and of the upgrade channel', find, () =>
      fetchUpgradeChannel(proxy, { network, signal }),
    ),
    limited('responses with an OIDC token', { count: 1, value: idToken }, () => evidence('github')),
    limited('responses of the metadata service', machine, () => evidence('azure')),
  ];
}
