import type { GetOptions, HttpClient } from '../../http/client.ts';
import { ok } from '../../http/retry.ts';
import { badSignature, noSignature } from './signature-problems.ts';
import { bytesOf, decodeSignature } from './verify-bytes.ts';

/** Bytes. The longest signature has 1400 as base64. */
const longestFile = 8 * 1024;

/**
 * Downloads the signature of an archive. Throws a Problem `signature` if there is none, a NetworkError, a
 * StatusError, or the signal's reason.
 */
export async function fetchSignature(
  url: string,
  network: Pick<HttpClient, 'get'>,
  options: GetOptions,
): Promise<Buffer> {
  const reply = await network.get(url, options);
  // Storage services return 403 for a file that does not exist.
  if (reply.status === 404 || reply.status === 403) {
    reply.discard();
    throw noSignature(url, reply.status);
  }
  const content = await bytesOf(ok(reply), longestFile);
  if (content === undefined) throw badSignature(url, `it is longer than ${longestFile} bytes`);
  const signature = decodeSignature(content);
  if (signature === undefined)
    throw badSignature(url, 'it contains neither base64 nor the bytes of a signature');
  return signature;
}
