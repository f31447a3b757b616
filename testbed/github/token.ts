import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/**
 * The claims of an OIDC token (GitHub's documentation, "OpenID Connect reference"). All values are
 * strings, also numbers. Without `sub`, the issuer derives it from the other claims as GitHub does.
 */
export interface GithubClaims {
  sub?: string;
  repository: string;
  repository_owner: string;
  repository_visibility: string;
  ref: string;
  ref_type: string;
  workflow: string;
  actor: string;
  event_name: string;
  environment?: string;
  [claim: string]: string | undefined;
}

/** The job of the default token rule: a push to main of acme/web. */
export function defaultClaims(visibility = 'private'): GithubClaims {
  return {
    repository: 'acme/web',
    repository_id: '100200300',
    repository_owner: 'acme',
    repository_owner_id: '400500',
    repository_visibility: visibility,
    ref: 'refs/heads/main',
    ref_type: 'branch',
    ref_protected: 'true',
    sha: '6f3d1c0b9a8e7d6c5b4a39281706f5e4d3c2b1a0',
    workflow: 'deploy',
    workflow_ref: 'acme/web/.github/workflows/deploy.yml@refs/heads/main',
    job_workflow_ref: 'acme/web/.github/workflows/deploy.yml@refs/heads/main',
    actor: 'octocat',
    actor_id: '583231',
    event_name: 'push',
    head_ref: '',
    base_ref: '',
    run_id: '9000000001',
    run_number: '42',
    run_attempt: '1',
    runner_environment: 'github-hosted',
  };
}

/** The key of the issuer and its published part. */
export interface IssuerKeys {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

const keyId = 'testbed-github';

/** Creates an RS256 key pair. */
export async function issuerKeys(): Promise<IssuerKeys> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid: keyId, alg: 'RS256', use: 'sig' },
  };
}

/** Signs a token for a job; `now` is in seconds since 1970. */
export async function issueIdToken(
  claims: GithubClaims,
  at: { issuer: string; audience: string | undefined; now: number },
  keys: IssuerKeys,
): Promise<string> {
  return await new SignJWT({ ...claims, sub: claims.sub ?? subject(claims) })
    .setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'JWT' })
    .setJti(randomUUID())
    .setIssuer(at.issuer)
    .setAudience(at.audience ?? `https://github.com/${claims.repository_owner}`)
    // GitHub's tokens are valid from ten minutes ago until five minutes from now.
    .setIssuedAt(at.now)
    .setNotBefore(at.now - 600)
    .setExpirationTime(at.now + 300)
    .sign(keys.privateKey);
}

function subject(claims: GithubClaims): string {
  const repository = `repo:${claims.repository}`;
  if (claims.environment !== undefined) return `${repository}:environment:${claims.environment}`;
  if (claims.event_name === 'pull_request') return `${repository}:pull_request`;
  return `${repository}:ref:${claims.ref}`;
}
