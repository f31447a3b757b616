import { createPublicKey } from 'node:crypto';
import { signSshCertificate, sshPublicKey } from '../ssh.ts';
import type { BotSession } from './admission.ts';
import { lifetime } from './admission.ts';
import { type Issuing, rolesFor } from './certificates.ts';

/** The request of an `ssh_host` service for a host certificate. */
export interface HostCertificateRequest {
  /** PEM, SPKI */
  readonly publicKey: string;
  readonly ttlSeconds: number;
  readonly roles?: readonly string[];
  readonly principals: readonly string[];
  readonly caType: 'user' | 'openssh';
}

export interface HostCertificate {
  /** `<type>-cert-v01@openssh.com <base64>` */
  readonly certificate: string;
  /** The line for TrustedUserCAKeys. */
  readonly userCa: string;
}

/** Signs a host certificate for a joined bot. Throws a Denial. Source: `lib/tbot/services/ssh/host_output.go`. */
export function issueHostCertificate(
  session: BotSession,
  request: HostCertificateRequest,
  { authorities, now }: Issuing,
): HostCertificate {
  rolesFor(session, request.roles ?? []);
  const { from, to } = lifetime(session.bot, request.ttlSeconds, now);
  const certificate = signSshCertificate(authorities.sshHostKey, {
    type: 'host',
    publicKey: createPublicKey(request.publicKey),
    keyId: '',
    principals: request.principals,
    validAfter: from,
    validBefore: to,
    extensions: { 'x-teleport-authority': authorities.cluster, 'x-teleport-role': 'Node' },
  });
  const authority = request.caType === 'user' ? authorities.sshUser : authorities.sshOpenssh;
  const key = sshPublicKey(createPublicKey(authority));
  return { certificate, userCa: `${key} clustername=${authorities.cluster}&type=user\n` };
}
