import { describe, expect, it } from 'vitest';
import type { Identity } from '../../src/methods/join-identity.ts';
import type { Evidence } from '../../src/methods/evidence.ts';
import type { Exit } from '../../src/process/child.ts';
import type { Explanation, JoinContext } from '../../src/tbot/diagnosis/explain.ts';
import { explainLog, explainWith, joinContext } from './diagnosis.fixture.ts';

const github: Identity = { method: 'github' };
const system: Identity = { method: 'azure' };
const user: Identity = {
  method: 'azure',
  onboarding: { azure: { client_id: '22222222-2222-2222-2222-222222222222' } },
};

const page = "invalid character '<' looking for beginning of value";
const redirect =
  'rpc error: code = Unknown desc = unexpected HTTP status code received from server: 302 (Found); malformed header: missing HTTP content-type';

const contextOf = (identity: Identity): JoinContext => joinContext(identity, '15.0.0-dev');

/** Returns the Problem that explains this log. */
async function reported(
  log: readonly string[],
  identity: Identity = github,
  evidence?: Evidence,
): Promise<Explanation['problem']> {
  return (await explainLog(log, contextOf(identity), evidence)).problem;
}

/** The code and whether another attempt may succeed. */
async function outcomeOf(log: readonly string[], identity: Identity = github): Promise<object> {
  const { problem, retryable } = await explainLog(log, contextOf(identity));
  return { code: problem.code, retryable };
}

/** As tbot prints it: red, and after the lines of a run that had started well. */
function printed(error: string): string[] {
  return [
    'INFO [TBOT]      Created directory "/home/dest/identity" config/destination_directory.go:135',
    ...`\u001b[31mERROR: \u001b[0m${error}`.split('\n'),
    '',
  ];
}

const untrusted = `WARNING:

  The proxy you are connecting to has presented a certificate signed by a
  unknown authority. This is most likely due to either being presented
  with a self-signed certificate or the certificate was truly signed by an
  authority not known to the client.

  If you know the certificate is self-signed and would like to ignore this
  error use the --insecure flag.

  If you have your own certificate authority that you would like to use to
  validate the certificate chain presented by the proxy, set the
  SSL_CERT_FILE and SSL_CERT_DIR environment variables respectively and try
  again.

  If you think something malicious may be occurring, contact your Teleport
  system administrator to resolve this issue.
`;

/** Recorded from tbot 15.0.0-dev. `|` separates the two causes that it joins. */
const recorded: readonly [string, string, string, boolean, Identity?][] = [
  [
    'token does not exist',
    `"" cannot join the cluster with role "Bot", token expired or not found|${page}`,
    'token-unknown',
    false,
  ],
  [
    'claims do not match',
    `id token claims did not match any allow rules|${page}`,
    'claims-denied',
    false,
  ],
  [
    'join method differs',
    `this token is only valid for the azure join method but the node has connected to the wrong endpoint, make sure your node is configured to use the azure join method|${page}`,
    'token-method',
    false,
  ],
  [
    'no id token',
    'ACTIONS_ID_TOKEN_REQUEST_URL environment variable missing',
    'no-id-token',
    false,
  ],
  ['id-token endpoint refuses', 'response did not include ID token', 'id-token-refused', false],
  [
    'proxy port closed',
    'dial tcp 127.0.0.1:3999: connect: connection refused|Post "https://rig.example.com:3999/v1/webapi/host/credentials": dial tcp 127.0.0.1:3999: connect: connection refused',
    'proxy-unreachable',
    true,
  ],
  [
    'proxy name does not resolve',
    'Post "https://nohost.example.invalid:443/v1/webapi/host/credentials": dial tcp: lookup nohost.example.invalid on DNS:53: dial udp DNS:53: connect: network is unreachable|dial tcp: lookup nohost.example.invalid on DNS:53: dial udp DNS:53: connect: network is unreachable',
    'proxy-unreachable',
    false,
  ],
  ['proxy not trusted', untrusted, 'proxy-untrusted', false],
  [
    'address without a port',
    "dial tcp: address rig.example.com: missing port in address|'rig.example.com' is not a valid proxy address",
    'proxy-unreachable',
    false,
  ],
  [
    'role not allowed',
    'generating impersonated certs for output: identity (directory: /home/dest/id)\nrole nope is not found',
    'role-denied',
    false,
  ],
  [
    'unknown root key',
    'loading bot config from path k.yaml\nfailed parsing config file: yaml: unmarshal errors:  line 8: field surprise not found in type config.BotConfig',
    'version',
    false,
  ],
  [
    'unknown output type',
    'loading bot config from path k.yaml\nfailed parsing config file: unrecognized output type (nope)',
    'version',
    false,
  ],
  [
    'proxy_server not known',
    'loading bot config from path k.yaml\nfailed parsing config file: yaml: unmarshal errors:  line 8: field proxy_server not found in type config.BotConfig',
    'version',
    false,
  ],
  ['join method missing', 'join method must be provided', 'tbot', false],
  ['destination not writable', 'mkdir /proc/nope: no such file or directory', 'tbot', false],
  [
    'destination is a file',
    'Path "/home/plain" already exists and is not a directory',
    'tbot',
    false,
  ],
  [
    'machine not allowed',
    `rpc error: code = PermissionDenied desc = instance did not match any allow rules|${redirect}`,
    'azure-denied',
    false,
    user,
  ],
  [
    'identity not found',
    `invalid_request\n\t{"error":"invalid_request","error_description":"Identity not found"}\n|${redirect}`,
    'imds-no-identity',
    false,
    user,
  ],
  [
    'several identities',
    `invalid_request\n\t{"error":"invalid_request","error_description":"Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request"}\n|${redirect}`,
    'imds-several-identities',
    false,
    system,
  ],
  [
    'no metadata service',
    `could not reach instance metadata. Is Teleport running on an Azure VM?|${redirect}`,
    'no-imds',
    false,
    system,
  ],
];

describe('failures recorded from tbot 15.0.0-dev', () => {
  it.each(recorded)('%s', async (_, text, code, retryable, identity) => {
    const causes = text.split('|');
    for (const joined of [causes, causes.toReversed()]) {
      const outcome = await outcomeOf(printed(joined.join(', ')), identity);
      expect(outcome).toEqual({ code, retryable });
    }
  });

  it('reads the report that --debug prints instead of the error', async () => {
    const report = [
      'DEBU [AUTH]      Failed to register through proxy: [',
      'ERROR REPORT:',
      'Original Error: *json.SyntaxError invalid character &#39;&lt;&#39; looking for beginning of value',
      'Stack Trace:',
      '\t/build/lib/auth/register.go:406 github.com/gravitational/teleport/lib/auth.registerThroughAuth',
      'User Message: invalid character &#39;&lt;&#39; looking for beginning of value] auth/register.go:284',
      '',
      'ERROR REPORT:',
      'Original Error: trace.aggregate id token claims did not match any allow rules, invalid character &#39;&lt;&#39; looking for beginning of value',
      'Stack Trace:',
      '\t/build/lib/auth/register.go:290 github.com/gravitational/teleport/lib/auth.Register',
      '\t/build/tool/tbot/main.go:182 main.Run',
      '\t/usr/local/go/src/runtime/asm_amd64.s:1771 runtime.goexit',
      'User Message: id token claims did not match any allow rules, invalid character &#39;&lt;&#39; looking for beginning of value',
    ];
    const problem = await reported(report);
    expect(problem.code).toBe('claims-denied');
    expect(problem.log.join('\n')).not.toContain('runtime.goexit');
  });

  it('decodes the entities in the report', async () => {
    const report = [
      'ERROR REPORT:',
      'Original Error: trace.aggregate &#34;&#34; cannot join the cluster with role &#34;Bot&#34;, token expired or not found',
      'User Message: &#34;&#34; cannot join the cluster with role &#34;Bot&#34;, token expired or not found',
    ];
    expect((await reported(report)).code).toBe('token-unknown');
  });
});

/** Read in Teleport's sources: lib/join, lib/auth, lib/tbot, and issues. */
const newer: readonly [string, string, boolean, Identity?][] = [
  ['joining with token: token expired or not found', 'token-unknown', false],
  [
    'joining with token: client requested join method github, provision token only supports method azure',
    'token-method',
    false,
  ],
  [
    'rpc error: code = PermissionDenied desc = this token does not support the Azure join method',
    'token-method',
    false,
    system,
  ],
  ['cannot join the cluster, the token does not allow role Bot', 'token-role', false],
  ['node "" [] cannot join the cluster, the token does not allow "Bot" role', 'token-role', false],
  ['joining with token: id token claims did not match any allow rules', 'claims-denied', false],
  [
    'validating with oidc: oidc: id token issued by a different provider, expected "https://ghes.example.com/_services/token" got "https://token.actions.githubusercontent.com"',
    'claims-denied',
    false,
  ],
  [
    'instance 44444444-4444-4444-4444-444444444444 did not match any allow rules in token ci-azure',
    'azure-denied',
    false,
    system,
  ],
  ['subscription ID mismatch between attested data and access token', 'azure-denied', false, user],
  ['no VM found with matching VM ID', 'azure-denied', false, user],
  ['ACTIONS_ID_TOKEN_REQUEST_TOKEN environment variable missing', 'no-id-token', false],
  [
    'Get "https://pipelines.actions.example.com/x/idtoken?api-version=2.0&audience=teleport.cluster.local": dial tcp 10.0.0.1:443: i/o timeout',
    'id-token-refused',
    false,
  ],
  ['getting access token: invalid_request', 'imds-no-identity', false, system],
  [
    'Get "http://169.254.169.254/metadata/attested/document?api-version=2023-07-01": context deadline exceeded',
    'no-imds',
    false,
    system,
  ],
  [
    'getting access token: invalid_request {"error":"invalid_request","error_description":"Temporarily throttled, too many requests"}',
    'imds-throttled',
    true,
    system,
  ],
  [
    'getting intermediate CA for attested data: fetching intermediate certificate: Get "http://www.microsoft.com/pkiops/certs/x.crt": context deadline exceeded',
    'azure-egress',
    false,
    system,
  ],
  [
    'service(identity-output (directory: /home/dest/identity)): generating identity: at least one role request is required',
    'no-roles',
    false,
  ],
  ['user "bot-ci" has requested role impersonation for ["admin"]', 'role-denied', false],
  ['lock targeting User:"bot-ci" is in force', 'locked', false],
  [
    'joining with token: rpc error: code = Unavailable desc = connection error: desc = "transport: error while dialing: connection reset by peer"',
    'proxy-unreachable',
    true,
  ],
  [
    'rpc error: code = Unavailable desc = unexpected HTTP status code received from server: 502 (Bad Gateway); malformed header: missing HTTP content-type',
    'proxy-unreachable',
    true,
  ],
  ['testing auth service connection', 'proxy-unreachable', false],
  [
    'failed direct dial to auth server: failed to retrieve cluster version: tls: no application protocol, failed dial to auth server through reverse tunnel',
    'proxy-unreachable',
    false,
  ],
  ['dial tcp: lookup rig.example.com: no such host', 'proxy-unreachable', false],
  [
    'Get "https://rig.example.com/webapi/find": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'proxy-untrusted',
    false,
  ],
  ['Cannot establish https connection to 10.0.0.1:443: wrong host', 'proxy-untrusted', false],
  [
    'x509: certificate is valid for other.example.com, not rig.example.com',
    'proxy-untrusted',
    false,
  ],
  ['validating with oidc: token not valid yet (nbf)', 'clock', false],
  [
    'validating with oidc: oidc: token is expired (Token Expiry: 2026-11-21 02:22:47 +0000 UTC)',
    'clock',
    false,
  ],
  [
    'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2020-01-01T00:00:00Z is before 2026-11-21T02:22:47Z',
    'clock',
    false,
  ],
  ['client version is unsupported, minimum supported version is 17.0.0', 'version', false],
  [
    'either a proxy or auth address must be set using --proxy, --auth-server or configuration',
    'version',
    false,
  ],
  [
    'validating service[0]: Requested certificate TTL exceeds the maximum TTL allowed and will likely be reduced by the Teleport server (requested_ttl=200h0m0s, maximum_ttl=168h0m0s)',
    'ttl',
    false,
  ],
  ['credential_ttl and renewal_interval must both be specified if either is', 'ttl', false],
  ['write /home/dest/identity/key: no space left on device', 'platform', false],
  ['open /home/dest/identity/.write-test: read-only file system', 'platform', false],
  ['mkdir /home/dest: permission denied', 'platform', false],
  ['rate limit exceeded', 'rate-limited', true],
  ['max rate reached: retry-in 3s', 'rate-limited', true, system],
  [
    'Failed to validate token claims: go-jose/go-jose/jwt: validation failed, token is expired (exp)',
    'clock',
    false,
    system,
  ],
  ['an unknown error', 'tbot', false],
];

describe('failures worded by newer versions', () => {
  it.each(newer)('%s', async (text, code, retryable, identity) => {
    expect(await outcomeOf(printed(text), identity)).toEqual({ code, retryable });
  });
});

describe('a message contains', () => {
  it('the method of the token', async () => {
    const words = [
      'client requested join method github, provision token only supports method azure',
      'this token is only valid for the azure join method but the node has connected to the wrong endpoint',
    ];
    for (const text of words) {
      expect(await reported(printed(text))).toMatchObject({
        message: expect.stringContaining('is for join method `azure`,'),
        fix: expect.stringContaining('`join-method: azure`'),
      });
    }
  });

  it('the target of the lock, and the oldest accepted version', async () => {
    const locked = await reported(printed('lock targeting User:"bot-ci" is in force'));
    expect(locked.message).toBe('The cluster has a lock on User:"bot-ci".');
    const text = 'client version is unsupported, minimum supported version is 17.0.0.';
    expect((await reported(printed(text))).message).toMatch(
      /^The cluster requires tbot 17\.0\.0 or/,
    );
  });

  it('the bot after the join', async () => {
    const joined =
      'INFO [TBOT]      Fetched new bot identity. identity:valid: after=x | kind=tls, renewable=false, roles=[bot-ci], principals=[-teleport-internal-join], generation=0 tbot/tbot.go:298';
    const log = [joined, ...printed('at least one role request is required')];
    expect(await reported(log)).toMatchObject({
      code: 'no-roles',
      fix: expect.stringContaining('`tctl bots update ci '),
    });
  });
});

describe('the diagnosis', () => {
  it.each([page, redirect, `${page}, ${redirect}`])(
    'does not interpret secondary errors alone: %s',
    async (text) => {
      expect(await reported(printed(text))).toMatchObject({
        code: 'tbot',
        message: expect.stringContaining(text.replace('rpc error: code = Unknown desc = ', '')),
      });
    },
  );

  it.each([
    [page, 'id-token-refused'],
    [redirect, 'tbot'],
    [`${page}, ${redirect}`, 'id-token-refused'],
  ])('interprets secondary errors if GitHub returns a web page: %s', async (text, code) => {
    const evidence: Evidence = { idToken: { kind: 'not-github' }, imds: undefined };
    expect((await reported(printed(text), github, evidence)).code).toBe(code);
  });

  it('ignores warnings and errors before the last error', async () => {
    const log = [
      'WARN [TBOT]      Requested certificate TTL exceeds the maximum TTL allowed tbot/x.go:1',
      'ERRO [CLIENT]    dial tcp 127.0.0.1:1: connect: connection refused client/weblogin.go:345',
      '2026-11-21T02:22:47.123Z WARN  [TBOT]  token expired or not found',
      ...printed('id token claims did not match any allow rules'),
      'INFO [TBOT]      lock targeting User:"x" is in force tbot/x.go:2',
    ];
    expect((await reported(log)).code).toBe('claims-denied');
  });

  it('prefers a denial to a lost connection', async () => {
    const lost = 'rpc error: code = Unavailable desc = dial tcp: connection refused';
    for (const text of [
      `token expired or not found, ${lost}`,
      `${lost}, token expired or not found`,
    ]) {
      expect(await outcomeOf(printed(text))).toEqual({ code: 'token-unknown', retryable: false });
    }
  });

  it("ignores Azure's errors in a join with github", async () => {
    expect((await reported(printed('invalid_request'))).code).toBe('tbot');
    expect((await reported(printed('too many requests'))).code).toBe('rate-limited');
  });

  it('finds a cause at the end of a very long line', async () => {
    const text = `${'x'.repeat(5000)}, token expired or not found`;
    expect((await reported(printed(text))).code).toBe('token-unknown');
  });
});

describe('a tbot that exits without an error', () => {
  it.each([
    ['/bin/sh: 1: Syntax error: "(" unexpected', 2],
    [
      "./tbot: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by ./tbot)",
      1,
    ],
    ['bash: ./tbot: cannot execute binary file: Exec format error', 126],
  ])('was built for another platform: %s', async (line, code) => {
    const failure = { exit: { kind: 'code', code }, log: [line] } as const;
    const { problem } = await explainWith(failure, contextOf(github));
    expect(problem).toMatchObject({
      code: 'platform',
      message: 'The tbot binary was not built for this runner.',
    });
  });

  it('crashed', async () => {
    const log = ['panic: runtime error: index out of range [3]', '', 'goroutine 1 [running]:'];
    expect(await reported(log)).toMatchObject({
      code: 'tbot',
      message: expect.stringMatching(/: panic: runtime error: index out of range \[3\]\.?$/),
    });
  });

  it('was killed by a signal', async () => {
    const exit: Exit = { kind: 'signal', signal: 'SIGKILL' };
    const { problem } = await explainWith({ exit, log: [] }, contextOf(github));
    expect(problem).toMatchObject({
      code: 'tbot',
      message: 'tbot 15.0.0-dev was killed by SIGKILL.',
    });
  });
});
