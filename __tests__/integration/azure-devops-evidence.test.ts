import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import { type HttpClient, openHttpClient } from '../../src/http/client.ts';
import type { Evidence } from '../../src/methods/evidence.ts';
import { gatherEvidence } from '../../src/methods/gather.evidence.ts';
import { type AzureDevops, startAzureDevops } from '../../testbed/azure-devops.ts';
import { closedPort, listenHttp } from '../../testbed/loopback.ts';

let azureDevops: AzureDevops;
let network: HttpClient;

beforeAll(async () => {
  azureDevops = await startAzureDevops();
  network = openHttpClient({ env: {}, extraCaFile: undefined });
});
afterAll(async () => {
  network.close();
  await azureDevops[Symbol.asyncDispose]();
});

/** Returns the response of Azure DevOps after a denial, and what was masked. */
async function probe(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly idToken: Evidence['idToken']; readonly masked: readonly string[] }> {
  const masked: string[] = [];
  const failure = { code: 'claims-denied', page: false } as const;
  const { idToken } = await gatherEvidence(
    { method: 'azure_devops', onboarding: {}, variables: [] },
    { failure, job: githubActions({}).job },
    {
      env,
      network,
      mask: (secret) => void masked.push(secret),
      signal: AbortSignal.timeout(30_000),
    },
  );
  return { idToken, masked };
}

describe('the claims of a pipeline', () => {
  it('are those of a token that is masked with its parts', async () => {
    const { idToken, masked } = await probe(azureDevops.environment);
    const { rpo_id: _, run_id: _run, ...claims } = azureDevops.claims;
    expect(idToken).toEqual({ kind: 'claims', claims });
    const token = masked.find((secret) => secret.split('.').length === 3) ?? '';
    expect(masked).toEqual(expect.arrayContaining(token.split('.')));
    expect(token).not.toBe('');
  });

  it('are unknown if the access token is wrong', async () => {
    const env = { ...azureDevops.environment, SYSTEM_ACCESSTOKEN: 'of another job' };
    expect((await probe(env)).idToken).toEqual({ kind: 'status', status: 401 });
  });

  it('are unknown if the response has no token', async () => {
    const listener = await listenHttp((_, response) => void response.end('{}'));
    const env = { ...azureDevops.environment, SYSTEM_OIDCREQUESTURI: listener.url };
    expect((await probe(env)).idToken).toEqual({ kind: 'no-token' });
    await listener.close();
  });

  it('are unknown if nothing responds', async () => {
    const uri = `http://127.0.0.1:${await closedPort()}/`;
    const env = { ...azureDevops.environment, SYSTEM_OIDCREQUESTURI: uri };
    expect((await probe(env)).idToken).toEqual({ kind: 'unreachable' });
    expect((await probe({})).idToken).toEqual({ kind: 'unreachable' });
  });
});
