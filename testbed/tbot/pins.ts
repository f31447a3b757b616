import { createHash, X509Certificate } from 'node:crypto';
import type { Cluster } from './cluster.ts';
import { exchange } from './exchange.ts';
import { Failure } from './failure.ts';
import { parseJson } from './network.ts';

/**
 * Connects to an Auth Service: fetches its CA, compares it with the pins and then trusts only that CA.
 * Without pins, trusts any CA. Returns undefined if the server is not an Auth Service. Source: `pinRegisterClient` in `lib/auth/join/join.go`.
 */
export async function knownByPins(
  cluster: Cluster,
  pins: readonly string[],
): Promise<Cluster | undefined> {
  const url = new URL(`https://${cluster.address}/testbed/authority`);
  const answer = await exchange({ method: 'GET', url }, { ...cluster.reach, insecure: true });
  if (answer.status !== 200 || !answer.type.startsWith('application/json')) return undefined;
  const { hostCa }: { hostCa: string } = parseJson(answer.text);
  checkPins(pins, hostCa);
  return { ...cluster, kind: 'auth', reach: { ...cluster.reach, authorities: [hostCa] } };
}

/** Source: `CheckSPKI` in `lib/utils/spki.go`. */
function checkPins(pins: readonly string[], authority: string): void {
  for (const pin of pins) {
    const [algorithm, ...rest] = pin.split(':');
    if (rest.length !== 1)
      throw new Failure('invalid format for certificate pin, expected algorithm:pin');
    if (algorithm !== 'sha256')
      throw new Failure('sha256 only supported hashing algorithm for certificate pin');
  }
  const key = new X509Certificate(authority).publicKey.export({ type: 'spki', format: 'der' });
  const own = `sha256:${createHash('sha256').update(key).digest('hex')}`;
  if (pins.length > 0 && !pins.includes(own)) throw new Failure(mismatch);
}

const mismatch =
  'cluster pin does not match any provided certificate authority pin. This could have occurred if the Certificate Authority (CA) for the cluster was rotated, invalidating the old pin. This could also occur if a new HSM was added. Run "tctl status" to compare the pin used to join the cluster to the actual pin(s) for the cluster.';
