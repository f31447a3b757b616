import type { TextOf, Verified } from './credential.ts';
import type { Role } from './service.ts';
import { publicKeyOf, readSshCertificate } from './ssh-certificate.verify.ts';
import { checkCa, isCompletePem, matchesKey, readCertificate } from './x509.verify.ts';

/** Files with CA certificates. */
export const caRoles: ReadonlySet<Role> = new Set([
  'host-ca',
  'user-ca',
  'database-ca',
  'tls-ca',
  'mongo-ca',
]);

/**
 * Verifies that the certificates of a bot can be read and belong to the key beside them, also in the
 * copies for particular programs. Throws an Error whose message is a clause.
 */
export function verifyClientCertificate(text: TextOf): Verified {
  checkIdentityFile(text('identity'));
  for (const role of caRoles) if (text(role) !== '') checkCa(role, text(role));
  const certificate = readCertificate(text('certificate'));
  const ssh = readSshCertificate(text('ssh-certificate'));
  if (ssh.kind !== 'user') throw new Error('its SSH certificate is not a user certificate');
  if (!matchesKey(text('certificate'), text('key')))
    throw new Error('the X.509 certificate does not match the private key');
  if (ssh.publicKey !== publicKeyOf(text('key')))
    throw new Error('the SSH certificate does not match the private key');
  checkPair(text('tls-certificate'), text('tls-key'));
  // For MongoDB, certificate and key are in one file.
  checkPair(text('mongo-certificate'), text('mongo-certificate'));
  const ends = [certificate.expiresAt, ssh.expiresAt].map(Number);
  return { certificate, cluster: certificate.cluster, expiresAt: new Date(Math.min(...ends)) };
}

/**
 * Checks for a private key and a certificate that match. CA certificates follow them in the file
 * (api/identityfile).
 */
function checkIdentityFile(text: string): void {
  const parts = [/^-----END [A-Z ]*PRIVATE KEY-----/m, /^-----END CERTIFICATE-----/m];
  if (!isCompletePem(text) || !text.endsWith('\n') || !parts.every((part) => part.test(text)))
    throw new Error('its identity file is incomplete');
  if (!matchesKey(text, text))
    throw new Error('the certificate in its identity file does not match the private key');
}

function checkPair(certificate: string, key: string): void {
  if (certificate !== '' && !matchesKey(certificate, key))
    throw new Error('the TLS certificate does not match the private key');
}
