import type { TextOf, Verified } from './credential.ts';
import { publicKeyOf, readSshCertificate } from './ssh-certificate.verify.ts';

/** A later expiry time means that the certificate never expires: OpenSSH sets all its bits. */
const never = Date.UTC(9999, 0);

/** Verifies a host certificate and its key. Throws an Error whose message is a clause. */
export function verifySshHost(text: TextOf): Verified {
  const { kind, publicKey, expiresAt } = readSshCertificate(text('ssh-host-certificate'));
  if (kind !== 'host') throw new Error('its SSH certificate is not a host certificate');
  if (publicKey !== publicKeyOf(text('ssh-host-key')))
    throw new Error('the SSH certificate does not match the private key');
  return {
    certificate: undefined,
    expiresAt: Number(expiresAt) < never ? expiresAt : undefined,
  };
}
