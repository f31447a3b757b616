import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { CertificateFacts } from './credential.ts';

// Object identifiers of Teleport's own attributes (lib/tlsca/ca.go).
const issuingCluster = '1.3.9999.1.7';
const botInstance = '1.3.9999.2.20';

/** Reads the first certificate of a PEM text. Throws OpenSSL's error if there is none. */
export function readCertificate(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  // The declared type has only the attributes of X.520.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { subject, issuer } = certificate.toLegacyObject() as unknown as {
    readonly subject: Attributes;
    readonly issuer: Attributes;
  };
  return {
    cluster: valuesOf(subject, issuingCluster)[0] ?? valuesOf(issuer, 'O')[0] ?? '',
    user: valuesOf(subject, 'CN')[0] ?? '',
    roles: valuesOf(subject, 'O'),
    botInstanceId: valuesOf(subject, botInstance)[0],
    expiresAt: certificate.validToDate,
  };
}

/**
 * Returns whether a certificate was issued for a private key; each is the first one in a PEM text.
 * Throws OpenSSL's error if one cannot be read.
 */
export function matchesKey(certificatePem: string, keyPem: string): boolean {
  return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
}

type Attributes = Readonly<Record<string, string | readonly string[] | undefined>>;

/** An attribute that occurs once is a string, one that occurs more often a list. */
function valuesOf(attributes: Attributes, name: string): readonly string[] {
  const value = attributes[name];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** CA certificates that were already checked: every credential of a join comes with the same few. */
const knownCas = new Set<string>();

/** Throws an Error unless a PEM text begins with a CA certificate and is complete. */
export function checkCa(role: string, pem: string): void {
  if (knownCas.has(pem)) return;
  if (!new X509Certificate(pem).ca) throw new Error(`its ${role} is not a CA certificate`);
  if (!isCompletePem(pem)) throw new Error(`its ${role} is incomplete`);
  knownCas.add(pem);
}

/** Returns whether every block of a PEM text has an end. */
export function isCompletePem(text: string): boolean {
  const [begun, ended] = [/^-----BEGIN /gm, /^-----END .*-----\r?$/gm].map(
    (line) => text.match(line)?.length,
  );
  return begun === ended;
}
