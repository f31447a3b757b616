import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { noFaults } from '../../testbed/faults.ts';
import { type GithubIssuer, startGithubIssuer } from '../../testbed/github.ts';

async function ask(issuer: GithubIssuer, query = '&audience=teleport.cluster.local') {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } =
    issuer.environment;
  return await fetch(`${url}${query}`, { headers: { Authorization: `Bearer ${token}` } });
}

async function valueOf(response: Response): Promise<string> {
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || !('value' in body)) throw new Error('no value');
  return String(body.value);
}

describe('the issuer of OIDC tokens', () => {
  it('issues a token that its published keys verify', async () => {
    await using github = await startGithubIssuer({ faults: noFaults() });
    const token = await valueOf(await ask(github));
    const discovery: unknown = await (
      await fetch(`${github.issuer}/.well-known/openid-configuration`)
    ).json();
    expect(discovery).toMatchObject({ issuer: github.issuer });
    const { payload } = await jwtVerify(
      token,
      createRemoteJWKSet(new URL(`${github.issuer}/.well-known/jwks`)),
      { issuer: github.issuer, audience: 'teleport.cluster.local' },
    );
    expect(payload).toMatchObject({
      sub: 'repo:acme/web:ref:refs/heads/main',
      repository: 'acme/web',
      repository_visibility: 'private',
      actor: 'octocat',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
    expect(github.requests).toMatchObject([
      { audience: 'teleport.cluster.local', authorized: true },
    ]);
  });

  it('uses the owner as the default audience', async () => {
    await using github = await startGithubIssuer({ faults: noFaults() });
    expect(decodeJwt(await valueOf(await ask(github, ''))).aud).toBe('https://github.com/acme');
  });

  it('issues tokens with the claims of the job', async () => {
    await using github = await startGithubIssuer({
      faults: noFaults(),
      repositoryVisibility: 'public',
    });
    github.claims.environment = 'production';
    github.claims.repository = 'acme/shop';
    expect(decodeJwt(await valueOf(await ask(github)))).toMatchObject({
      sub: 'repo:acme/shop:environment:production',
      repository_visibility: 'public',
    });
    github.claims.sub = 'repo:acme@1/shop@2:ref:refs/heads/main';
    expect(decodeJwt(await valueOf(await ask(github))).sub).toBe(github.claims.sub);
  });

  it('rejects another request token', async () => {
    await using github = await startGithubIssuer({ faults: noFaults() });
    const response = await fetch(github.environment.ACTIONS_ID_TOKEN_REQUEST_URL, {
      headers: { Authorization: 'Bearer other' },
    });
    expect(response.status).toBe(401);
    expect(github.requests).toMatchObject([{ authorized: false }]);
  });

  it('uses its own clock', async () => {
    const faults = noFaults();
    await using github = await startGithubIssuer({ faults });
    faults.clock.github = -3600;
    const { exp = 0 } = decodeJwt(await valueOf(await ask(github)));
    expect(exp * 1000).toBeLessThan(Date.now());
    faults.clock.github = 3600;
    const { nbf = 0 } = decodeJwt(await valueOf(await ask(github)));
    expect(nbf * 1000).toBeGreaterThan(Date.now());
  });
});
