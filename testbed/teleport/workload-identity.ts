import { createPublicKey, randomUUID } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import type { BotSession } from './admission.ts';
import type { ClusterAuthorities } from './authorities.ts';
import { type Issuing, rolesFor } from './certificates.ts';
import { Denial } from './denial.ts';
import type { Resources, WorkloadIdentity } from './resources.ts';

/** Selects workload identities by name, or by labels with one of several values each. */
type WorkloadSelector =
  { readonly name: string } | { readonly labels: Readonly<Record<string, readonly string[]>> };

/** The request of a workload identity service. */
export type SvidRequest = { readonly selector: WorkloadSelector; readonly ttlSeconds: number } & (
  | { readonly type: 'x509'; readonly publicKey: string }
  | { readonly type: 'jwt'; readonly audiences: readonly string[] }
);

export interface IssuedSvids {
  /** One per matching identity, sorted by name. */
  readonly svids: readonly {
    readonly name: string;
    readonly spiffeId: string;
    /** PEM, or a JWT. */
    readonly credential: string;
  }[];
  /** CA certificates of the trust domain, PEM. */
  readonly bundle: string;
}

const DAY = 24 * 3600;
const MINUTE = 60_000;

/** Issues SVIDs to a joined bot. Throws a Denial. The default maximum is 24 hours. */
export async function issueSvids(
  session: BotSession,
  request: SvidRequest,
  issuing: Issuing & { readonly issuer: string },
): Promise<IssuedSvids> {
  rolesFor(session, []);
  const { authorities, now } = issuing;
  const matching = match(request.selector, issuing.resources);
  const notBefore = new Date(now.getTime() - MINUTE);
  const notAfter = new Date(now.getTime() + Math.min(request.ttlSeconds, DAY) * 1000);
  const issue = async ([name, identity]: readonly [string, WorkloadIdentity]) => {
    const spiffeId = `spiffe://${authorities.cluster}${identity.path}`;
    const times = { notBefore, notAfter };
    const credential =
      request.type === 'x509'
        ? await authorities.spiffe.svid({
            spiffeId,
            dnsNames: identity.dnsNames ?? [],
            publicKey: createPublicKey(request.publicKey),
            ...times,
          })
        : await signJwt(spiffeId, request.audiences, times, issuing);
    return { name, spiffeId, credential };
  };
  return { svids: await Promise.all(matching.map(issue)), bundle: authorities.spiffe.pem };
}

function match(
  selector: WorkloadSelector,
  { workloadIdentities }: Resources,
): (readonly [string, WorkloadIdentity])[] {
  if ('name' in selector) {
    const identity = workloadIdentities[selector.name];
    if (identity) return [[selector.name, identity]];
    throw new Denial(`workload_identity ${JSON.stringify(selector.name)} doesn't exist`);
  }
  return Object.entries(workloadIdentities)
    .filter(([, { labels }]) =>
      Object.entries(selector.labels).every(([key, values]) => values.includes(labels[key] ?? '')),
    )
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

async function signJwt(
  spiffeId: string,
  audiences: readonly string[],
  times: { readonly notBefore: Date; readonly notAfter: Date },
  { authorities, issuer }: { readonly authorities: ClusterAuthorities; readonly issuer: string },
): Promise<string> {
  const { key, keyId, algorithm } = authorities.jwt;
  return await new SignJWT({})
    .setProtectedHeader({ alg: algorithm, kid: keyId, typ: 'JWT' })
    .setSubject(spiffeId)
    .setAudience([...audiences])
    .setIssuer(issuer)
    .setIssuedAt(times.notBefore)
    .setExpirationTime(times.notAfter)
    .setJti(randomUUID())
    .sign(key);
}

/** Returns the keys of JWT SVIDs as a JWKS. */
export async function jwtKeys({ jwt }: ClusterAuthorities): Promise<object> {
  const key = await exportJWK(createPublicKey(jwt.key));
  return { keys: [{ ...key, kid: jwt.keyId, alg: jwt.algorithm, use: 'sig' }] };
}
