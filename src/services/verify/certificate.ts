import { X509Certificate, createPrivateKey } from 'node:crypto';

/** What a Teleport client certificate says about itself. */
export interface CertificateFacts {
  /** The cluster whose authority signed it. */
  readonly cluster: string;
  /** The Teleport user: `bot-<name>` for a bot. */
  readonly user: string;
  readonly roles: readonly string[];
  readonly botInstanceId: string | undefined;
  readonly expiresAt: Date;
}

// Object identifiers of Teleport's own attributes (lib/tlsca/ca.go).
const issuingCluster = '1.3.9999.1.7';
const botInstance = '1.3.9999.2.20';

/** The bot's name: its user has `bot-` before it (lib/auth/machineid). */
export function botOf({ user }: Pick<CertificateFacts, 'user'>): string {
  return user.replace(/^bot-/, '');
}

/** Reads the first certificate of a PEM text. Throws the error of OpenSSL when there is none. */
export function readCertificate(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  // Its type knows only the attributes of X.520.
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

/** Whether a certificate (PEM) was issued for a private key (PEM). Throws when one can't be read. */
export function matchesKey(certificatePem: string, keyPem: string): boolean {
  return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
}

type Attributes = Readonly<Record<string, string | readonly string[] | undefined>>;

/** An attribute that occurs once is a text, one that occurs more often a list. */
function valuesOf(attributes: Attributes, name: string): readonly string[] {
  const value = attributes[name];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
