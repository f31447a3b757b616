import { randomBytes } from 'node:crypto';
import { watch } from 'node:fs';
import { join } from 'node:path';
import type { Faults } from '../../testbed/faults.ts';
import type { Secret } from '../../testbed/issued.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import type { Trial } from './leaks.fixture.ts';

/** A trial of the list; its inputs may depend on the testbed that runs it. */
export interface Case {
  readonly name: string;
  /** Codes of a Problem of which the step must report one; none: it must succeed. */
  readonly codes?: readonly string[] | 'any';
  readonly trial: (testbed: Testbed) => Trial | Promise<Trial>;
  /** Kinds of secrets that must be among those that are searched for. */
  readonly secrets?: readonly string[];
}

/** The switches that have kinds. */
type Switch = Exclude<keyof Faults, 'clock'>;

type Kinds<K extends Switch> = Faults[K]['kind'];

/** The fault of one kind. */
type FaultOf<K extends Switch, Kind> = Extract<Faults[K], { readonly kind: Kind }>;

interface FaultCase<K extends Switch, Kind> {
  readonly fault: FaultOf<K, Kind>;
  readonly codes?: readonly string[];
  readonly trial?: Trial;
}

/** Every kind of a switch, and the compiler says when one is missing. */
type EveryKind<K extends Switch> = {
  readonly [Kind in Exclude<Kinds<K>, 'none'>]: FaultCase<K, Kind>;
};

const impatient = { with: { timeout: '3s' } };

const proxyFaults: EveryKind<'proxy'> = {
  silent: { fault: { kind: 'silent' }, codes: ['timeout'], trial: impatient },
  refused: { fault: { kind: 'refused' }, codes: ['proxy-unreachable'] },
  status: { fault: { kind: 'status', status: 404 }, codes: ['not-teleport', 'proxy-unreachable'] },
  html: { fault: { kind: 'html' }, codes: ['not-teleport'] },
  'other-json': { fault: { kind: 'other-json' }, codes: ['not-teleport'] },
  slow: { fault: { kind: 'slow', milliseconds: 50 } },
  'rate-limited': {
    fault: { kind: 'rate-limited', requests: 1000, retryAfter: 3600 },
    codes: ['rate-limited'],
  },
  untrusted: { fault: { kind: 'untrusted' }, codes: ['proxy-untrusted'] },
};

const joinFaults: EveryKind<'join'> = {
  denied: { fault: { kind: 'denied', message: 'access denied' }, codes: ['bot-unknown'] },
  silent: { fault: { kind: 'silent' }, codes: ['timeout'], trial: impatient },
  status: {
    fault: { kind: 'status', status: 403 },
    codes: ['tbot', 'not-teleport', 'proxy-unreachable'],
  },
  reset: { fault: { kind: 'reset', joins: 1 } },
};

const githubFaults: EveryKind<'github'> = {
  status: { fault: { kind: 'status', status: 401 }, codes: ['id-token-refused'] },
  html: { fault: { kind: 'html' }, codes: ['id-token-refused'] },
  silent: { fault: { kind: 'silent' }, codes: ['timeout'], trial: impatient },
  'no-value': { fault: { kind: 'no-value' }, codes: ['id-token-refused'] },
};

const imdsFaults: EveryKind<'imds'> = {
  'no-identity': { fault: { kind: 'no-identity' }, codes: ['imds-no-identity'] },
  'several-identities': {
    fault: { kind: 'several-identities' },
    codes: ['imds-several-identities'],
  },
  down: { fault: { kind: 'down' }, codes: ['no-imds'] },
  silent: { fault: { kind: 'silent' }, codes: ['timeout'], trial: impatient },
  throttled: { fault: { kind: 'throttled', requests: 1 } },
};

const downloadsFaults: EveryKind<'downloads'> = {
  half: { fault: { kind: 'half' }, codes: ['download', 'timeout'], trial: impatient },
  status: { fault: { kind: 'status', status: 404 }, codes: ['download'] },
  'wrong-checksum': { fault: { kind: 'wrong-checksum' }, codes: ['checksum', 'download'] },
  'no-checksum': { fault: { kind: 'no-checksum' }, codes: ['checksum', 'download'] },
  html: { fault: { kind: 'html' }, codes: ['download', 'checksum'] },
  slow: { fault: { kind: 'slow', bytesPerSecond: 1_000_000 } },
};

const tbotFaults: EveryKind<'tbot'> = {
  'ignore-sigterm': { fault: { kind: 'ignore-sigterm' }, codes: ['timeout'], trial: impatient },
  hang: { fault: { kind: 'hang' }, codes: ['timeout'], trial: impatient },
  killed: { fault: { kind: 'killed' }, codes: ['tbot'] },
  'exit-0-without-files': { fault: { kind: 'exit-0-without-files' }, codes: ['tbot'] },
  partial: { fault: { kind: 'partial' }, codes: ['platform'] },
  print: { fault: { kind: 'print', lines: ['::error::forged', 'ERROR: printed'] } },
  'exit-code': { fault: { kind: 'exit-code', code: 3 }, codes: ['tbot'] },
  'mismatched-key': { fault: { kind: 'mismatched-key' }, codes: ['tbot'] },
  'other-files': { fault: { kind: 'other-files' } },
  'foreign-cluster': {
    fault: { kind: 'foreign-cluster', cluster: 'evil.example.com' },
    codes: ['wrong-cluster'],
    trial: { with: { 'expected-cluster': 'rig.example.com' } },
  },
  'not-issued': {
    fault: { kind: 'not-issued', message: 'access to resource requires MFA' },
    codes: ['mfa-required'],
  },
  child: { fault: { kind: 'child' } },
  'ignore-signals': { fault: { kind: 'ignore-signals' } },
  'hold-credentials': {
    fault: { kind: 'hold-credentials' },
    codes: ['timeout'],
    trial: { with: { ...impatient.with, mode: 'background' } },
  },
  'port-taken': {
    fault: { kind: 'port-taken', address: 'diagnostics', starts: 1 },
    trial: { with: { mode: 'background' } },
  },
  slow: { fault: { kind: 'slow', milliseconds: 50 } },
};

/** Where a switch matters, if not in a plain join by GitHub. */
const places: { readonly [Key in keyof Faults]?: (testbed: Testbed) => Trial } = {
  imds: azure,
  downloads: downloaded,
};

type Kindly = Readonly<
  Record<string, { fault: Faults[Switch]; codes?: readonly string[]; trial?: Trial }>
>;

function casesOf(key: Switch, kinds: Kindly): readonly Case[] {
  return Object.entries(kinds).map(([kind, { fault, codes, trial = {} }]) => ({
    name: `${key} ${kind}`,
    ...(codes === undefined ? {} : { codes }),
    trial: (testbed) => {
      const base = places[key]?.(testbed) ?? {};
      return { ...base, ...trial, with: { ...base.with, ...trial.with }, faults: { [key]: fault } };
    },
  }));
}

export const faultCases: readonly Case[] = [
  ...casesOf('proxy', proxyFaults),
  ...casesOf('join', joinFaults),
  ...casesOf('github', githubFaults),
  ...casesOf('imds', imdsFaults),
  ...casesOf('downloads', downloadsFaults),
  ...casesOf('tbot', tbotFaults),
  ...[
    ['proxy', 7200],
    ['proxy', -7200],
    ['github', 7200],
    ['github', -7200],
  ].map(([party = '', seconds]) => ({
    name: `clock of ${party} off by ${seconds}`,
    codes: ['clock', 'success', 'tbot', 'ttl'],
    trial: () => ({ faults: { clock: { proxy: 0, github: 0, [party]: seconds } } }),
  })),
];

function azure({ imds: service }: Testbed): Trial {
  return {
    environment: { ...service.environment },
    with: { token: 'ci-azure', 'join-method': 'azure' },
  };
}

function downloaded({ downloads: site }: Testbed): Trial {
  return { with: { 'tbot-path': undefined, version: '18.11.0', mirror: site.url } };
}

function given(codes: readonly string[], name: string, trial: Trial | Case['trial']): Case {
  return { name, codes, trial: typeof trial === 'function' ? trial : () => trial };
}

function denied(code: string, message: string): Case {
  return given([code], `denied: ${code}`, { faults: { join: { kind: 'denied', message } } });
}

function notIssued(code: string, message: string): Case {
  return given([code], `not issued: ${code}`, {
    faults: { tbot: { kind: 'not-issued', message } },
  });
}

/** The failures of action/faults.test.ts that no switch of the testbed stands for. */
export const failureCases: readonly Case[] = [
  given(['inputs'], 'no inputs', { with: noInputs() }),
  given(['inputs'], 'wrong inputs', {
    with: { proxy: 'http://a', token: '/etc/passwd', 'certificate-ttl': '1d' },
  }),
  given(['inputs'], 'a misspelt input', { with: { 'expected-clutser': 'x' } }),
  given(['inputs'], 'a CA file that does not exist', { with: { 'extra-ca-file': 'nowhere.pem' } }),
  given(['proxy-unreachable'], 'an unknown host', { with: { proxy: 'nowhere.invalid' } }),
  given(['proxy-untrusted'], 'no CA file', { with: { 'extra-ca-file': undefined } }),
  given(['wrong-cluster'], 'another cluster', {
    with: { 'expected-cluster': 'other.example.com' },
  }),
  given(['token-unknown'], 'an unknown join token', { with: { token: 'nobody' } }),
  given(['claims-denied'], 'claims that do not match', { with: { token: 'other-repo' } }),
  given(['token-method'], 'a join token of another method', { with: { token: 'ci-azure' } }),
  given(['token-role'], 'a join token for nodes', { with: { token: 'node-only' } }),
  given(['no-roles'], 'a bot without roles', { with: { token: 'no-roles' } }),
  given(['locked'], 'a locked bot', { with: { token: 'locked-bot' } }),
  given(['no-id-token'], 'no permission for an OIDC token', {
    with: { 'join-method': 'github' },
    environment: {},
  }),
  given(['no-identity'], 'no identity', { environment: {} }),
  denied(
    'issuer-unreachable',
    'discovering oidc document\n\tGet "https://token.example.com/": dial tcp: lookup token.example.com: no such host',
  ),
  denied('scoped-bot', 'join method "github" does not support scoping'),
  denied('claims-denied', 'validating with jwks\n\tvalidating jwt signature'),
  denied(
    'unsupported',
    'github enterprise server joining\n\tthis feature requires Teleport Enterprise',
  ),
  given(['azure-api'], 'the Azure API', (testbed) => ({
    ...azure(testbed),
    faults: {
      join: {
        kind: 'denied',
        message: 'GET https://management.azure.com/subscriptions/x RESPONSE 403: 403 Forbidden',
      },
    },
  })),
  notIssued(
    'workload-identity-denied',
    'attributes did not pass rule evaluation\n\tno matching rule found',
  ),
  notIssued('role-denied', 'access to workload_identity denied. User does not have permissions. '),
  notIssued(
    'aws',
    'exchanging SVID via Roles Anywhere\n\tAccessDeniedException: Untrusted certificate',
  ),
  given(['imds-no-identity'], 'an identity that the machine does not have', (testbed) => {
    const { with: inputs, ...trial } = azure(testbed);
    const client = { 'azure-client-id': '33333333-3333-3333-3333-333333333333' };
    return { ...trial, with: { ...inputs, ...client } };
  }),
  given(['tbot'], 'no tbot', { with: { 'tbot-path': '/nowhere/tbot' } }),
  given(['version'], 'a tbot of another version', { with: { version: '17.0.0' } }),
  given(['ttl'], 'certificates below `min-ttl`', {
    with: { 'certificate-ttl': '20h', 'min-ttl': '13h' },
  }),
  given(['cancelled'], 'a cancelled step', ({ directory }) => ({
    faults: { tbot: { kind: 'hang' } },
    // The record of tbot appears when it starts.
    onStart: (step) => {
      const watcher = watch(join(directory, 'record/tbot'), () => {
        watcher.close();
        void step.cancel();
      });
    },
  })),
];

function noInputs(): Readonly<Record<string, undefined>> {
  const names = ['proxy', 'token', 'tbot-path', 'extra-ca-file'];
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

const allServices = `
- type: identity
- {type: application, app_name: hello}
- {type: database, service: pg, database: app, username: ci}
- {type: kubernetes, kubernetes_cluster: prod, disable_exec_plugin: true, name: kubernetes-one}
- {type: kubernetes/v2, selectors: [{name: prod}], disable_exec_plugin: true}
- {type: ssh_host, principals: [host.example.com]}
- {type: workload-identity-x509, selector: {name: deploy}}
- {type: workload-identity-jwt, selector: {name: deploy}, audiences: [example.com]}
- type: workload-identity-aws-roles-anywhere
  selector: {name: deploy}
  role_arn: arn:aws:iam::123456789012:role/ci
  profile_arn: arn:aws:rolesanywhere:us-east-1:123456789012:profile/6f3d1c0b-9a8e-7d6c-5b4a-39281706f5e4
  trust_anchor_arn: arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/6f3d1c0b-9a8e-7d6c-5b4a-39281706f5e4
  region: us-east-1
`;

const joined = ['OIDC token', 'request token', 'bearer of the bot', 'private key'];

/** Joins that succeed. */
export const joinCases: readonly Case[] = [
  { name: 'a join by GitHub', secrets: joined, trial: () => ({ with: { summary: 'always' } }) },
  {
    name: 'a tbot in the background with a tunnel',
    trial: () => ({ with: { mode: 'background', 'application-tunnel': 'hello' } }),
  },
  {
    name: 'a join for every type of service',
    secrets: [...joined, 'JWT SVID', 'AWS secret key', 'AWS session token', 'key of a kubeconfig'],
    trial: () => ({ with: { services: allServices } }),
  },
  {
    name: 'a join by Azure',
    secrets: ['access token', 'attested document', 'bearer of the bot', 'private key'],
    trial: azure,
  },
  {
    name: 'a join by the Auth Service',
    secrets: joined,
    trial: ({ proxy: { authServer } }) => ({
      with: { proxy: '', 'auth-server': authServer.address, 'ca-pins': authServer.caPin },
    }),
  },
  { name: 'a downloaded tbot', secrets: joined, trial: downloaded },
  { name: 'a dry run', trial: () => ({ with: { 'dry-run': 'true', app: 'hello' } }) },
  { name: 'no service', trial: () => ({ with: { services: '[]' } }) },
];

/** A secret that no form leaves as it is. */
function made(kind: string): Secret {
  return { kind, text: `s3cr%t+"${randomBytes(18).toString('base64')}"&<'x'>\\end` };
}

/** Has tbot print the text as a later release might. */
function printed(...lines: readonly string[]): Pick<Trial, 'faults'> {
  return { faults: { tbot: { kind: 'print', lines } } };
}

function joinSecret(
  name: string,
  codes: readonly string[],
  trialOf: (secret: string) => Trial,
): Case {
  const secret = made('join secret');
  const trial = (): Trial => ({ ...trialOf(secret.text), secrets: [secret] });
  return { name, codes, trial, secrets: ['join secret'] };
}

/** What the stand-in tbot cannot play ends in this. */
const unplayed = ['tbot'];
/** The methods that the stand-in plays: it reads a token from a variable, or requests one. */
const endsOf: Readonly<Record<string, readonly string[]>> = {
  azure_devops: ['proxy-unreachable'],
  circleci: ['token-unknown'],
  generic_oidc: ['token-unknown'],
  gitlab: ['token-unknown'],
};
const keypair = { 'join-method': 'bound_keypair', token: 'ci-keypair' };

function registration(secret: string): string {
  return JSON.stringify({ bound_keypair: { registration_secret: secret } });
}

/** Secrets that the workflow gives to the step. */
export const secretCases: readonly Case[] = [
  joinSecret('`join-method: token`', unplayed, (secret) => ({
    with: { 'join-method': 'token', token: secret },
  })),
  joinSecret(
    '`join-method: token`, in any spelling and with wrong inputs',
    ['inputs'],
    (secret) => ({
      with: { 'join-method': ' Token ', token: ` ${secret} `, 'certificate-ttl': '1d' },
    }),
  ),
  joinSecret('`join-method: token` in a dry run', ['success'], (secret) => ({
    with: { 'join-method': 'token', token: secret, 'dry-run': 'true' },
  })),
  joinSecret('a secret token that tbot prints', unplayed, (secret) => ({
    ...printed(secret, `ERROR: token ${secret} expired`, Buffer.from(secret).toString('base64')),
    with: { 'join-method': 'token', token: secret },
  })),
  joinSecret('a registration secret', unplayed, (secret) => ({
    with: { ...keypair, onboarding: registration(secret) },
  })),
  joinSecret('a registration secret that tbot prints', unplayed, (secret) => ({
    ...printed(`ERROR: ${secret}`, JSON.stringify({ secret })),
    with: { ...keypair, onboarding: registration(secret) },
  })),
  joinSecret('a registration secret in a dry run', ['success'], (secret) => ({
    with: { ...keypair, onboarding: registration(secret), 'dry-run': 'true' },
  })),
  joinSecret('a registration secret in the wrong place', ['inputs'], (secret) => ({
    with: { ...keypair, onboarding: JSON.stringify({ bound_keypair: secret }) },
  })),
  joinSecret('a registration secret in damaged YAML', ['inputs'], (secret) => ({
    with: { ...keypair, onboarding: `bound_keypair: {registration_secret: '${secret}` },
  })),
  ...methodVariables().map(([method, variable, onboarding = '']) =>
    joinSecret(`${method}: ${variable}`, endsOf[method] ?? unplayed, (secret) => ({
      ...printed(`WARN: ${secret}`),
      environment: { SYSTEM_OIDCREQUESTURI: 'https://example.com/', [variable]: secret },
      with: { 'join-method': method, token: 'ci-other', onboarding },
    })),
  ),
];

/** Methods whose proof comes from a variable (docs/joining.md), and how one of another name is chosen. */
function methodVariables(): readonly (readonly [string, string, string?])[] {
  return [
    ['circleci', 'CIRCLE_OIDC_TOKEN'],
    ['gitlab', 'TBOT_GITLAB_JWT'],
    ['gitlab', 'GITLAB_PROOF', 'gitlab: {token_env_var_name: GITLAB_PROOF}'],
    ['spacelift', 'SPACELIFT_OIDC_TOKEN'],
    ['terraform_cloud', 'TFC_WORKLOAD_IDENTITY_TOKEN'],
    ['terraform_cloud', 'TFC_WORKLOAD_IDENTITY_TOKEN_CI', 'terraform: {audience_tag: ci}'],
    ['azure_devops', 'SYSTEM_ACCESSTOKEN'],
    ['bitbucket', 'BITBUCKET_STEP_OIDC_TOKEN'],
    ['env0', 'ENV0_OIDC_TOKEN'],
    ['bound_keypair', 'TBOT_REGISTRATION_SECRET'],
    ['bound_keypair', 'TBOT_BOUND_KEYPAIR_STATIC_KEY'],
    ['generic_oidc', 'GENERIC_PROOF', 'generic_oidc: {env: GENERIC_PROOF}'],
    ['iam', 'AWS_SECRET_ACCESS_KEY'],
    ['iam', 'AWS_SESSION_TOKEN'],
    ['iam', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'],
  ];
}

/** A password as it stands in a URL. */
function password(): Secret {
  return { kind: 'password', text: randomBytes(18).toString('hex') };
}

/** Inputs that accept a URL, or reach the cluster, which repeats them. The name of a leaf cluster is published. */
const accepting = [
  'token',
  'expected-cluster',
  'app',
  'database',
  'kubernetes-cluster',
  'mirror',
] as const;

/** Inputs that do not accept a URL: one step reports all of them. */
const refusing = [
  'proxy',
  'auth-server',
  'certificate-ttl',
  'timeout',
  'version',
  'checksum',
  'ca-pins',
  'services',
  'onboarding',
  'join-method',
  'summary',
  'export-env',
  'tbot-path',
  'extra-ca-file',
] as const;

export const passwordCases: readonly Case[] = [
  ...[...accepting.map((input) => [input]), refusing].map((inputs): Case => {
    const secret = password();
    const value = `https://bob:${secret.text}@mirror.example.com/x`;
    const pasted = Object.fromEntries(inputs.map((input) => [input, value]));
    const trial = (): Trial => ({ with: pasted, secrets: [secret] });
    return { name: `a password in ${inputs.join(', ')}`, codes: 'any', trial };
  }),
  ...['HTTPS_PROXY', 'https_proxy'].map((variable): Case => {
    const secret = password();
    const trial = ({ github: { environment } }: Testbed): Trial => ({
      environment: { ...environment, [variable]: `http://bob:${secret.text}@127.0.0.1:1` },
      with: { proxy: 'far.example.com' },
      secrets: [secret],
    });
    return { name: `a password in ${variable}`, codes: ['proxy-unreachable'], trial };
  }),
  ...['HTTPS_PROXY', 'http_proxy'].map((variable): Case => {
    const secret = password();
    const proxy = `http://bob:${secret.text}@127.0.0.1:1`;
    const trial = ({ github: { environment } }: Testbed): Trial => ({
      ...printed(`WARN: proxy ${proxy}`),
      environment: { ...environment, [variable]: proxy },
      secrets: [secret],
    });
    return { name: `a password in ${variable} that tbot prints`, trial };
  }),
];
