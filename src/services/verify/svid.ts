import { X509Certificate } from 'node:crypto';
import { matchesKey } from './certificate.ts';

/** What a SPIFFE identity document says; its trust domain is the cluster's name. */
export interface SvidFacts {
  readonly cluster: string;
  readonly expiresAt: Date;
}

/**
 * Reads an X.509 SVID with its key and the authorities of its trust domain (PEM). Throws an Error
 * for one that no verifier would take ("The X.509 SPIFFE Verifiable Identity Document", spiffe.io).
 */
export function readX509Svid(svid: string, key: string, bundle: string): SvidFacts {
  const certificate = new X509Certificate(svid);
  if (!matchesKey(svid, key)) throw new Error('the SVID is not of its private key');
  const uris = (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((name) => (name.startsWith('URI:') ? [name.slice('URI:'.length)] : []));
  const [id = '', ...others] = uris;
  if (others.length > 0) throw new Error('the SVID has more than one URI');
  // The bundle may hold an authority that signed the chain's authority; it must at least be one.
  if (!new X509Certificate(bundle).ca) throw new Error('the bundle of the SVID holds no authority');
  return { cluster: trustDomainOf(id), expiresAt: certificate.validToDate };
}

/** Reads a JWT SVID; whether its signature holds is for those who are shown it. Throws an Error. */
export async function readJwtSvid(
  token: string,
  audiences: readonly string[] = [],
): Promise<SvidFacts> {
  const { decodeJwt } = await import('jose');
  const { sub = '', exp, aud = [] } = decodeJwt(token.trim());
  const expiresAt = new Date(Number(exp) * 1000);
  if (Number.isNaN(Number(expiresAt))) throw new Error('the JWT SVID does not say when it ends');
  if (!audiences.every((audience) => [aud].flat().includes(audience)))
    throw new Error('the JWT SVID is not for the audiences that were asked for');
  return { cluster: trustDomainOf(sub), expiresAt };
}

function trustDomainOf(id: string): string {
  const domain = /^spiffe:\/\/([a-z0-9._-]+)\/[^\s]+$/i.exec(id)?.[1];
  if (domain === undefined) throw new Error('the SVID has no SPIFFE id');
  return domain;
}
