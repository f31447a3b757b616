import { randomBytes, verify, X509Certificate } from 'node:crypto';
import type { ClusterAuthorities } from './authorities.ts';
import { Denial } from './denial.ts';

/** A request to AWS IAM Roles Anywhere, which is part of the testbed. */
export interface SessionRequest {
  readonly roleArn: string;
  readonly profileArn: string;
  readonly trustAnchorArn: string;
  readonly durationSeconds: number;
  /** PEM of the SVID. */
  readonly certificate: string;
  /** Base64 signature of `signedPart` with the key of the SVID, instead of AWS Signature Version 4. */
  readonly signature: string;
}

export interface AwsSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ISO 8601 */
  readonly expiration: string;
}

/** Returns the text that the client signs. */
export function signedPart(request: Omit<SessionRequest, 'signature' | 'certificate'>): string {
  const { roleArn, profileArn, trustAnchorArn, durationSeconds } = request;
  return [roleArn, profileArn, trustAnchorArn, durationSeconds].join('\n');
}

/** Returns a session for an SVID of the cluster. Throws a Denial. */
export function createAwsSession(
  request: SessionRequest,
  authorities: ClusterAuthorities,
  now: Date,
): AwsSession {
  const certificate = new X509Certificate(request.certificate);
  const authority = new X509Certificate(authorities.spiffe.pem);
  const signature = Buffer.from(request.signature, 'base64');
  const trusted = certificate.verify(authority.publicKey) && certificate.validToDate > now;
  const part = Buffer.from(signedPart(request));
  if (!trusted || !verify('sha256', part, certificate.publicKey, signature)) {
    throw new Denial('AccessDeniedException: Untrusted certificate. Insufficient certificate');
  }
  return {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(120).toString('base64'),
    expiration: new Date(now.getTime() + request.durationSeconds * 1000).toISOString(),
  };
}
