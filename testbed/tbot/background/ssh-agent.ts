import { type KeyObject, sign } from 'node:crypto';
import type { Socket } from 'node:net';
import { sshPublicKey } from '../../ssh.ts';
import type { Credentials } from '../output/credentials.ts';

// Message numbers and flags of draft-ietf-sshm-ssh-agent.
const requestIdentities = 11;
const identitiesAnswer = 12;
const signRequest = 13;
const signResponse = 14;
const failure = Buffer.of(5);
const rsaSha256 = 2;

/** Serves the SSH agent protocol with one key, both with and without its certificate. */
export function serveSshAgent(socket: Socket, credentials: Credentials): void {
  let read = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    while (read.length >= 4 && read.length >= 4 + read.readUInt32BE(0)) {
      const end = 4 + read.readUInt32BE(0);
      socket.write(field(answer(read.subarray(4, end), credentials)));
      read = read.subarray(end);
    }
  });
}

function answer(message: Buffer, { keys, sshCert }: Credentials): Buffer {
  if (message[0] === requestIdentities) {
    const blobs = [sshCert, sshPublicKey(keys.publicKey)].map(blobOf);
    const entries = blobs.flatMap((blob) => [field(blob), field(Buffer.from('tbot'))]);
    return Buffer.concat([Buffer.of(identitiesAnswer), uint32(blobs.length), ...entries]);
  }
  if (message[0] !== signRequest) return failure;
  const { data, flags } = readSignRequest(message);
  const signature = signatureOf(keys.privateKey, data, flags);
  return Buffer.concat([Buffer.of(signResponse), field(signature)]);
}

/** Decodes the second word of `<type> <base64>`. */
function blobOf(line: string): Buffer {
  return Buffer.from(line.split(' ')[1] ?? '', 'base64');
}

/** Parses a sign request. It ignores the requested key, because there is only one. */
function readSignRequest(message: Buffer): { readonly data: Buffer; readonly flags: number } {
  const first = 5 + message.readUInt32BE(1);
  const second = first + 4 + message.readUInt32BE(first);
  return { data: message.subarray(first + 4, second), flags: message.readUInt32BE(second) };
}

function signatureOf(key: KeyObject, data: Buffer, flags: number): Buffer {
  if (key.asymmetricKeyType === 'rsa') {
    const bits = flags === rsaSha256 ? '256' : '512';
    return Buffer.concat([text(`rsa-sha2-${bits}`), field(sign(`sha${bits}`, data, key))]);
  }
  const raw = sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
  const half = raw.length / 2;
  const numbers = Buffer.concat([integer(raw.subarray(0, half)), integer(raw.subarray(half))]);
  return Buffer.concat([text('ecdsa-sha2-nistp256'), field(numbers)]);
}

/** Encodes a positive mpint. */
function integer(raw: Buffer): Buffer {
  const start = raw.findIndex((byte) => byte !== 0);
  const short = raw.subarray(start < 0 ? raw.length : start);
  return field((short[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), short]) : short);
}

function text(value: string): Buffer {
  return field(Buffer.from(value));
}

function field(value: Buffer): Buffer {
  return Buffer.concat([uint32(value.length), value]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}
