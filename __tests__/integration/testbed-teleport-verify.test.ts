import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noFaults } from '../../testbed/faults.ts';
import { startGithubIssuer } from '../../testbed/github.ts';
import { startImds } from '../../testbed/imds.ts';
import { type Fixture, startFixture } from './testbed-teleport.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture('18.2.4');
});
afterAll(async () => await fixture[Symbol.asyncDispose]());

async function post(
  path: string,
  body: object,
  bearer = '',
): Promise<{ status: number; body: Record<string, string> }> {
  const ca = readFileSync(join(fixture.folder, 'ca.pem'));
  const headers = { authorization: `Bearer ${bearer}` };
  const options = { method: 'POST', ca, agent: false, headers };
  const outgoing = request(`https://${fixture.proxy.address}${path}`, options);
  outgoing.end(JSON.stringify(body));
  const [response] = await once(outgoing, 'response');
  return { status: response.statusCode, body: JSON.parse(await text(response)) };
}

async function idToken(audience: string): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } =
    fixture.github.environment;
  const headers = { authorization: `Bearer ${bearer}` };
  const response = await fetch(`${url}&audience=${audience}`, { headers });
  const { value }: { value: string } = JSON.parse(await response.text());
  return value;
}

async function imds(path: string): Promise<string> {
  const base = fixture.imds.environment.AZURE_POD_IDENTITY_AUTHORITY_HOST;
  const response = await fetch(`${base}/metadata${path}`, { headers: { Metadata: 'true' } });
  return await response.text();
}

const github = { method: 'github', token: 'ci-github', ttlSeconds: 60 };
const azure = { method: 'azure', token: 'ci-azure', ttlSeconds: 60 };

async function azureProof(nonce: string) {
  const { access_token: accessToken }: { access_token: string } = JSON.parse(
    await imds(
      '/identity/oauth2/token?api-version=2023-07-01&resource=https%3A%2F%2Fmanagement.azure.com%2F',
    ),
  );
  return {
    attestedDocument: await imds(
      `/attested/document?api-version=2023-07-01&format=json&nonce=${nonce}`,
    ),
    accessToken,
  };
}

describe('the cluster verifies an OIDC token', () => {
  it('by its audience', async () => {
    const good = { ...github, idToken: await idToken('teleport.cluster.local') };
    expect(await post('/testbed/join', good)).toMatchObject({ status: 200 });
    const other = { ...github, idToken: await idToken('sts.amazonaws.com') };
    const answer = await post('/testbed/join', other);
    expect(answer.status).toBe(403);
    expect(answer.body['error']).toContain('aud');
  });

  it('by its signature', async () => {
    const [head, payload, signature = ''] = (await idToken('teleport.cluster.local')).split('.');
    const forged = `${head}.${payload}.${signature.split('').toReversed().join('')}`;
    const answer = await post('/testbed/join', { ...github, idToken: forged });
    expect(answer).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining('signature') },
    });
  });

  it('by its issuer', async () => {
    await using issuer = await startGithubIssuer({ faults: noFaults() });
    await using other = await startFixture('18.2.4', { githubIssuer: () => issuer.issuer });
    expect(await other.start()).toMatchObject({ code: 1 });
    expect(other.proxy.joins.at(-1)).toMatchObject({ ok: false });
  });
});

describe('the cluster verifies a machine', () => {
  it('by the challenge, which is valid once', async () => {
    const { body: challenge } = await post('/testbed/join/challenge', {});
    const proof = await azureProof(challenge['challenge'] ?? '');
    const proven = { ...azure, session: challenge['session'], ...proof };
    expect(await post('/testbed/join', proven)).toMatchObject({ status: 200 });
    const error = 'challenge is missing or does not match';
    expect(await post('/testbed/join', proven)).toEqual({ status: 403, body: { error } });
  });

  it('by the keys of its metadata service', async () => {
    await using stranger = await startImds({ faults: noFaults() });
    await using other = await startFixture('18.2.4', { imdsTrust: () => stranger });
    const ending = await other.start({ token: 'ci-azure', method: 'azure' });
    expect(ending.stderr).toContain('no certificates for signature');
    await using mixed = await startFixture('18.2.4', {
      imdsTrust: () => ({ ...stranger, attestedKey: mixed.imds.attestedKey }),
    });
    const second = await mixed.start({ token: 'ci-azure', method: 'azure' });
    expect(second.stderr).toContain('Failed to validate token claims');
  });
});

describe('certificates', () => {
  it('require a join', async () => {
    const asked = { type: 'identity', publicKey: '', ttlSeconds: 60 };
    expect(await post('/testbed/certificates', asked, 'guess')).toEqual({
      status: 403,
      body: { error: 'access denied' },
    });
  });
});
