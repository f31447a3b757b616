import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Claims } from '../../src/methods/claims.ts';
import { type Evidence, type IdTokenAnswer, noEvidence } from '../../src/methods/evidence.ts';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import type { Problem } from '../../src/problem.ts';
import type { Exit } from '../../src/process/child.ts';
import type { JoinContext } from '../../src/tbot/diagnosis/diagnosis.ts';
import { presentableLine } from '../../src/tbot/diagnosis/log.ts';
import { explainLog, explainWith } from './diagnosis.fixture.ts';
import { textOf } from './problem.fixture.ts';

const publicJob = githubActions({ GITHUB_EVENT_NAME: 'push' }).job;
const privateJob = { ...publicJob, publicRepository: false };
const github: JoinContext = {
  endpoint: { kind: 'proxy', address: 'rig.example.com:443' },
  cluster: 'rig.example.com',
  token: 'ci-github',
  identity: { method: 'github' },
  tbotVersion: '18.2.4',
  job: privateJob,
};
const azure: JoinContext = {
  ...github,
  token: 'ci-azure',
  identity: { method: 'azure' },
};
const claims: Claims = {
  sub: 'repo:acme/web:ref:refs/heads/main',
  repository: 'acme/web',
  repository_owner: 'acme',
  workflow: 'deploy',
  actor: 'octocat',
  ref: 'refs/heads/main',
  ref_type: 'branch',
};
const machine = {
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  resourceGroupName: 'group1',
  vmId: '44444444-4444-4444-4444-444444444444',
};
const known = (job: Claims): Evidence => ({
  ...noEvidence,
  idToken: { kind: 'claims', claims: job },
});
const answered = (idToken: IdTokenAnswer): Evidence => ({ ...noEvidence, idToken });
const end = async (exit: Exit): Promise<Problem> =>
  (await explainWith({ exit, log: [] }, github)).problem;
const onAzure: Evidence = { ...noEvidence, imds: { kind: 'machine', machine } };

async function explained(
  error: string,
  context: JoinContext = github,
  evidence: Evidence = noEvidence,
): Promise<Problem> {
  const log = ['INFO [TBOT]      Created directory', ...`ERROR: ${error}`.split('\n')];
  return (await explainLog(log, context, evidence)).problem;
}

const denied = 'id token claims did not match any allow rules';
const unknown = 'token expired or not found';
const machineDenied = `instance ${machine.vmId} did not match any allow rules in token ci-azure`;

/** The notes of the message for an unknown token. */
const notesFor = async (job: Claims): Promise<string> =>
  (await explained(unknown, github, known(job))).notes.join('\n');

describe('a denial by claims', () => {
  it('shows the claims and an entry that matches only this job', async () => {
    const problem = await explained(denied, github, known(claims));
    expect(problem.code).toBe('claims-denied');
    expect(problem.facts?.lines).toContain('repository: "acme/web"');
    expect(problem.fix).toContain('`tctl edit token/ci-github`');
    expect(parse(problem.paste ?? '')).toEqual([
      { repository: 'acme/web', ref: 'refs/heads/main', workflow: 'deploy' },
    ]);
  });

  it('shows no entry for a pull request and explains why', async () => {
    const problem = await explained(denied, github, known({ ...claims, ref: 'refs/pull/7/merge' }));
    expect(problem.paste).toBeUndefined();
    expect(problem.notes.join('\n')).toContain('would let unreviewed code join');
  });

  it('suggests a comparison if the claims are unknown', async () => {
    const problem = await explained(denied);
    expect(problem.fix).toContain('`tctl get token/ci-github`');
    expect(problem.paste).toBeUndefined();
  });

  it.each([
    ['iam', 'instance did not match any allow rules', 'the identity of the machine'],
    ['kubernetes', 'kubernetes token did not match any allow rules', 'the identity of the machine'],
    [
      'spacelift',
      'id token claims did not match any allow rules',
      "the claims in this job's OIDC token",
    ],
  ] as const)('by %s is not a denial of Azure', async (method, text, compared) => {
    const context = { ...github, token: 'ci', identity: { method, onboarding: {} } };
    const problem = await explained(text, context);
    expect(problem).toMatchObject({ code: 'claims-denied', paste: undefined });
    expect(problem.fix).toContain(`\`tctl get token/ci\` with ${compared}`);
  });

  it.each(['pull_request_target', 'workflow_run', 'issue_comment'])(
    'warns of untrusted code beside every suggested entry: %s',
    async (eventName) => {
      const job = { ...privateJob, eventName };
      const warning = expect.stringContaining(`can trigger \`${eventName}\``);
      for (const text of [denied, unknown]) {
        const problem = await explained(text, { ...github, job }, known(claims));
        expect(problem.notes).toContainEqual(warning);
      }
      const onMachine = await explained(machineDenied, { ...azure, job }, onAzure);
      expect(onMachine.notes).toContainEqual(warning);
    },
  );

  it('distinguishes another issuer from another rule', async () => {
    const text =
      'validating with oidc: oidc: id token issued by a different provider, expected "a"';
    expect((await explained(text)).fix).toContain('enterprise_slug');
    const job = { ...privateJob, enterpriseServer: 'git.example.com' };
    expect((await explained(text, { ...github, job })).fix).toContain('`git.example.com`');
  });
});

describe('a denial of the machine', () => {
  it('shows the entry for this machine', async () => {
    const problem = await explained(machineDenied, azure, onAzure);
    expect(problem.code).toBe('azure-denied');
    expect(parse(problem.paste ?? '')).toEqual([
      { subscription: machine.subscriptionId, resource_groups: ['group1'] },
    ]);
  });

  it('does not name the machine in a public log', async () => {
    const open = { ...azure, job: publicJob };
    for (const error of [machineDenied, unknown, '/subscriptions/x/resourcegroups/group1 is bad']) {
      const text = textOf(await explained(error, open, onAzure));
      expect(text).not.toContain(machine.vmId);
      expect(text).not.toContain(machine.subscriptionId);
      expect(text).not.toContain('group1');
    }
    const problem = await explained(machineDenied, open, onAzure);
    expect(problem.notes.join('\n')).toContain('/metadata/instance/compute');
    expect(presentableLine(open)(`vm ${machine.vmId}`)).toBe('vm [hidden]');
    expect(presentableLine(azure)(`vm ${machine.vmId}`)).toBe(`vm ${machine.vmId}`);
  });

  it('distinguishes an identity of another machine from another rule', async () => {
    expect((await explained('no VM found with matching VM ID', azure)).fix).toContain('Assign');
  });
});

describe('an unknown token', () => {
  it('shows a complete resource for this job', async () => {
    const problem = await explained(unknown, github, known(claims));
    expect(parse(problem.paste ?? '')).toEqual({
      kind: 'token',
      version: 'v2',
      metadata: { name: 'ci-github' },
      spec: {
        roles: ['Bot'],
        bot_name: 'NAME-OF-THE-BOT',
        join_method: 'github',
        github: {
          allow: [{ repository: 'acme/web', ref: 'refs/heads/main', workflow: 'deploy' }],
        },
      },
    });
  });

  it.each<[string, JoinContext, Evidence, object]>([
    [
      'a pull request',
      github,
      known({ ...claims, ref: 'refs/pull/7/merge' }),
      { github: { allow: [{ repository: 'acme/web', ref: 'refs/heads/BRANCH' }] } },
    ],
    [
      'unknown claims',
      github,
      noEvidence,
      { github: { allow: [{ repository: 'OWNER/REPOSITORY', ref: 'refs/heads/BRANCH' }] } },
    ],
    [
      'a GitHub Enterprise Server',
      { ...github, job: { ...privateJob, enterpriseServer: 'git.example.com' } },
      known(claims),
      { github: { enterprise_server_host: 'git.example.com' } },
    ],
    [
      'an Azure machine',
      azure,
      onAzure,
      { azure: { allow: [{ subscription: machine.subscriptionId, resource_groups: ['group1'] }] } },
    ],
    [
      'an Azure machine in a public repository',
      { ...azure, job: publicJob },
      onAzure,
      { azure: { allow: [{ subscription: 'ID-OF-THE-SUBSCRIPTION' }] } },
    ],
  ])('shows a resource for %s', async (_, context, evidence, spec) => {
    const problem = await explained(unknown, context, evidence);
    expect(parse(problem.paste ?? '')).toMatchObject({ spec });
  });

  it('quotes a name with special characters for the shell and for YAML', async () => {
    const token = `it's;rm$(x)`;
    const problem = await explained('the token does not allow role Bot', { ...github, token });
    expect(problem.fix).toContain(String.raw`'token/it'\''s;rm$(x)'`);
    const resource: unknown = parse((await explained(unknown, { ...github, token })).paste ?? '');
    expect(resource).toMatchObject({ metadata: { name: token } });
  });
});

describe('the fix', () => {
  it.each<[string, string, RegExp, JoinContext?]>([
    ['provision token only supports method azure', 'token-method', /`join-method: azure`/],
    ['provision token only supports method gitlab', 'token-method', /`join_method: github`/],
    [
      'this token does not support the Azure join method',
      'token-method',
      /`join_method: azure`/,
      azure,
    ],
    ['the token does not allow role Bot', 'token-role', /tctl edit token\/ci-github/],
    ['ACTIONS_ID_TOKEN_REQUEST_URL environment variable missing', 'no-id-token', /permissions/],
    ['could not reach instance metadata.', 'no-imds', /169\.254\.169\.254/, azure],
    ['invalid_request Identity not found', 'imds-no-identity', /az vm identity assign/, azure],
    [
      'invalid_request Multiple user assigned identities exist',
      'imds-several-identities',
      /`azure-client-id`/,
      azure,
    ],
    ['Temporarily throttled, too many requests', 'imds-throttled', /again/, azure],
    ['Get "http://www.microsoft.com/pkiops/certs/x.crt"', 'azure-egress', /pkiops/, azure],
    ['at least one role request is required', 'no-roles', /tctl bots update NAME --add-roles=/],
    ['role nope is not found', 'role-denied', /tctl get roles/],
    ['fips mode enabled but binary was not compiled with boringcrypto', 'version', /FIPS build/],
    ['lock targeting User:"bot-ci" is in force', 'locked', /tctl get locks/],
    ['dial tcp 10.0.0.1:443: i/o timeout', 'proxy-unreachable', /TBOT_USE_PROXY_ADDR/],
    ['dial tcp: lookup x: no such host', 'proxy-unreachable', /DNS/],
    ['tls: no application protocol', 'proxy-unreachable', /load balancer/],
    ['x509: certificate signed by unknown authority', 'proxy-untrusted', /`extra-ca-file`/],
    ['x509: certificate is valid for a, not b', 'proxy-untrusted', /name/],
    ['max rate reached: retry-in 3s', 'rate-limited', /again/],
    ['token not valid yet (nbf)', 'clock', /timedatectl/],
    ['client version is unsupported, minimum supported version is 19.0.0', 'version', /19\.0\.0/],
    ['client version is unsupported', 'version', /`tbot-path`/],
    ['field services not found in type config.BotConfig', 'version', /report/],
    ['credential_ttl must be positive', 'ttl', /`certificate-ttl`/],
    ['no space left on device', 'platform', /Free disk space/],
    ['read-only file system', 'platform', /RUNNER_TEMP/],
    ['open /x: permission denied', 'platform', /owner/],
    ['an unknown error', 'tbot', /debug/],
  ])('%s', async (error, code, fix, context) => {
    const problem = await explained(error, context);
    expect(problem.code).toBe(code);
    expect(problem.fix).toMatch(fix);
    for (const text of [problem.message, problem.fix]) expect(text).toMatch(/^[A-Z`t].*\.$/);
  });

  it('shortens a long message and removes the status of gRPC', async () => {
    const long = await explained(`dial tcp: ${'x '.repeat(4000)}`);
    expect(long.message.length).toBeLessThan(450);
    expect((await explained('rpc error: code = Unavailable desc = dial tcp: EOF')).message).toMatch(
      /: dial tcp: EOF\.$/,
    );
    expect((await explained('dial tcp: gone!')).message).toMatch(/gone!$/);
  });

  it('names the method of the token if Teleport does', async () => {
    expect((await explained('provision token only supports method iam')).message).toContain(
      'join method `iam`',
    );
    expect(
      (await explained('this token does not support the Github join method')).message,
    ).toContain('another join');
  });

  it('names the setting for the recovery of a bound key pair', async () => {
    const identity = { method: 'bound_keypair', onboarding: {} } as const;
    expect(await explained('no rejoins remaining', { ...github, identity })).toMatchObject({
      code: 'bound-keypair',
      fix: expect.stringContaining('`spec.bound_keypair.recovery.limit`'),
    });
  });

  it('names the address that an Azure machine must reach', async () => {
    const blocked = 'Get "http://www.microsoft.com/pkiops/certs/x.crt": context deadline exceeded';
    expect(await explained(blocked, azure)).toMatchObject({
      code: 'azure-egress',
      fix: expect.stringContaining('www.microsoft.com/pkiops'),
    });
  });

  it('names the target of a lock', async () => {
    expect((await explained('lock targeting User:"bot-ci" is in force')).message).toBe(
      'The cluster has a lock on User:"bot-ci".',
    );
  });

  it('explains why there is no entry for this job', async () => {
    expect(await notesFor({ ...claims, ref: 'refs/pull/7/merge' })).toContain(
      'would let unreviewed code join',
    );
    expect(await notesFor({ ...claims, sub: 'repo:acme@1/web@2:ref:refs/heads/main' })).toContain(
      '`sub`',
    );
  });

  it('names the bot if its name is known', async () => {
    const log = [
      'INFO [TBOT] Fetched new bot identity. identity:kind=tls, roles=[bot-deployer] x.go:1',
      'ERROR: at least one role request is required',
    ];
    const { problem } = await explainLog(log, github);
    expect(problem.fix).toContain('`tctl bots update deployer --add-roles=ROLE`');
  });

  it('names the input of a user-assigned identity', async () => {
    const named = {
      method: 'azure',
      onboarding: { azure: { client_id: '22222222-2222-2222-2222-222222222222' } },
    } as const;
    const problem = await explained('Identity not found', { ...azure, identity: named });
    expect(problem.message).toContain('`azure-client-id`');
  });

  it('names the exit, and a lack of memory after SIGKILL', async () => {
    expect((await end({ kind: 'signal', signal: 'SIGKILL' })).message).toBe(
      'tbot 18.2.4 was killed by SIGKILL.',
    );
    expect((await end({ kind: 'signal', signal: 'SIGKILL' })).fix).toContain('memory');
    expect((await end({ kind: 'code', code: 137 })).fix).toContain('memory');
    expect((await end({ kind: 'signal', signal: 'SIGSEGV' })).fix).not.toContain('memory');
    expect((await end({ kind: 'code', code: 2 })).message).toBe(
      'tbot 18.2.4 failed with exit code 2.',
    );
  });
});

it('suggests no permissions for a pull request from a fork', async () => {
  const missing = 'ACTIONS_ID_TOKEN_REQUEST_URL environment variable missing';
  const job = { ...publicJob, eventName: 'pull_request', fromFork: true };
  const problem = await explained(missing, { ...github, job });
  expect(problem).toMatchObject({ code: 'no-id-token', paste: undefined });
  expect(problem.message).toContain('pull requests from forks');
  expect((await explained(missing)).paste).toContain('id-token: write');
});

describe('a wrapped error', () => {
  it.each([
    ['a\n\tb', 'b (a)'],
    ['a\n\tb\n\tc, d', 'c, d (a: b)'],
    ['joining with token\n\ta\n\tb', 'b (a)'],
    ['joining with token\n\ta', 'a'],
    ['rpc error: code = Unknown desc = a\n\trpc error: code = Unknown desc = b', 'b (a)'],
    ['a  b', 'b (a)'],
    ['yaml: unmarshal errors:  line 8: a', 'yaml: unmarshal errors: line 8: a'],
    ['A paragraph.\n\n  Another\n  one.', 'A paragraph. Another one.'],
  ])('%j starts with the innermost level', async (error, expected) => {
    const { message } = await explained(error);
    expect(message.replace(/\.$/, '')).toBe(
      `tbot 18.2.4 failed with exit code 1: ${expected.replace(/\.$/, '')}`,
    );
  });

  it.each([
    ['dial tcp 10.0.0.1:443: connection refused', 'Post "https://a/": '],
    ['dial tcp: lookup a on b:53: network is unreachable', 'Post "https://a/": '],
    ['dial tcp: EOF', ''],
  ])('is shown once for two attempts with the cause %j', async (cause, prefix) => {
    for (const error of [`${cause}, ${prefix}${cause}`, `${prefix}${cause}, ${cause}`])
      expect((await explained(error)).message).toBe(
        `tbot could not connect to the Teleport Proxy rig.example.com:443: ${cause}.`,
      );
  });

  it('omits levels outside of the known cause', async () => {
    const identity = { method: 'generic_oidc', onboarding: {} } as const;
    const error = 'validating field rules\n\tclaims missing expected key: project.id';
    expect((await explained(error, { ...github, identity })).message).toMatch(
      /match this job: claims missing expected key: project\.id\.$/,
    );
  });
});

describe('an OIDC token that was not issued', () => {
  const refused = 'response did not include ID token';
  it.each<[IdTokenAnswer, RegExp, boolean]>([
    [{ kind: 'status', status: 401 }, /refused .*HTTP 401/, false],
    [{ kind: 'status', status: 403 }, /refused .*HTTP 403/, false],
    [{ kind: 'status', status: 500 }, /HTTP 500/, true],
    [{ kind: 'status', status: 429 }, /HTTP 429/, true],
    [{ kind: 'not-github' }, /is not from GitHub/, false],
    [{ kind: 'no-token' }, /does not contain an OIDC token/, false],
    [{ kind: 'no-endpoint' }, /does not contain an OIDC token/, false],
    [{ kind: 'unreachable' }, /cannot be reached/, true],
    [{ kind: 'claims', claims }, /next request succeeded/, true],
  ])('%j', async (answer, what, retryable) => {
    const log = [`ERROR: ${refused}`];
    expect((await explainLog(log, github)).retryable).toBe(false);
    const explanation = await explainLog(log, github, answered(answer));
    expect(explanation.retryable).toBe(retryable);
    expect(explanation.problem).toMatchObject({
      code: 'id-token-refused',
      message: expect.stringMatching(what),
    });
  });

  it('explains a web page that tbot could not parse', async () => {
    const page = "invalid character '<' looking for beginning of value";
    expect((await explained(page, github, answered({ kind: 'not-github' }))).code).toBe(
      'id-token-refused',
    );
    expect((await explained(page, github, known(claims))).code).toBe('tbot');
  });
});

describe('a metadata service that did not respond to tbot', () => {
  it.each<[Evidence['imds'], string, boolean]>([
    [undefined, 'no-imds', false],
    [{ kind: 'unreachable' }, 'no-imds', false],
    [{ kind: 'not-imds' }, 'no-imds', false],
    [{ kind: 'status', status: 400 }, 'no-imds', false],
    [{ kind: 'status', status: 429 }, 'imds-throttled', true],
    [{ kind: 'status', status: 503 }, 'no-imds', true],
    [{ kind: 'machine', machine }, 'no-imds', true],
  ])('and %j afterwards', async (imds, code, retryable) => {
    const log = ['ERROR: could not reach instance metadata. Is Teleport running on an Azure VM?'];
    const { problem, retryable: again } = await explainLog(log, azure, { ...noEvidence, imds });
    expect({ code: problem.code, retryable: again }).toEqual({ code, retryable });
  });
});
