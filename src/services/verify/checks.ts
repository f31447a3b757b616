import { X509Certificate } from 'node:crypto';
import { awsSession } from './aws.ts';
import { matchesKey, type CertificateFacts, readCertificate } from './certificate.ts';
import type { Role } from './files.ts';
import { checkKubeconfig } from './kubeconfig.ts';
import type { Service } from '../service.ts';
import { publicKeyOf, readSshCertificate, type SshCertificateFacts } from './ssh-certificate.ts';
import { readJwtSvid, readX509Svid } from './svid.ts';

/** What the files of a credential say. */
export interface Checked {
  readonly certificate: CertificateFacts | undefined;
  readonly cluster: string | undefined;
  readonly expiresAt: Date | undefined;
}

/** The text of a credential's file; empty when there is none. */
export type TextOf = (role: Role) => string;

/**
 * Looks whether the files of a credential are what they should be and fit together. Throws an Error
 * whose message is a clause, or a Problem `service-not-found`.
 */
export async function checkContents(service: Service, text: TextOf): Promise<Checked> {
  switch (service.type) {
    case 'identity':
    case 'application':
      return checkTeleport(text);
    case 'database':
      return checkDatabase(text);
    case 'kubernetes':
    case 'kubernetes/v2':
      await checkKubeconfig(text('kubeconfig'), service.disable_exec_plugin);
      return checkTeleport(text);
    case 'ssh_host':
      return checkHost(text);
    case 'workload-identity-x509':
      return {
        certificate: undefined,
        ...readX509Svid(text('svid'), text('svid-key'), text('svid-bundle')),
      };
    case 'workload-identity-jwt':
      return {
        certificate: undefined,
        ...(await readJwtSvid(text('jwt-svid'), service.audiences)),
      };
    case 'workload-identity-aws-roles-anywhere': {
      const profile = service.credential_profile_name ?? 'default';
      const expiresAt = awsSession(text('aws-credentials'), profile);
      return { certificate: undefined, cluster: undefined, expiresAt };
    }
    default:
      return service satisfies never;
  }
}

function checkTeleport(text: TextOf): Checked {
  checkWhole(text);
  const certificate = readCertificate(text('certificate'));
  const ssh = sshCertificateOf('user', text('ssh-certificate'));
  if (!matchesKey(text('certificate'), text('key')))
    throw new Error('the X.509 certificate is not of its private key');
  if (ssh.publicKey !== publicKeyOf(text('key')))
    throw new Error('the SSH certificate is not of its private key');
  if (text('tls-certificate') !== '') checkPair(text('tls-certificate'), text('tls-key'));
  const ends = [certificate.expiresAt, ssh.expiresAt].map(Number);
  return { certificate, cluster: certificate.cluster, expiresAt: new Date(Math.min(...ends)) };
}

const authorities = ['host-ca', 'user-ca', 'database-ca', 'tls-ca', 'mongo-ca'] as const;

/** A private key, certificates and authorities, each on lines of its own (api/identityfile). */
function checkIdentityFile(text: string): void {
  const [begun, ended] = [/^-----BEGIN /gm, /^-----END /gm].map((sign) => text.match(sign)?.length);
  const parts = [/^-----END [A-Z ]*PRIVATE KEY-----/m, /^-----END CERTIFICATE-----/m];
  if (begun !== ended || !parts.every((part) => part.test(text)) || !text.endsWith('\n'))
    throw new Error('its identity file is not whole');
}

/** What stands near the end of a whole file. */
const errorPatterns = [
  ['ssh-config', /^\s*ProxyCommand\s/m],
  ['known-hosts', /@cert-authority /],
] as const;

/** The same few stand beside every credential of a join, and reading one takes a while. */
const authoritiesSeen = new Set<string>();

function checkAuthority(role: Role, pem: string): void {
  if (authoritiesSeen.has(pem)) return;
  if (!new X509Certificate(pem).ca)
    throw new Error(`what should be an authority (${role}) is none`);
  authoritiesSeen.add(pem);
}

/** Written in place, a file that was cut short is still there. */
function checkWhole(text: TextOf): void {
  checkIdentityFile(text('identity'));
  for (const role of authorities) if (text(role) !== '') checkAuthority(role, text(role));
  for (const [role, sign] of errorPatterns)
    if (text(role) !== '' && !sign.test(text(role))) throw new Error(`its ${role} is not whole`);
}

/** For MongoDB certificate and key are in one file. */
function checkDatabase(text: TextOf): Checked {
  const mongo = text('mongo-certificate');
  if (mongo !== '') checkPair(mongo, mongo);
  return checkTeleport(text);
}

function checkPair(certificate: string, key: string): void {
  if (!matchesKey(certificate, key))
    throw new Error('the TLS certificate is not of its private key');
}

function sshCertificateOf(kind: SshCertificateFacts['kind'], line: string): SshCertificateFacts {
  const facts = readSshCertificate(line);
  if (facts.kind !== kind) throw new Error(`its SSH certificate is not one of a ${kind}`);
  return facts;
}

/** OpenSSH writes all bits set for a certificate that never ends. */
const never = Date.UTC(9999, 0);

function checkHost(text: TextOf): Checked {
  const { publicKey, expiresAt } = sshCertificateOf('host', text('ssh-host-certificate'));
  if (publicKey !== publicKeyOf(text('ssh-host-key')))
    throw new Error('the SSH certificate is not of its private key');
  return {
    certificate: undefined,
    cluster: undefined,
    expiresAt: Number(expiresAt) < never ? expiresAt : undefined,
  };
}
