import { UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Evidence, ProbeOptions } from '../../src/methods/evidence.ts';
import { gatherEvidence } from '../../src/methods/gather.evidence.ts';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import { type HttpClient, openHttpClient } from '../../src/http/client.ts';
import { explain } from '../../src/tbot/diagnosis/explain.ts';
import type { JoinContext } from '../../src/tbot/diagnosis/diagnosis.ts';
import { type Faults, noFaults } from '../../testbed/faults.ts';
import { type GithubIssuer, startGithubIssuer } from '../../testbed/github.ts';
import { type Imds, startImds } from '../../testbed/imds.ts';
import { closedPort, listenHttp } from '../../testbed/loopback.ts';

let faults: Faults;
let github: GithubIssuer;
let imds: Imds;
let network: HttpClient;
let masked: string[];

beforeEach(async () => {
  faults = noFaults();
  github = await startGithubIssuer({ faults });
  imds = await startImds({ faults });
  network = openHttpClient({ env: {}, extraCaFile: undefined });
  masked = [];
});

afterEach(async () => {
  network.close();
  await github[Symbol.asyncDispose]();
  await imds[Symbol.asyncDispose]();
});

function probe(
  env: ProbeOptions['env'] = { ...github.environment, ...imds.environment },
): ProbeOptions {
  return {
    env,
    network,
    mask: (secret) => void masked.push(secret),
    signal: AbortSignal.timeout(30_000),
  };
}

const publicJob = githubActions({}).job;
const privateJob = { ...publicJob, publicRepository: false };

/** Returns GitHub's response after a denial. */
async function requestIdToken(using: ProbeOptions): Promise<Evidence['idToken']> {
  const failure = { code: 'claims-denied', page: false } as const;
  return (await gatherEvidence({ method: 'github' }, { failure, job: publicJob }, using)).idToken;
}

/** Returns Azure's response after a denial. */
async function probeImds(using: ProbeOptions): Promise<Evidence['imds']> {
  const failure = { code: 'azure-denied', page: false } as const;
  return (await gatherEvidence({ method: 'azure' }, { failure, job: privateJob }, using)).imds;
}

const context = (method: 'github' | 'azure', job = publicJob): JoinContext => ({
  endpoint: { kind: 'proxy', address: 'rig.example.com:443' },
  cluster: 'rig.example.com',
  token: 'ci',
  identity: method === 'github' ? { method } : { method },
  tbotVersion: '18.2.4',
  job,
});
const failed = (error: string) => ({
  exit: { kind: 'code', code: 1 } as const,
  log: [`\u001b[31mERROR: \u001b[0m${error}`],
});

/** Starts a server that responds to every request with the same body. */
async function answering(body: string): Promise<AsyncDisposable & { readonly url: string }> {
  const listener = await listenHttp((_, response) => void response.end(body));
  return { url: listener.url, [Symbol.asyncDispose]: async () => await listener.close() };
}

describe('the claims of the job', () => {
  it('are those that rules can match', async () => {
    expect(await requestIdToken(probe())).toEqual({
      kind: 'claims',
      claims: {
        sub: 'repo:acme/web:ref:refs/heads/main',
        repository: 'acme/web',
        repository_owner: 'acme',
        workflow: 'deploy',
        actor: 'octocat',
        ref: 'refs/heads/main',
        ref_type: 'branch',
      },
    });
  });

  it('are requested with a new audience that no cluster accepts', async () => {
    await requestIdToken(probe());
    await requestIdToken(probe());
    const audiences = github.requests.map((request) => request.audience);
    expect(new Set(audiences).size).toBe(2);
    for (const audience of audiences) expect(audience).toMatch(/^urn:machine-id-action:/);
    expect(github.requests[0]?.url).toContain('api-version=2.0');
  });

  it('are read from a token that is masked with its parts', async () => {
    await requestIdToken(probe());
    const token = masked.find((secret) => secret.split('.').length === 3) ?? '';
    const parts = token.split('.');
    expect(parts).toHaveLength(3);
    expect(masked).toEqual(expect.arrayContaining(parts));
  });

  it('are not requested without an endpoint', async () => {
    expect(await requestIdToken(probe({}))).toEqual({ kind: 'no-endpoint' });
    expect(github.requests).toEqual([]);
  });
});

describe('the request for an OIDC token', () => {
  it.each([401, 403, 500, 503])('returns HTTP %i', async (status) => {
    faults.github = { kind: 'status', status };
    expect(await requestIdToken(probe())).toEqual({ kind: 'status', status });
  });

  it('returns HTTP 401 for an expired request token', async () => {
    const env = { ...github.environment, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of another job' };
    expect(await requestIdToken(probe(env))).toEqual({ kind: 'status', status: 401 });
  });

  it('distinguishes a web page from a response without a token', async () => {
    faults.github = { kind: 'html' };
    expect(await requestIdToken(probe())).toEqual({ kind: 'not-github' });
    faults.github = { kind: 'no-value' };
    expect(await requestIdToken(probe())).toEqual({ kind: 'no-token' });
  });

  it.each([
    ['{"value":"no token at all"}', 'no-token'],
    ['{"value":"eyJhbGciOiJub25lIn0.bm90IGpzb24.c2lnbmF0dXJl"}', 'no-token'],
    ['{"value":7}', 'no-token'],
    ['null', 'not-github'],
    ['"eyJhbGciOiJub25lIn0.e30."', 'not-github'],
  ])('interprets %s as %s', async (body, kind) => {
    await using server = await answering(body);
    const env = { ...github.environment, ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/?a=b` };
    expect(await requestIdToken(probe(env))).toEqual({ kind });
    for (const [, secret] of body.matchAll(/"([^"]{8,})"/g)) expect(masked).toContain(secret);
  });

  it('reports a closed port and an invalid address as unreachable', async () => {
    const token = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' };
    const url = `http://127.0.0.1:${await closedPort()}/`;
    for (const ACTIONS_ID_TOKEN_REQUEST_URL of [url, 'nonsense'])
      expect(await requestIdToken(probe({ ...token, ACTIONS_ID_TOKEN_REQUEST_URL }))).toEqual({
        kind: 'unreachable',
      });
  });

  it('stops waiting for a silent endpoint when the run ends', async () => {
    faults.github = { kind: 'silent' };
    const stop = new AbortController();
    const answer = requestIdToken({ ...probe(), signal: stop.signal });
    await expect.poll(() => github.requests.length).toBe(1);
    stop.abort(new Error('cancelled'));
    expect(await answer).toEqual({ kind: 'unreachable' });
  });
});

describe('the OIDC token in a variable of the job', () => {
  const identity = {
    method: 'gitlab',
    onboarding: { gitlab: { token_env_var_name: 'ID_TOKEN' } },
  } as const;
  const gather = async (env: ProbeOptions['env']) => {
    const failure = { code: 'token-unknown', page: false } as const;
    return (await gatherEvidence(identity, { failure, job: publicJob }, probe(env))).idToken;
  };

  it('is masked, and read without a request', async () => {
    const claims = { project_path: 'acme/web', user_email: 'a@example.com', ref: '' };
    const token = new UnsecuredJWT(claims).encode();
    expect(await gather({ ID_TOKEN: token })).toEqual({
      kind: 'claims',
      claims: { project_path: 'acme/web' },
    });
    expect(masked).toContain(token);
  });

  it('can be unreadable or missing', async () => {
    expect(await gather({ ID_TOKEN: 'not a token' })).toEqual({ kind: 'no-token' });
    expect(await gather({})).toBeUndefined();
  });
});

describe('the description of the machine', () => {
  it('contains the subscription, resource group and ID of the machine', async () => {
    expect(await probeImds(probe())).toEqual({
      kind: 'machine',
      machine: {
        subscriptionId: '11111111-1111-1111-1111-111111111111',
        resourceGroupName: 'group1',
        vmId: '44444444-4444-4444-4444-444444444444',
      },
    });
    expect(imds.requests).toHaveLength(1);
    expect(imds.requests[0]).toMatchObject({
      path: '/metadata/instance/compute',
      query: { 'api-version': '2021-02-01', format: 'json' },
    });
  });

  it.each(['<html>', 'null', '[]', '7', '{"vmId":7}'])('rejects %s', async (body) => {
    await using server = await answering(body);
    const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: server.url };
    expect(await probeImds(probe(env))).toEqual({ kind: 'not-imds' });
  });

  it.each([
    [undefined, 'http://169.254.169.254'],
    ['', 'http://169.254.169.254'],
    ['http://127.0.0.1:40342', 'http://127.0.0.1:40342'],
    ['http://127.0.0.1:40342/', 'http://127.0.0.1:40342'],
    ['http://localhost:1', 'http://localhost:1'],
    ['http://[::1]:1', 'http://[::1]:1'],
    ['http://10.0.0.1', 'http://169.254.169.254'],
    ['https://imds.example.com', 'http://169.254.169.254'],
    ['http://127.0.0.1.example.com', 'http://169.254.169.254'],
    ['http://127.0.0.1@example.com', 'http://169.254.169.254'],
    ['nonsense', 'http://169.254.169.254'],
  ])('is requested for %s from %s', async (host, base) => {
    const urls: string[] = [];
    const get = async (url: string): Promise<never> => {
      urls.push(url);
      throw new Error('unreachable');
    };
    const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: host };
    expect(await probeImds({ ...probe(env), network: { get } })).toEqual({ kind: 'unreachable' });
    expect(urls).toEqual([`${base}/metadata/instance/compute?api-version=2021-02-01&format=json`]);
  });

  it('is requested without a token for the machine', async () => {
    await probeImds(probe());
    expect(imds.requests.map((request) => request.path)).not.toContain(
      '/metadata/identity/oauth2/token',
    );
  });

  it('is missing if the service does not respond or another one does', async () => {
    faults.imds = { kind: 'throttled', requests: 1 };
    expect(await probeImds(probe())).toEqual({ kind: 'status', status: 429 });
    faults.imds = { kind: 'down' };
    expect(await probeImds(probe())).toEqual({ kind: 'unreachable' });
    faults.imds = { kind: 'none' };
    imds.machine.vmId = '';
    expect(await probeImds(probe())).toEqual({ kind: 'not-imds' });
  });
});

describe('explain', () => {
  it('requests the claims after a denial and shows the entry for the job', async () => {
    github.claims.environment = 'production';
    const { problem, retryable } = await explain(
      failed('id token claims did not match any allow rules'),
      context('github'),
      probe(),
    );
    expect({ code: problem.code, retryable }).toEqual({ code: 'claims-denied', retryable: false });
    expect(problem.paste).toBe(
      [
        '- repository: "acme/web"',
        '  ref: "refs/heads/main"',
        '  workflow: "deploy"',
        '  environment: "production"',
      ].join('\n'),
    );
    const text = JSON.stringify(problem) + problem.message;
    for (const secret of masked) expect(text).not.toContain(secret);
  });

  it('requests the values for the resource of an unknown token', async () => {
    const unknown = failed('joining with token: token expired or not found');
    const byGithub = await explain(unknown, context('github'), probe());
    expect(byGithub.problem.paste).toContain('repository: "acme/web"');
    const byAzure = await explain(unknown, context('azure', privateJob), probe());
    expect(byAzure.problem.paste).toContain('resource_groups: ["group1"]');
    expect(byAzure.problem.notes).toContainEqual(expect.stringContaining('every VM'));
  });

  it('requests the description after a denial and shows the entry for the machine', async () => {
    const { problem } = await explain(
      failed('instance x did not match any allow rules in token ci'),
      context('azure', privateJob),
      probe(),
    );
    expect(problem).toMatchObject({
      code: 'azure-denied',
      paste:
        '- subscription: "11111111-1111-1111-1111-111111111111"\n  resource_groups: ["group1"]',
    });
  });

  it.each<[string, JoinContext, string, boolean]>([
    ['at least one role request is required', context('github'), 'no-roles', false],
    ['dial tcp: connection refused', context('github'), 'proxy-unreachable', true],
    ['provision token only supports method azure', context('github'), 'token-method', false],
    ['an unknown error', context('github'), 'tbot', false],
    ['instance x did not match any allow rules', context('azure'), 'azure-denied', false],
    ['token expired or not found', context('azure'), 'token-unknown', false],
  ])(
    'sends no request for an evident cause or claims that must not be shown: %s',
    async (error, about, code, canRetry) => {
      const { problem, retryable } = await explain(failed(error), about, probe());
      expect({ code: problem.code, retryable }).toEqual({ code, retryable: canRetry });
      expect([...github.requests, ...imds.requests]).toEqual([]);
    },
  );

  it('finds the cause of a missing OIDC token', async () => {
    faults.github = { kind: 'status', status: 503 };
    const { problem, retryable } = await explain(
      failed('response did not include ID token'),
      context('github'),
      probe(),
    );
    expect(problem.code).toBe('id-token-refused');
    expect(problem.message).toContain('503');
    expect(retryable).toBe(true);
  });

  it('finds a web page that tbot could not parse', async () => {
    faults.github = { kind: 'html' };
    const { problem } = await explain(
      failed("invalid character '<' looking for beginning of value"),
      context('github'),
      probe(),
    );
    expect(problem.code).toBe('id-token-refused');
  });

  it('finds that a metadata service without a response is throttled', async () => {
    faults.imds = { kind: 'throttled', requests: 1 };
    const { problem, retryable } = await explain(
      failed('could not reach instance metadata. Is Teleport running on an Azure VM?'),
      context('azure'),
      probe(),
    );
    expect({ code: problem.code, retryable }).toEqual({ code: 'imds-throttled', retryable: true });
  });
});
