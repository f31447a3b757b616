import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/**
 * What an id token says of a job. Names as in "OpenID Connect reference" of GitHub's
 * documentation; all values are strings there, numbers too. Without `sub` the issuer writes
 * the one that GitHub would write for the other claims.
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

/** What the issuer signs with, and what it publishes of it. */
export interface IssuerKeys {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

const keyId = 'testbed-github';

/** A new RS256 key pair. */
export async function issuerKeys(): Promise<IssuerKeys> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid: keyId, alg: 'RS256', use: 'sig' },
  };
}

/** Signs a token for the job; `now` in seconds since 1970. */
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
    // GitHub dates its tokens ten minutes back and lets them live for five.
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
