import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DownloadSite } from '../../testbed/downloads.ts';
import { putImage } from '../../testbed/registry-image.ts';
import type { Registry } from '../../testbed/registry.ts';
import { createSigningKey, putSignatures } from '../../testbed/signatures.ts';
import type { Faults } from '../../testbed/faults.ts';
import type { Changes } from './main.fixture.ts';

/** A step of the testbed that fails before or after tbot. */
export interface FailedStep extends Changes {
  readonly title: string;
  readonly faults?: Partial<Faults>;
}

/** Paths and addresses that the steps use. */
export interface Surroundings {
  readonly temp: string;
  /** A folder for programs and files; it exists. */
  readonly folder: string;
  readonly downloads: DownloadSite;
  readonly registry: Registry;
}

/** Steps that fail, in the order of the stages of a step. */
export async function failedSteps(at: Surroundings): Promise<readonly FailedStep[]> {
  const event = join(at.folder, 'event.json');
  const fork = { base: { repo: { full_name: 'acme/web' } }, head: { repo: { full_name: 'x/y' } } };
  await writeFile(event, JSON.stringify({ pull_request: fork }));
  const withoutToken = { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };
  const ofFork = { ...withoutToken, GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event };
  return [
    ...inputs,
    { title: 'job: no identity', env: withoutToken },
    { title: 'job: no identity, in a fork', env: ofFork },
    { title: 'job: no OIDC token', env: withoutToken, inputs: { 'join-method': 'github' } },
    {
      title: 'job: no OIDC token, in a pull request',
      env: { ...withoutToken, GITHUB_EVENT_NAME: 'pull_request' },
      inputs: { 'join-method': 'github' },
    },
    { title: 'job: no OIDC token, in a fork', env: ofFork, inputs: { 'join-method': 'github' } },
    { title: 'job: no variable', inputs: { 'join-method': 'spacelift' } },
    { title: 'job: no key pair', inputs: { 'join-method': 'bound_keypair' } },
    ...(await runner(at.folder)),
    ...proxy,
    ...(await programs(at)),
    ...signatures(at),
    ...tbot,
    ...background,
    ...credentials,
  ];
}

const inputs: readonly FailedStep[] = [
  { title: 'inputs: none', inputs: { proxy: '', token: '' } },
  {
    title: 'inputs: several errors',
    inputs: {
      proxy: 'http://a',
      token: '/etc/passwd',
      'certificate-ttl': '1d',
      'expected-clutser': 'x',
      services: '- type: app\n- type: database\n  user: ci\n- name: [',
    },
  },
  {
    title: 'inputs: errors in services',
    inputs: {
      services: '- type: app\n- type: database\n  user: ci\n- {type: identity, name: A B}',
    },
  },
  { title: 'inputs: no token', inputs: { token: '' } },
  { title: 'inputs: an unknown input', inputs: { tokne: 'x' } },
  { title: 'inputs: not a duration', inputs: { 'certificate-ttl': '1d' } },
  { title: 'inputs: a list with three invalid entries', inputs: { database: '/x\npg/\n/y' } },
  {
    title: 'inputs: names with other characters',
    inputs: { app: 'grafana, ci:x', 'kubernetes-cluster': 'a b' },
  },
  {
    title: 'inputs: conflicts',
    inputs: { 'auth-server': 'a', app: 'x', 'leaf-cluster': 'leaf', 'min-ttl': '2h' },
  },
  {
    title: 'inputs: background mode is required',
    inputs: {
      'renewal-interval': '5m',
      'application-tunnel': 'grafana',
      services: '- type: ssh-multiplexer',
    },
  },
  {
    title: 'inputs: conflicts in background mode',
    inputs: {
      mode: 'background',
      'renewal-interval': '2h',
      'database-tunnel': 'orders',
      services:
        '- {type: application-tunnel, app_name: a, listen: "tcp://0.0.0.0:8080"}\n- {type: application-proxy, listen: "unix:///run/proxy.sock"}',
    },
  },
  {
    title: 'inputs: a join token for one join, in background mode',
    inputs: { mode: 'background', 'join-method': 'token' },
  },
  {
    title: 'inputs: a whole tbot.yaml',
    inputs: { services: 'version: v2\nproxy_server: a:443\nservices:\n- type: identity' },
  },
  {
    title: 'inputs: a bracket that is not closed',
    inputs: { services: '- type: identity\n  roles: [a, b\n- type: application' },
  },
  { title: 'inputs: a quote that is not closed', inputs: { services: '- type: "identity' } },
  { title: 'inputs: a tab', inputs: { services: '- type: identity\n\tcluster: leaf' } },
  { title: 'inputs: indentation', inputs: { services: '- type: identity\n   cluster: leaf' } },
  { title: 'inputs: no colon', inputs: { services: '- type: identity\n  cluster leaf' } },
  { title: 'inputs: a duplicate key', inputs: { services: '- type: identity\n  type: app' } },
  {
    title: 'inputs: a private key as a public key',
    inputs: { 'tbot-path': '', 'signature-key': createSigningKey().privatePem },
  },
  {
    title: 'inputs: invalid public keys',
    inputs: {
      'tbot-path': '',
      'signature-key':
        '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\nprimary key',
    },
  },
  {
    title: 'inputs: no file with public keys',
    inputs: { 'tbot-path': '', 'signature-key': '/nowhere.pem', version: '18.2.4' },
  },
  { title: 'inputs: no file with CA certificates', inputs: { 'extra-ca-file': 'nowhere.pem' } },
];

async function runner(folder: string): Promise<readonly FailedStep[]> {
  const file = join(folder, 'file');
  await writeFile(file, '');
  return [
    { title: 'runner: RUNNER_TEMP is not set', env: { RUNNER_TEMP: '' } },
    { title: 'runner: RUNNER_TEMP is a file', env: { RUNNER_TEMP: file } },
    {
      title: 'runner: the path of a Unix socket is too long',
      inputs: {
        mode: 'background',
        services: `[{type: application-proxy, listen: "unix://", name: ${'a'.repeat(90)}}]`,
      },
    },
  ];
}

const proxy: readonly FailedStep[] = [
  { title: 'proxy: the name does not resolve', inputs: { proxy: 'nowhere.invalid' } },
  { title: 'proxy: connection refused', faults: { proxy: { kind: 'refused' } } },
  { title: 'proxy: HTTP 500', faults: { proxy: { kind: 'status', status: 500 } } },
  { title: 'proxy: unknown CA', inputs: { 'extra-ca-file': '' } },
  { title: 'proxy: a web page', faults: { proxy: { kind: 'html' } } },
  { title: 'proxy: other JSON', faults: { proxy: { kind: 'other-json' } } },
  {
    title: 'proxy: too many requests',
    faults: { proxy: { kind: 'rate-limited', requests: 1000, retryAfter: 3600 } },
  },
  { title: 'proxy: another cluster', inputs: { 'expected-cluster': 'other.example.com' } },
];

async function programs({ folder, downloads: site }: Surroundings): Promise<readonly FailedStep[]> {
  const program = async (name: string, content: string | Buffer, mode = 0o755): Promise<string> => {
    await mkdir(join(folder, name));
    const path = join(folder, name, 'tbot');
    await writeFile(path, content);
    await chmod(path, mode);
    return path;
  };
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `teleport-v18.2.9-${process.platform}-${architecture}-bin.tar.gz`;
  site.publish(name, Buffer.from('not an archive'));
  const archive = { 'tbot-path': '', mirror: site.url, version: '18.2.4' };
  const download = (
    title: string,
    downloads: Faults['downloads'],
    changes: Readonly<Record<string, string>> = {},
  ): FailedStep => ({
    title: `download: ${title}`,
    inputs: { ...archive, ...changes },
    faults: { downloads },
  });
  const none = { kind: 'none' } as const;
  return [
    await given('no file', join(folder, 'nowhere', 'tbot')),
    await given('not executable', program('plain', '#!/bin/sh\n', 0o644)),
    await given('another architecture', program('foreign', foreignProgram())),
    await given('another program', program('other', '#!/bin/sh\necho hello\n')),
    await given('another version', program('older', printing('18.1.0')), { version: '18.2.4' }),
    await given('too old for the cluster', program('old', printing('16.0.0'))),
    await given('too old for a service', program('young', printing('17.0.0')), {
      services: '- {type: kubernetes/v2, selectors: [{name: prod}]}',
    }),
    await given('a lifetime it does not accept', program('short', printing('17.2.8')), {
      services: '- {type: identity, credential_ttl: 200h, renewal_interval: 1h}',
    }),
    download('not published', { kind: 'status', status: 404 }),
    download('the site cannot be reached', none, { mirror: 'https://127.0.0.1:1' }),
    download('HTTP 500', { kind: 'status', status: 500 }),
    download('a web page', { kind: 'html' }),
    download('not an archive', none, { version: '18.2.9' }),
    download('no checksum', { kind: 'no-checksum' }),
    download('another checksum', { kind: 'wrong-checksum' }),
    download('a pinned checksum', none, {
      'install-from': 'archive',
      checksum: `sha256:${'ab'.repeat(32)}`,
    }),
  ];
}

/** Downloads of which nothing, or something else, is signed. */
function signatures({ downloads: site, registry }: Surroundings): readonly FailedStep[] {
  const [own, other] = [createSigningKey(), createSigningKey()];
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `teleport-v18.2.4-${process.platform}-${architecture}-bin.tar.gz`;
  site.publish(`${name}.sig`, other.sign(Buffer.from('another archive')));
  site.publish(`${name}.html`, Buffer.from('<!DOCTYPE html>\u00a0'));
  const archive = { mirror: site.url, 'signature-key': own.pem };
  const image = (version: string): Readonly<Record<string, string>> => {
    const { top } = putImage(registry, {
      tag: version,
      layers: [{ content: Buffer.from(version) }],
    });
    if (version === '18.2.5') putSignatures(registry, top, [{ key: other }]);
    if (version === '18.2.6')
      putSignatures(registry, top, [{ key: own, signed: `sha256:${'ab'.repeat(32)}` }]);
    return { mirror: `${registry.address}/tbot`, version, 'signature-key': own.pem };
  };
  return [
    signature('none beside the archive', { ...archive, 'signature-extension': 'asc' }),
    signature('not a signature', { ...archive, 'signature-extension': 'html' }),
    signature('another key', archive),
    signature('none for the image', image('18.2.4')),
    signature('another key for the image', image('18.2.5')),
    signature('another image', image('18.2.6')),
  ];
}

function signature(title: string, values: Readonly<Record<string, string>>): FailedStep {
  const more = { 'tbot-path': '', version: '18.2.4', ...values };
  return { title: `signature: ${title}`, inputs: more };
}

/** Returns a script that prints the version of tbot. */
function printing(version: string): string {
  return `#!/bin/sh\necho "Teleport v${version} git:x go1.24"\n`;
}

async function given(
  title: string,
  path: Promise<string> | string,
  changes: Readonly<Record<string, string>> = {},
): Promise<FailedStep> {
  return { title: `tbot-path: ${title}`, inputs: { 'tbot-path': await path, ...changes } };
}

/** Returns the header of an ELF file for another architecture. */
function foreignProgram(): Buffer {
  const head = Buffer.alloc(64);
  head.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  head.writeUInt16LE(2, 16);
  head.writeUInt16LE(process.arch === 'x64' ? 183 : 62, 18);
  return head;
}

const tbot: readonly FailedStep[] = [
  { title: 'tbot: hangs', inputs: { timeout: '5s' }, faults: { tbot: { kind: 'hang' } } },
  {
    title: 'tbot: exits without files',
    faults: { tbot: { kind: 'exit-0-without-files' } },
  },
  { title: 'tbot: a key that does not match', faults: { tbot: { kind: 'mismatched-key' } } },
  {
    title: 'tbot: a certificate of another cluster',
    inputs: { 'expected-cluster': 'rig.example.com' },
    faults: { tbot: { kind: 'foreign-cluster', cluster: 'other.example.com' } },
  },
  {
    title: 'tbot: the job is cancelled',
    around: (port) => ({
      ...port,
      output: () => {
        process.emit('SIGINT');
        throw new Error('write EPIPE');
      },
    }),
  },
];

const background: readonly FailedStep[] = [
  {
    title: 'tbot: not ready in time',
    inputs: { mode: 'background', timeout: '3s' },
    faults: { tbot: { kind: 'hold-credentials' } },
  },
];

const credentials: readonly FailedStep[] = [
  {
    title: 'credentials: no Kubernetes cluster matches',
    inputs: { services: '- {type: kubernetes/v2, selectors: [{labels: {env: none}}]}' },
  },
  {
    title: 'credentials: a lifetime shorter than min-ttl',
    inputs: { 'certificate-ttl': '24h', 'min-ttl': '20h' },
  },
];
