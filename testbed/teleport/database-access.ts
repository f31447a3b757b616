import { generateKeyPair, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import type { ClusterAuthorities } from './authorities.ts';
import { callerOf } from './caller.ts';
import { routeOid } from './route.ts';

const generate = promisify(generateKeyPair);
const HOUR = 3_600_000;

/** The address of a database. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
}

/** The ALPN protocols of database clients. Source: `lib/srv/alpnproxy/common`. */
export const databaseProtocols = [
  'teleport-postgres',
  'teleport-mysql',
  'teleport-mongodb',
  'teleport-cockroach',
] as const;

/**
 * Connects a client to the database that its certificate names. For PostgreSQL, the connection uses
 * TLS and a certificate for the bot's user if the server supports TLS. A PostgreSQL client without a
 * certificate must present one in a TLS connection within this one.
 */
export async function joinDatabase(
  outer: TLSSocket,
  databases: ReadonlyMap<string, DatabaseAddress | undefined>,
  authorities: ClusterAuthorities,
): Promise<void> {
  outer.on('error', () => outer.destroy());
  const isEncryptedTwice =
    outer.alpnProtocol === 'teleport-postgres' && callerOf(outer).certificate === undefined;
  const client = isEncryptedTwice ? await acceptEncryption(outer, authorities) : outer;
  client.on('error', () => client.destroy());
  const caller = callerOf(client);
  const address = databases.get(caller.attribute(routeOid.databaseService));
  if (caller.certificate === undefined || address === undefined) return void client.destroy();
  const socket = connect(address.port, address.host);
  socket.on('error', () => client.destroy());
  client.on('close', () => socket.destroy());
  const isPostgres = outer.alpnProtocol === 'teleport-postgres';
  if (isPostgres && client === outer) await declineEncryption(client);
  const database = isPostgres ? await encrypt(socket, caller.attribute('CN'), authorities) : socket;
  database.on('error', () => client.destroy());
  database.on('close', () => client.destroy());
  client.pipe(database).pipe(client);
}

// Requests of the PostgreSQL protocol before the startup message.
const sslRequest = 80_877_103;
const gssRequest = 80_877_104;

/** Accepts the request for encryption, with a certificate of the host CA. */
async function acceptEncryption(
  outer: TLSSocket,
  { host, user }: ClusterAuthorities,
): Promise<TLSSocket> {
  const certificate = await host.serverCertificate(['localhost']);
  await readBytes(outer, 8);
  outer.write('S');
  const trust = { ca: user.pem, requestCert: true, rejectUnauthorized: false };
  const server = createTlsServer({ ...certificate, ...trust });
  const accepted = once(server, 'secureConnection');
  server.emit('connection', outer);
  const [inner] = await accepted;
  return inner;
}

/** Declines requests for encryption, because the tunnel is encrypted. */
async function declineEncryption(client: Duplex): Promise<void> {
  for (;;) {
    const first = await readBytes(client, 8);
    const code = first.length === 8 ? first.readUInt32BE(4) : 0;
    if (code !== sslRequest && code !== gssRequest) {
      client.unshift(first);
      return;
    }
    client.write('N');
  }
}

async function encrypt(
  socket: Socket,
  user: string,
  authorities: ClusterAuthorities,
): Promise<Duplex> {
  const request = Buffer.alloc(8);
  request.writeUInt32BE(8);
  request.writeUInt32BE(sslRequest, 4);
  socket.write(request);
  const [answer] = await readBytes(socket, 1);
  if (answer !== 'S'.charCodeAt(0)) return socket;
  const { publicKey, privateKey } = await generate('ec', { namedCurve: 'P-256' });
  const secure = connectTls({
    socket,
    key: pem(privateKey),
    cert: await authorities.user.clientCertificate({
      subject: [['CN', [user]]],
      publicKey,
      notBefore: new Date(Date.now() - HOUR),
      notAfter: new Date(Date.now() + HOUR),
    }),
    // The certificate of the tests' PostgreSQL is for localhost.
    rejectUnauthorized: false,
  });
  await once(secure, 'secureConnect');
  return secure;
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Reads this number of bytes, or fewer at the end of the stream. */
async function readBytes(stream: Duplex, count: number): Promise<Buffer> {
  for (;;) {
    const chunk: Buffer | null = stream.read(count);
    if (chunk !== null) return chunk;
    if (stream.readableEnded || stream.destroyed) return Buffer.alloc(0);
    await new Promise<void>((done) => {
      stream.once('readable', done);
      stream.once('close', done);
    });
  }
}
