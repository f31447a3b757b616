import type { JobFacts } from '../../src/ci/port.ts';
import type { JoinContext, TbotFailure } from '../../src/tbot/diagnosis/explain.ts';
import type { Faults } from '../../testbed/faults.ts';

/** A failure of tbot, and how GitHub and Azure respond when it is explained. */
export interface Diagnosed {
  readonly title: string;
  /** tbot's last error. */
  readonly error?: string;
  /** Differences from a join with `github`. */
  readonly context?: Partial<JoinContext>;
  /** Differences from the environment of a push in a private repository. */
  readonly env?: Readonly<Record<string, string>>;
  /** Differences from the facts about that push. */
  readonly job?: Partial<JobFacts>;
  /** Differences from the claims of the testbed's job. */
  readonly claims?: Readonly<Record<string, string>>;
  readonly faults?: Partial<Faults>;
  readonly exit?: TbotFailure['exit'];
  /** Lines before the last error. */
  readonly log?: readonly string[];
}

const joined =
  'INFO [TBOT] Fetched new bot identity. identity:kind=tls, roles=[bot-ci] tbot/tbot.go:298';
const azure = {
  token: 'ci-azure',
  identity: { method: 'azure' },
} as const satisfies Partial<JoinContext>;
const named = {
  ...azure,
  identity: {
    method: 'azure',
    onboarding: { azure: { client_id: '22222222-2222-2222-2222-222222222222' } },
  },
} as const satisfies Partial<JoinContext>;
const by = (
  method: Exclude<JoinContext['identity']['method'], 'github' | 'azure'>,
): Partial<JoinContext> => ({ token: 'ci', identity: { method, onboarding: {} } });
const authServer = {
  endpoint: {
    kind: 'auth-server',
    address: 'auth.example.com:3025',
    caPins: [`sha256:${'ab'.repeat(32)}`],
  },
  cluster: undefined,
} as const satisfies Partial<JoinContext>;
const rejected = 'id token claims did not match any allow rules';
const circleci = (name: string): string => `oidc.circleci.com/${name}`;
const id = (digit: number): string =>
  '00000000-0000-0000-0000-000000000000'.replaceAll('0', `${digit}`);

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');

/** Returns an OIDC token with these claims. Only the Auth Service verifies its signature. */
function tokenWith(claims: object): string {
  return `${part({ alg: 'RS256' })}.${part(claims)}.${part({})}`;
}

const gitlabJob = {
  iss: 'https://gitlab.com',
  aud: 'example.teleport.sh',
  sub: 'project_path:acme/web:ref_type:branch:ref:main',
  project_path: 'acme/web',
  namespace_path: 'acme',
  ref: 'main',
  ref_type: 'branch',
  ref_protected: 'false',
  pipeline_source: 'push',
  user_login: 'octocat',
};
const circleciJob = {
  iss: `https://oidc.circleci.com/org/${id(2)}`,
  aud: id(2),
  sub: `org/${id(2)}/project/${id(5)}/user/${id(6)}`,
  [circleci('project-id')]: id(5),
  [circleci('vcs-ref')]: 'refs/heads/main',
};
const otherJob = {
  iss: 'https://ci.example.com',
  aud: 'example.teleport.sh/ci',
  exp: 1800000000,
  sub: 'pipeline:deploy:branch:main',
  pipeline: { name: 'deploy', number: 42 },
};
const inGitlab = {
  context: { token: 'ci', identity: { method: 'gitlab', onboarding: {} } },
  env: { TBOT_GITLAB_JWT: tokenWith(gitlabJob) },
} as const satisfies Partial<Diagnosed>;
const inCircleci = (claims: object = {}) =>
  ({
    context: { token: 'ci', identity: { method: 'circleci', onboarding: {} } },
    env: { CIRCLE_OIDC_TOKEN: tokenWith({ ...circleciJob, ...claims }) },
  }) as const satisfies Partial<Diagnosed>;
const inOther = {
  context: {
    token: 'ci',
    identity: { method: 'generic_oidc', onboarding: { generic_oidc: { env: 'JOB_TOKEN' } } },
  },
  env: { JOB_TOKEN: tokenWith(otherJob) },
} as const satisfies Partial<Diagnosed>;
const unknown = 'token expired or not found';
const issuer =
  'discovering oidc document\n\tGet "https://token.example.com/.well-known/openid-configuration":';
const output = (name: string): string => `service(application (directory: /temp/${name})): `;

const token: readonly Diagnosed[] = [
  { title: 'does not exist', error: unknown },
  { title: 'does not exist, for a pull request', error: unknown, claims: pullRequest() },
  { title: 'does not exist, on Azure', error: unknown, context: azure },
  { title: 'does not exist, with `gitlab`', error: unknown, ...inGitlab },
  { title: 'does not exist, with `generic_oidc`', error: unknown, ...inOther },
  {
    title: 'does not exist, in a job that can run untrusted code',
    error: unknown,
    env: { GITHUB_EVENT_NAME: 'workflow_run' },
  },
  { title: 'was already used', error: unknown, context: { ...by('token'), token: undefined } },
  {
    title: 'is for a method that `join-method` can choose',
    error: 'provision token only supports method azure',
  },
  {
    title: 'is for another method',
    error: 'this token does not support the Azure join method',
    context: azure,
  },
  { title: 'is not for bots', error: 'the token does not allow role Bot' },
  { title: 'is for a bot that does not exist', error: 'joining with token\n\taccess denied' },
  { title: 'is scoped', error: 'join method "github" does not support scoping' },
];

const rules: readonly Diagnosed[] = [
  { title: 'do not match the job', error: rejected },
  { title: 'do not match a pull request', error: rejected, claims: pullRequest() },
  { title: 'do not match the job, with `gitlab`', error: rejected, ...inGitlab },
  {
    title: 'do not match a merge request, with `gitlab`',
    error: rejected,
    ...inGitlab,
    env: { TBOT_GITLAB_JWT: tokenWith({ ...gitlabJob, pipeline_source: 'merge_request_event' }) },
  },
  { title: 'do not match the job, with `circleci`', error: rejected, ...inCircleci() },
  {
    title: 'do not match the job, with `circleci` and a context',
    error: rejected,
    ...inCircleci({ [circleci('context-ids')]: [id(7)] }),
  },
  {
    title: 'do not match the job, with `azure_devops`',
    error: 'id token claims failed to match any allow rules',
    context: by('azure_devops'),
  },
  {
    title: 'do not match the job, with `generic_oidc`',
    error: 'validating allow rules\n\tclaims matched no allow_any rules',
    ...inOther,
  },
  {
    title: 'require another claim, with `generic_oidc`',
    error:
      'validating field rules\n\tincorrect value in claim: pipeline.name must be "test" but got deploy',
    ...inOther,
  },
  {
    title: 'require another audience, with `gitlab`',
    error: 'audience is not valid: Audience must contain client_id "example.teleport.sh"',
    ...inGitlab,
  },
  {
    title: 'are for another issuer, with `circleci`',
    error: 'issuer does not match: Expected: a, got: b',
    ...inCircleci(),
  },
  {
    title: 'do not match a job that can run untrusted code',
    error: rejected,
    env: { GITHUB_EVENT_NAME: 'pull_request_target' },
    claims: { event_name: 'pull_request_target' },
  },
  {
    title: 'do not match, with unknown claims',
    error: rejected,
    context: by('spacelift'),
  },
  {
    title: 'do not match a machine',
    error: 'instance did not match any allow rules',
    context: by('iam'),
  },
  {
    title: 'do not match a claim that Teleport names',
    error: 'validating field rules\n\tclaims missing expected key: project.id',
    context: by('generic_oidc'),
  },
  {
    title: 'are missing',
    error: 'validating generic_oidc rules\n\tgeneric OIDC token has no rules configured',
    context: by('generic_oidc'),
  },
  { title: 'are for another issuer', error: 'id token issued by a different provider' },
  {
    title: 'are for another issuer, on GitHub Enterprise Server',
    error: 'id token issued by a different provider',
    env: { GITHUB_SERVER_URL: 'https://git.example.com' },
  },
  {
    title: 'are for another issuer of the generic method',
    error: 'discovering oidc document\n\tissuer does not match',
    context: by('generic_oidc'),
  },
  {
    title: 'contain other keys of the issuer',
    error: 'validating with jwks\n\tvalidating jwt signature',
  },
  {
    title: 'require another audience',
    error: 'audience is not valid: Audience must contain client_id',
  },
  {
    title: 'do not match the Azure machine',
    error: 'instance did not match any allow rules',
    context: azure,
  },
  {
    title: 'do not match the Azure machine, in a public repository',
    error: 'instance did not match any allow rules',
    context: azure,
    job: { publicRepository: true },
  },
  {
    title: 'match, but the identity belongs to another Azure machine',
    error: 'no VM found with matching VM ID',
    context: named,
  },
  {
    title: 'accept only virtual machines',
    error: 'unexpected resource type: "Microsoft.ContainerInstance/containerGroups"',
    context: azure,
  },
  {
    title: 'match, but the challenge is missing',
    error: 'challenge is missing or does not match',
    context: azure,
  },
  ...[
    'join state verification failed',
    'a valid registration secret is required',
    'no rejoins remaining',
    'failed to complete challenge',
    'bad backend state, please recreate the join token',
    'unexpected backend state',
  ].map((error) => ({
    title: `of a bound key pair: ${error}`,
    error,
    context: by('bound_keypair'),
  })),
];

const identity: readonly Diagnosed[] = [
  {
    title: 'a variable is not set',
    error: 'SPACELIFT_OIDC_TOKEN environment variable missing',
    context: by('spacelift'),
  },
  {
    title: 'the permission is missing',
    error: 'ACTIONS_ID_TOKEN_REQUEST_URL environment variable missing',
  },
  ...([401, 500] as const).map(
    (status) =>
      ({
        title: `GitHub returns HTTP ${status}`,
        error: 'response did not include ID token',
        faults: { github: { kind: 'status', status } },
      }) as const,
  ),
  {
    title: 'the response is not from GitHub',
    error: 'response did not include ID token',
    faults: { github: { kind: 'html' } },
  },
  {
    title: 'the response contains no token',
    error: 'response did not include ID token',
    faults: { github: { kind: 'no-value' } },
  },
  { title: 'the next request succeeds', error: 'response did not include ID token' },
  {
    title: 'GitHub cannot be reached',
    error: 'response did not include ID token',
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/idtoken?a=b' },
  },
  {
    title: 'the metadata service does not respond',
    error: 'could not reach instance metadata. Is Teleport running on an Azure VM?',
    context: azure,
    faults: { imds: { kind: 'down' } },
  },
  {
    title: 'the machine has no identity',
    error: 'invalid_request {"error_description":"Identity not found"}',
    context: azure,
  },
  {
    title: 'the identity is not assigned to the machine',
    error: 'invalid_request {"error_description":"Identity not found"}',
    context: named,
  },
  {
    title: 'the machine has several identities',
    error: 'invalid_request {"error_description":"Multiple user assigned identities exist"}',
    context: azure,
  },
  {
    title: 'the metadata service limits requests',
    error: 'Temporarily throttled, too many requests',
    context: azure,
  },
  {
    title: 'a certificate of Azure cannot be fetched',
    error: 'Get "http://www.microsoft.com/pkiops/certs/x.crt": context deadline exceeded',
    context: azure,
  },
  {
    title: 'the Azure API limits requests',
    error: 'fetching virtual machine: the Azure API answered 429 (too many requests)',
    context: azure,
  },
  {
    title: 'the Azure API refuses',
    error: 'GET https://management.azure.com/subscriptions/1 RESPONSE 403: 403 Forbidden',
    context: azure,
  },
  {
    title: 'AWS credentials are missing',
    error: 'failed to refresh cached credentials, no EC2 IMDS role found',
    context: by('iam'),
  },
  {
    title: 'AWS STS refuses',
    error: 'executing STS request\n\taws sts api returned status: "403 Forbidden"',
    context: by('iam'),
  },
  {
    title: 'AWS Organizations limits requests',
    error: 'AWS Organizations API rate limit exceeded',
    context: by('iam'),
  },
  {
    title: 'AWS IAM Roles Anywhere refuses',
    error: `${output('aws')}exchanging SVID via Roles Anywhere\n\tAccessDeniedException: Untrusted certificate`,
  },
  {
    title: 'AWS IAM Roles Anywhere cannot be reached',
    error: 'exchanging SVID via Roles Anywhere\n\tdial tcp: no such host',
  },
  { title: 'the issuer cannot be reached', error: `${issuer} dial tcp: no such host` },
  {
    title: 'the issuer is not trusted',
    error: `${issuer} x509: certificate signed by unknown authority`,
    context: by('spacelift'),
  },
];

const rights: readonly Diagnosed[] = [
  { title: 'the bot has no roles', error: 'at least one role request is required' },
  {
    title: 'the bot has no roles, and its name is known',
    error: 'at least one role request is required',
    log: [joined],
  },
  { title: 'a role does not exist', error: 'role deployer is not found' },
  {
    title: 'a requested role is not one of the bot',
    error: 'user "bot-ci" has requested role impersonation for ["admin"]',
    context: { requestedRoles: ['admin'] },
    log: [joined],
  },
  { title: 'an action is denied', error: 'access denied to perform action "read" on "app"' },
  {
    title: 'a host certificate is denied',
    error: `${output('ssh-host')}access denied to perform action "create" on "host_cert"`,
    log: [joined],
  },
  {
    title: 'a resource is denied',
    error: `${output('deploy')}access to workload_identity denied. User does not have permissions.`,
    log: [joined],
  },
  { title: 'MFA is required', error: 'access to resource requires MFA' },
  { title: 'the bot is locked', error: 'lock targeting User:"bot-ci" is in force' },
  {
    title: 'the cluster cannot read its locks',
    error: 'preventive lock-out due to local lock view becoming unreliable',
  },
  {
    title: 'a pinned IP address',
    error: "pinned IP doesn't match observed client IP",
  },
  {
    title: 'the bot was locked because a certificate was used twice',
    error: 'cert generation mismatch for bot ci/4f1c: stored=3, presented=2',
  },
  {
    title: 'an application is not found',
    error: `${output('application-hello')}app "hello" not found`,
    log: [joined],
  },
  {
    title: 'several services are not found',
    error: `${output('application-hello')}app "hello" not found`,
    log: [
      joined,
      `ERRO [TBOT] Service exited with error ${output('application-wiki')}app "wiki" not found`,
    ],
  },
  {
    title: 'a leaf cluster is not found',
    error: `generating impersonated certs for ${output('identity')}\nremote cluster "leaf.example.com" is not found`,
    log: [joined],
  },
  { title: 'a database is not found', error: 'database "pg" not found' },
  { title: 'a Kubernetes cluster is not found', error: 'unable to fetch cluster "prod" by name' },
  { title: 'a workload identity is not found', error: 'workload_identity "a" is not found' },
  {
    title: 'several workload identities match',
    error: 'number of identities that would be issued exceeds maximum permitted (max = 10)',
  },
  {
    title: 'the rules of a workload identity do not match',
    error: 'attributes did not pass rule evaluation\n\tno matching rule found',
  },
  {
    title: 'a workload identity uses a missing attribute',
    error: 'templating spec.spiffe.id\n\tattribute "join.gitlab.project_path" unset',
  },
  {
    title: 'a service is unknown to the cluster',
    error: 'method IssueWorkloadIdentity not implemented',
  },
  {
    title: 'a service requires a license',
    error: 'Sigstore workload attestation is only available with an enterprise license',
  },
  {
    title: 'a join method requires a license',
    error: 'github enterprise server joining\n\tthis feature requires Teleport Enterprise',
  },
  {
    title: 'a join method is unknown to the cluster',
    error: 'join method generic_oidc is not implemented',
    context: by('generic_oidc'),
  },
  { title: 'the proxy has no Kubernetes access', error: 'unable to determine kubernetes address' },
];

const network: readonly Diagnosed[] = [
  { title: 'an HTTP proxy requires authentication', error: 'unable to proxy connection: 407' },
  { title: 'a load balancer removes ALPN', error: 'tls: no application protocol' },
  { title: 'TLS fails', error: 'remote error: tls: handshake failure' },
  {
    title: 'the name does not resolve',
    error: 'dial tcp: lookup example.teleport.sh: no such host',
  },
  { title: 'the proxy does not respond', error: 'dial tcp 10.0.0.1:443: i/o timeout' },
  {
    title: 'the name of the Auth Service does not resolve',
    error: 'dial tcp: lookup auth.example.com: no such host',
    context: authServer,
  },
  {
    title: 'the Auth Service does not respond',
    error: 'dial tcp 10.0.0.1:3025: i/o timeout',
    context: authServer,
  },
  { title: 'the CA is unknown', error: 'x509: certificate signed by unknown authority' },
  {
    title: 'the certificate is for another name',
    error: 'x509: certificate is valid for a, not b',
  },
  {
    title: 'the certificate has expired',
    error:
      'x509: certificate has expired or is not yet valid: current time 2025-11-21T02:22:47Z is after 2025-10-01T00:00:00Z',
  },
  {
    title: 'the pins do not match',
    error: 'cluster pin does not match any provided',
    context: authServer,
  },
  {
    title: 'the Auth Service is not trusted',
    error: 'x509: certificate signed by unknown authority',
    context: authServer,
  },
  { title: 'there are too many connections', error: 'exceeded connection limit for "10.0.0.7"' },
  { title: 'there are too many requests', error: 'unexpected status: 429 Too Many Requests' },
  { title: 'a clock is slow', error: 'validating with oidc\n\toidc: token not valid yet (nbf)' },
  { title: 'a clock is fast', error: 'validating with oidc\n\toidc: token is expired' },
  {
    title: 'the OIDC token of the job has expired',
    error: 'verifying token\n\ttoken has expired',
    ...inGitlab,
  },
];

const program: readonly Diagnosed[] = [
  { title: '`roles` is no longer supported', error: 'the roles field is no longer supported' },
  {
    title: 'a variable requires a proxy',
    error: 'TBOT_USE_PROXY_ADDR requires that a proxy is set',
  },
  {
    title: 'the cluster requires a newer tbot',
    error: 'client version is unsupported, minimum supported version is 19.0.0',
  },
  {
    title: 'the cluster requires another tbot',
    error: 'client version is unsupported',
    context: authServer,
  },
  {
    title: 'it is not a FIPS build',
    error: 'fips mode enabled but binary was not compiled with boringcrypto',
  },
  { title: 'it rejects its configuration', error: 'field a not found in type config.BotConfig' },
  { title: 'it rejects the lifetime', error: 'credential_ttl must be positive' },
  { title: 'the disk is full', error: 'write /temp/key: no space left on device' },
  { title: 'the file system is read-only', error: 'open /temp/key: read-only file system' },
  { title: 'a file is not writable', error: 'open /temp/key: permission denied' },
  {
    title: 'it was built for another platform',
    log: ['/tools/tbot: 1: Syntax error: "(" unexpected'],
    exit: { kind: 'code', code: 2 },
  },
  {
    title: 'an address that the action chose is in use',
    error: 'listen tcp 127.0.0.1:43210: bind: address already in use',
  },
  {
    title: 'an address that the user chose is in use',
    error:
      'service(web)\n\topening listener\n\t\tlisten tcp 127.0.0.1:8080: bind: address already in use',
    context: { listeners: { 'localhost:8080': 'web' } },
  },
  {
    title: 'it reports an unknown error, but keeps running',
    error: 'generating identity\n\tsomething went wrong',
    exit: { kind: 'running' },
  },
  {
    title: 'it reports an unknown error',
    error: 'generating identity\n\tupdating files\n\tsomething went wrong',
  },
  { title: 'it reports no error', exit: { kind: 'code', code: 3 } },
  { title: 'it is killed', exit: { kind: 'signal', signal: 'SIGKILL' } },
];

function pullRequest(): Readonly<Record<string, string>> {
  return { ref: 'refs/pull/7/merge', event_name: 'pull_request' };
}

const titled = (prefix: string, cases: readonly Diagnosed[]): readonly Diagnosed[] =>
  cases.map((one) => ({ ...one, title: `${prefix}: ${one.title}` }));

/** A failed tbot for every cause that the action distinguishes. */
export const diagnosed: readonly Diagnosed[] = [
  ...titled('join token', token),
  ...titled('rules', rules),
  ...titled('identity', identity),
  ...titled('rights', rights),
  ...titled('network', network),
  ...titled('tbot', program),
];
