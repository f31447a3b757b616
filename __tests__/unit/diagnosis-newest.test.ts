import { describe, expect, it } from 'vitest';
import type { JoinMethod } from '../../src/methods/index.ts';
import type { Identity } from '../../src/methods/join-identity.ts';
import type { JoinContext } from '../../src/tbot/diagnosis/diagnosis.ts';
import { explainLog, joinContext } from './diagnosis.fixture.ts';

const github: Identity = { method: 'github' };
const azure: Identity = { method: 'azure' };
const by = (method: JoinMethod): Identity => ({
  method,
  variables: ['TBOT_BOUND_KEYPAIR_STATIC_KEY'],
});
const oidc = by('generic_oidc');
const keypair = by('bound_keypair');
const iam = by('iam');

const contextOf = (identity: Identity): JoinContext => joinContext(identity, '18.11.0');

/** Teleport's text, the code, whether it is retryable, and words of the message and the fix. */
type Row = [string, string, boolean, RegExp, Identity?];

const issuer =
  'joining with token discovering oidc document Get "https://token.example.com/.well-known/openid-configuration":';
const organizations =
  "AWS Organizations API rate limit exceeded when attempting to verify account's Organization ID/Organizational Units. Please try again later.";
const rolesAnywhere = 'exchanging SVID via Roles Anywhere';
const expired =
  'tls: failed to verify certificate: x509: certificate has expired or is not yet valid';

const rows: readonly Row[] = [
  // The issuer, AWS, Azure, and Teleport Enterprise.
  [
    `${issuer} dial tcp: lookup token.example.com on 10.0.0.2:53: no such host`,
    'issuer-unreachable',
    false,
    /Auth Service could not reach the issuer.*no such host.*host of the Auth Service.*`static_jwks`/,
  ],
  [
    `${issuer} context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    'issuer-unreachable',
    false,
    /Auth Service could not reach the issuer/,
    by('circleci'),
  ],
  [`${issuer} read tcp: connection reset by peer`, 'issuer-unreachable', true, /issuer/, oidc],
  [
    'verifying token unable to fetch key for signature validation: oidc: failed to get keys: EOF',
    'issuer-unreachable',
    true,
    /issuer/,
  ],
  [
    `${issuer} tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    'issuer-unreachable',
    false,
    /Auth Service does not trust.*issuer.*CA certificate.*host of the Auth Service/,
  ],
  [
    'github enterprise server joining: this feature requires Teleport Enterprise',
    'unsupported',
    false,
    /rig\.example\.com.*Teleport Enterprise.*`enterprise_server_host`/,
  ],
  [
    'tpm joining this feature requires Teleport Enterprise',
    'unsupported',
    false,
    /rig\.example\.com.*license.*another join method/,
    by('tpm'),
  ],
  [
    `${rolesAnywhere} Post "https://rolesanywhere.eu-west-1.amazonaws.com/sessions": dial tcp: lookup rolesanywhere.eu-west-1.amazonaws.com: no such host`,
    'aws',
    false,
    /AWS IAM Roles Anywhere.*runner to reach/,
  ],
  [organizations, 'aws', true, /AWS Organizations.*`aws_account`/, iam],
  [
    'GET https://management.azure.com/subscriptions/1/providers/Microsoft.Compute/virtualMachines RESPONSE 429: 429 Too Many Requests ERROR CODE: TooManyRequests',
    'azure-api',
    true,
    /Azure API is rate-limiting the Auth Service \(HTTP 429\)/,
    azure,
  ],
  [
    'GET https://management.azure.com/subscriptions/1/providers/Microsoft.Compute/virtualMachines RESPONSE 403: 403 Forbidden ERROR CODE: AuthorizationFailed',
    'azure-api',
    false,
    /Auth Service.*Azure API.*`Microsoft\.Compute\/virtualMachines\/read`/,
    azure,
  ],
  [
    'get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, context deadline exceeded',
    'aws',
    false,
    /tbot found no AWS credentials/,
    iam,
  ],
  [
    'fetching virtual machine: the Azure API answered 429 (too many requests)',
    'azure-api',
    true,
    /Azure API is rate-limiting the Auth Service \(HTTP 429\)/,
    azure,
  ],
  [
    `${expired}: current time 2026-11-21T02:22:47Z is after 2026-10-01T00:00:00Z`,
    'proxy-untrusted',
    false,
    /certificate of rig\.example\.com:443 expired at 2026-10-01T00:00:00Z, and the clock of the runner shows 2026-11-21T02:22:47Z.*renew/,
  ],
  [
    `${expired}: current time 2020-01-01T00:00:00Z is before 2026-11-21T02:22:47Z`,
    'clock',
    false,
    /clock/,
  ],
  ['remote error: tls: expired certificate', 'clock', false, /clock/],
  ...[
    'claim nbf is not accepted',
    'claim "iat" is not accepted',
    '"exp" not satisfied',
    'Token used before issued',
    'validation failed, token issued in the future (iat)',
    'iat is in the future',
    'oidc: current time 2026-11-21 before the nbf (not before) time: 2026-11-22',
    'x509: certificate is not yet valid',
  ].map((text): Row => [text, 'clock', false, /outside its validity period/]),
  ['x509: certificate is expired', 'proxy-untrusted', false, /has expired/],
  // The token, its bot and its rules.
  ...[
    'join method "github" does not support scoping',
    'scoped bot tokens do not support the `token` join method, `bound_keypair` should be used instead',
    'scoped token is expired',
    'scoped token usage exhausted',
    'expected non-empty bot_name for a scoped bot token',
    'scoped tokens for bots cannot have an assigned_scope',
    'scoped identities not supported',
    'bot identity loaded from storage has scoped false, but scope config set to true. change tbot scope configuration or delete the bot storage directory',
  ].map((text): Row => [
    text,
    'scoped-bot',
    false,
    /belongs to a scope.*join token without a scope/,
  ]),
  [
    'joining with token access denied',
    'bot-unknown',
    false,
    /Join token `ci` is for a bot that does not exist.*`bot_name`.*tctl bots ls/,
  ],
  [
    'validating generic_oidc rules validating allow rules claims matched no allow_any rules',
    'claims-denied',
    false,
    /Join token `ci`.*tctl get token\/ci/,
    oidc,
  ],
  [
    'validating field rules incorrect value in claim: env must be "prod" but got dev',
    'claims-denied',
    false,
    /Join token `ci`.*env must be "prod" but got dev/,
    oidc,
  ],
  [
    'validating field rules claims missing expected key: project.id',
    'claims-denied',
    false,
    /Join token `ci`.*project\.id/,
    oidc,
  ],
  [
    'field must be a string but got float64: id',
    'claims-denied',
    false,
    /Join token `ci`.*string/,
    oidc,
  ],
  [
    'required claim attribute "project" not found on incoming claims',
    'claims-denied',
    false,
    /Join token `ci`.*project/,
    oidc,
  ],
  [
    'validating generic_oidc rules generic OIDC token has no rules configured',
    'claims-denied',
    false,
    /allow rules of join token `ci` are missing or invalid.*`spec\.generic_oidc`/,
    oidc,
  ],
  [
    'allow_any[0]: cannot contain both `conditions` and `expression`',
    'claims-denied',
    false,
    /allow rules of join token `ci` are missing or invalid/,
    oidc,
  ],
  [
    'environment variable "CI_JWT" is missing, ensure it exists and contains a valid JWT for OIDC joining',
    'no-identity',
    false,
    /CI_JWT.*`env:`/,
    oidc,
  ],
  [
    'SPACELIFT_OIDC_TOKEN environment variable missing',
    'no-identity',
    false,
    /SPACELIFT_OIDC_TOKEN/,
    by('spacelift'),
  ],
  [
    "'CIRCLE_OIDC_TOKEN' must be present to use 'circleci' join method",
    'no-identity',
    false,
    /CIRCLE_OIDC_TOKEN/,
    by('circleci'),
  ],
  [
    'discovering oidc document issuer does not match',
    'claims-denied',
    false,
    /Join token `ci`.*issuer.*`spec\.generic_oidc`/,
    oidc,
  ],
  [
    'join state verification failed',
    'bound-keypair',
    false,
    /Join token `ci`.*join state.*recovery\.mode.*`insecure`/,
    keypair,
  ],
  [
    'a valid registration secret is required',
    'bound-keypair',
    false,
    /registration secret.*`TBOT_REGISTRATION_SECRET`/,
    keypair,
  ],
  ['no rejoins remaining', 'bound-keypair', false, /recovery\.limit/, keypair],
  ['no recovery attempts remaining', 'bound-keypair', false, /recovery\.limit/, keypair],
  [
    'failed to complete challenge',
    'bound-keypair',
    false,
    /key pair.*`TBOT_BOUND_KEYPAIR_STATIC_KEY`/,
    keypair,
  ],
  [
    'could not lookup signer for public key ssh-ed25519 AAAA no matching key found',
    'bound-keypair',
    false,
    /key pair.*`TBOT_BOUND_KEYPAIR_STATIC_KEY`/,
    keypair,
  ],
  [
    'bad backend state, please recreate the join token',
    'bound-keypair',
    false,
    /Join token `ci`.*tctl rm token\/ci/,
    keypair,
  ],
  [
    'either an initial public key or registration secret is required',
    'bound-keypair',
    false,
    /Join token `ci`.*tctl rm token\/ci/,
    keypair,
  ],
  ['unexpected backend state', 'bound-keypair', true, /another job at the same time/, keypair],
  [
    'validating with jwks validating jwt signature go-jose/go-jose: error in cryptographic primitive',
    'claims-denied',
    false,
    /signature.*join token `ci`.*`static_jwks`/,
  ],
  ['validating with jwks: the signature did not match', 'claims-denied', false, /`static_jwks`/],
  [
    'validating with oidc verifying token audience is not valid: Audience must contain client_id',
    'claims-denied',
    false,
    /audience.*join token `ci`/,
  ],
  [
    'cert generation mismatch for bot ci/4f1c: stored=3, presented=2',
    'locked',
    false,
    /same certificate.*tctl get locks/,
    keypair,
  ],
  [
    'renewable cert generation mismatch: stored=3, presented=2',
    'locked',
    false,
    /same certificate.*tctl get locks/,
    by('token'),
  ],
  [
    'unexpected resource type: "Microsoft.ContainerInstance/containerGroups"',
    'azure-denied',
    false,
    /containerGroups.*virtual machine/,
    azure,
  ],
  [
    'challenge is missing or does not match',
    'azure-denied',
    false,
    /attested document.*169\.254\.169\.254/,
    azure,
  ],
  [
    'executing STS request aws sts api returned status: "403 Forbidden" body: "ExpiredToken"',
    'aws',
    false,
    /AWS STS.*403 Forbidden.*credentials/,
    iam,
  ],
  // Credentials, the step's inputs and the network.
  [
    'workload identity failed evaluation attributes did not pass rule evaluation no matching rule found',
    'workload-identity-denied',
    false,
    /rules of the workload identity.*do not match.*`spec\.rules`/,
  ],
  [
    'templating spec.spiffe.id attribute "join.gitlab.project_path" unset',
    'workload-identity-denied',
    false,
    /template of the workload identity.*join\.gitlab\.project_path/,
  ],
  [
    'number of identities that would be issued exceeds maximum permitted (max = 10), use more specific labels',
    'service-not-found',
    false,
    /More than one.*labels/,
  ],
  [
    'access to workload_identity denied. User does not have permissions. ',
    'role-denied',
    false,
    /roles.*workload_identity.*`workload_identity_labels`/,
  ],
  [
    'unknown service teleport.workloadidentity.v1.WorkloadIdentityIssuanceService',
    'unsupported',
    false,
    /rig\.example\.com.*WorkloadIdentityIssuanceService/,
  ],
  ['method IssueWorkloadIdentity not implemented', 'unsupported', false, /rig\.example\.com/],
  [
    'join method generic_oidc is not implemented',
    'unsupported',
    false,
    /rig\.example\.com.*join method `generic_oidc`.*update the cluster/,
    oidc,
  ],
  [
    'unexpected status: 429 Too Many Requests',
    'rate-limited',
    true,
    /rate-limiting this IP address \(HTTP 429\)/,
  ],
  [
    'exceeded connection limit for "10.0.0.7"',
    'rate-limited',
    true,
    /The Teleport Proxy rig\.example\.com:443.*exceeded connection limit.*fewer jobs/,
  ],
  [
    'unable to determine kubernetes address',
    'unsupported',
    false,
    /rig\.example\.com:443.*Kubernetes.*administrator/,
  ],
  [
    'Sigstore workload attestation is only available with an enterprise license',
    'unsupported',
    false,
    /rig\.example\.com.*Sigstore.*license/,
  ],
  [
    'TBOT_USE_PROXY_ADDR requires that a proxy address is set using --proxy-server or proxy_server',
    'inputs',
    false,
    /`TBOT_USE_PROXY_ADDR`.*`proxy`/,
  ],
  [
    'static proxy address requested (e.g. via the TBOT_USE_PROXY_ADDR environment variable) but no explicit proxy address was configured',
    'inputs',
    false,
    /`TBOT_USE_PROXY_ADDR`.*`proxy`/,
  ],
  [
    'validating service[0]: roles: the roles field is no longer supported and must be removed from your configuration.',
    'inputs',
    false,
    /`roles`.*`services`/,
  ],
  [
    `${rolesAnywhere} AccessDeniedException: Untrusted certificate. Insufficient certificate`,
    'aws',
    false,
    /AWS IAM Roles Anywhere.*`trust_anchor_arn`/,
  ],
  [
    'operation error RolesAnywhere: CreateSession, api error AccessDeniedException: Unable to assume role',
    'aws',
    false,
    /AWS IAM Roles Anywhere.*`trust_anchor_arn`/,
  ],
  ['access to resource requires MFA', 'mfa-required', false, /bot.*`require_session_mfa`/],
  ['MFA verification required', 'mfa-required', false, /bot.*`require_session_mfa`/],
  [
    'access to resource requires a trusted device',
    'mfa-required',
    false,
    /bot.*`device_trust_mode`/,
  ],
  ['private key policy not met: hardware_key', 'mfa-required', false, /hardware_key/],
  [
    'pinned IP is required for the user, but is not present on identity',
    'mfa-required',
    false,
    /pins certificates.*`pin_source_ip`/s,
  ],
  [
    'preventive lock-out due to local lock view becoming unreliable',
    'locked',
    true,
    /bot is not locked/,
  ],
  [
    'Post "https://rig.example.com/v1/webapi/host/credentials": Proxy Authentication Required',
    'proxy-unreachable',
    false,
    /HTTP proxy.*407.*HTTPS_PROXY/,
  ],
  [
    'unable to proxy connection: 407 Proxy Authentication Required',
    'proxy-unreachable',
    false,
    /HTTP proxy.*407.*HTTPS_PROXY/,
  ],
  ['remote error: tls: handshake failure', 'proxy-unreachable', false, /TLS.*load balancer/],
  ['remote error: tls: bad certificate', 'proxy-unreachable', false, /TLS.*load balancer/],
  ['tls: unrecognized name', 'proxy-unreachable', false, /TLS.*load balancer/],
];

/** Texts that tbot puts before an error (recorded; lib/tbot/bot/bot.go; the status of gRPC). */
const prefixes = [
  '',
  'joining with token ',
  'building identity service\n\tinitializing identity service\n\tjoining with token\n\t',
  'service(identity-output (directory: /x)): ',
  'rpc error: code = Unknown desc = ',
  'rpc error: code = PermissionDenied desc = ',
  'generating impersonated certs for output: application (directory: /x)\n',
];

const noise = [
  'rpc error: code = Unknown desc = unexpected HTTP status code received from server: 302 (Found); malformed header: missing HTTP content-type',
  "invalid character '<' looking for beginning of value",
];

function logsOf(text: string): readonly (readonly string[])[] {
  const texts = [
    ...prefixes.map((prefix) => `${prefix}${text}`),
    ...noise.flatMap((other) => [`${text}, ${other}`, `${other}, ${text}`]),
    `${noise[0]}, ${text}, ${noise[1]}`,
  ];
  return [
    ...texts.map((line) => `ERROR: ${line}`.split('\n')),
    ...texts.map((line) => `\u001b[31mERROR: \u001b[0m${line}\n\n`.split('\n')),
    ...texts.map(reportOf),
  ];
}

/** Returns the report of a tbot with --debug. */
function reportOf(text: string): readonly string[] {
  const escaped = text.replaceAll("'", '&#39;').replaceAll('"', '&#34;').replaceAll('<', '&lt;');
  return [
    '',
    'ERROR REPORT:',
    `Original Error: trace.aggregate ${escaped}`,
    'Stack Trace:',
    '\t/build/lib/auth/register.go:290 github.com/gravitational/teleport/lib/auth.Register',
    `User Message: ${escaped}`,
  ].flatMap((line) => line.split('\n'));
}

describe('an error of the newest Teleport', () => {
  it.each(rows)('%s', async (text, code, retryable, says, identity = github) => {
    const context = contextOf(identity);
    for (const log of logsOf(text)) {
      const explanation = await explainLog(log, context);
      const { message, fix } = explanation.problem;
      const found = { code: explanation.problem.code, retryable: explanation.retryable };
      expect(found, log.join('\n')).toEqual({ code, retryable });
      expect(`${message} ${fix}`, log.join('\n')).toMatch(says);
      for (const sentence of [message, fix]) expect(sentence).toMatch(/^[A-Z`t].*\.$/);
    }
    const broken = `ERROR: ${text.replaceAll(' ', '\n\t')}`.split('\n');
    expect((await explainLog(broken, context)).problem.code).toBe(code);
  });

  it('is interpreted differently after the join', async () => {
    const log = [
      'INFO [TBOT] Fetched new bot identity. identity:kind=tls, roles=[bot-ci] tbot/tbot.go:298',
      'ERROR: access denied',
    ];
    expect((await explainLog(log, contextOf(github))).problem.code).toBe('tbot');
  });

  const lost = 'rpc error: code = Unavailable desc = dial tcp 10.0.0.1:443: connection refused';
  it.each(rows.filter(([, code]) => !/^(?:proxy|issuer)/.test(code)))(
    'takes precedence over a lost connection: %s',
    async (text, code, _, __, identity = github) => {
      for (const joined of [`${text}, ${lost}`, `${lost}, ${text}`]) {
        const { problem } = await explainLog([`ERROR: ${joined}`], contextOf(identity));
        expect(problem.code).toBe(code);
      }
    },
  );
});
