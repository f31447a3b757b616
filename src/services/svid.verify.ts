import { X509Certificate } from 'node:crypto';
import type { TextOf, Verified } from './credential.ts';
import { matchesKey } from './x509.verify.ts';

/**
 * Verifies an X.509 SVID with its key and the CA certificates of its trust domain, whose name is the
 * cluster's. Throws an Error whose message is a clause for an SVID that no verifier would accept ("The
 * X.509 SPIFFE Verifiable Identity Document", spiffe.io).
 */
export function verifyX509Svid(text: TextOf): Verified {
  const [svid, key, bundle] = [text('svid'), text('svid-key'), text('svid-bundle')];
  const certificate = new X509Certificate(svid);
  if (!matchesKey(svid, key)) throw new Error('the SVID does not match the private key');
  const uris = (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((name) => (name.startsWith('URI:') ? [name.slice('URI:'.length)] : []));
  const [id = '', ...others] = uris;
  if (others.length > 0) throw new Error('the SVID has more than one URI');
  // The bundle may contain a CA above the one that signed the SVID, so the chain is not checked.
  if (!new X509Certificate(bundle).ca)
    throw new Error('the SVID bundle does not contain a CA certificate');
  return {
    certificate: undefined,
    cluster: trustDomainOf(id),
    expiresAt: certificate.validToDate,
  };
}

/** Verifies a JWT SVID, except its signature. Throws an Error whose message is a clause. */
export async function verifyJwtSvid(
  text: TextOf,
  { audiences }: { readonly audiences: readonly string[] },
): Promise<Verified> {
  const { decodeJwt } = await import('jose');
  const { sub = '', exp, aud = [] } = decodeJwt(text('jwt-svid').trim());
  const expiresAt = new Date(Number(exp) * 1000);
  if (Number.isNaN(Number(expiresAt))) throw new Error('the JWT SVID has no expiry time');
  if (!audiences.every((audience) => [aud].flat().includes(audience)))
    throw new Error('the JWT SVID is not for the requested audiences');
  return { certificate: undefined, cluster: trustDomainOf(sub), expiresAt };
}

function trustDomainOf(id: string): string {
  const domain = /^spiffe:\/\/([a-z0-9._-]+)\/[^\s]+$/i.exec(id)?.[1];
  if (domain === undefined) throw new Error('the SVID has no SPIFFE ID');
  return domain;
}
