import { createPublicKey } from 'node:crypto';
import { signSshCertificate } from '../ssh.ts';
import { type BotSession, lifetime } from './admission.ts';
import type { ClusterAuthorities } from './authorities.ts';
import { Denial } from './denial.ts';
import type { Resources } from './resources.ts';
import { resolveRoute, type RouteRequest } from './route.ts';
import { identityExtensions, identitySubject } from './subject.ts';

/** A certificate request of a joined bot. */
export type CertificateRequest = RouteRequest & {
  /** PEM, SPKI */
  readonly publicKey: string;
  readonly ttlSeconds: number;
  readonly allowReissue?: boolean;
  /** The requested roles. Empty: all roles of the bot. */
  readonly roles?: readonly string[];
  /** A leaf cluster to route to. */
  readonly cluster?: string;
  /** For the fault 'foreign-cluster': the name of the issuing cluster. */
  readonly pretendCluster?: string;
};

/** Certificates and CA certificates, as PEM or lines in OpenSSH's formats. */
export interface IssuedCertificates {
  readonly tlsCert: string;
  readonly sshCert: string;
  readonly hostCa: string;
  readonly userCa: string;
  readonly databaseCa: string;
  /** Public key of the SSH host CA. */
  readonly sshHostCa: string;
  readonly cluster: string;
}

/** The facts that issuing depends on. */
export interface Issuing {
  readonly authorities: ClusterAuthorities;
  readonly resources: Resources;
  readonly now: Date;
  readonly teleportMajor: number;
}

/** Signs an identity for a joined bot with the requested route. Throws a Denial. */
export async function issueIdentity(
  session: BotSession,
  request: CertificateRequest,
  issuing: Issuing,
): Promise<IssuedCertificates> {
  const { authorities, resources } = issuing;
  const roles = rolesFor(session, request.roles ?? []);
  const { cluster } = authorities;
  const subject = {
    session,
    roles,
    issuingCluster: cluster,
    routeToCluster: request.cluster ?? cluster,
    allowReissue: request.allowReissue ?? false,
    withInstanceId: issuing.teleportMajor >= 17,
    route: resolveRoute(request, resources, cluster),
  };
  const { from, to } = lifetime(session.bot, request.ttlSeconds, issuing.now);
  const publicKey = createPublicKey(request.publicKey);
  return {
    tlsCert: await authorities.user.clientCertificate({
      subject: identitySubject(subject),
      publicKey,
      notBefore: from,
      notAfter: to,
    }),
    sshCert: signSshCertificate(authorities.sshUser, {
      type: 'user',
      publicKey,
      keyId: session.user,
      principals: session.bot.logins,
      validAfter: from,
      validBefore: to,
      extensions: identityExtensions(subject),
    }),
    hostCa: authorities.host.pem,
    userCa: authorities.user.pem,
    databaseCa: authorities.database.pem,
    sshHostCa: authorities.sshHost,
    cluster,
  };
}

/** Returns the roles of a session. Throws a Denial for a role that the bot lacks. */
export function rolesFor(session: BotSession, asked: readonly string[]): readonly string[] {
  const { roles } = session.bot;
  if (roles.length === 0) throw new Denial('at least one role request is required');
  const foreign = asked.find((role) => !roles.includes(role));
  if (foreign !== undefined) throw new Denial(`role ${foreign} is not found`);
  return asked.length > 0 ? asked : roles;
}
