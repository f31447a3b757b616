import type { KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** One attribute of a subject, with all its values: `['O', ['access', 'editor']]`; names other than X.520's are dotted OIDs. */
export type SubjectAttribute = readonly [type: string, values: readonly string[]];

/** A request for the certificate of a client. */
export interface ClientRequest {
  readonly subject: readonly SubjectAttribute[];
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A request for the certificate of a workload (SPIFFE X.509-SVID standard). */
export interface SvidRequest extends Omit<ClientRequest, 'subject'> {
  readonly spiffeId: string;
  readonly dnsNames: readonly string[];
}

/** The content of a certificate before a CA signs it. */
export type CertificateParameters = Omit<x509.X509CertificateCreateParams, 'signingKey' | 'issuer'>;

/** Returns the content for a TLS client. */
export function clientParameters(request: ClientRequest): CertificateParameters {
  return {
    // As objects, because quotes and escapes in a string would be parsed.
    subject: new x509.Name(
      request.subject.map(([type, values]) => ({
        [type]: values.map((utf8String) => ({ utf8String })),
      })),
    ),
    publicKey: new x509.PublicKey(request.publicKey.export({ type: 'spki', format: 'der' })),
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH, CLIENT_AUTH]),
    ],
  };
}

/** Returns the content for a workload. */
export function svidParameters(request: SvidRequest): CertificateParameters {
  const { spiffeId, dnsNames } = request;
  return {
    publicKey: new x509.PublicKey(request.publicKey.export({ type: 'spki', format: 'der' })),
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyAgreement,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH, CLIENT_AUTH]),
      // Critical, because the subject is empty.
      new x509.SubjectAlternativeNameExtension(
        [
          { type: 'url', value: spiffeId },
          ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
        ],
        true,
      ),
    ],
  };
}
