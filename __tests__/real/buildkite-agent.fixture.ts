import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { issuerKeys, type IssuerKeys } from '../../testbed/github/token.ts';
import { listenHttp } from '../../testbed/loopback.ts';
import { programPath } from '../requirements.ts';

const root = new URL('../..', import.meta.url).pathname;
const headers = { 'Content-Type': 'application/json' };
const accessToken = 'agent-access-token';
const jobId = '0190a5c6-1111-4222-8333-444455556666';

export interface Annotation {
  readonly body: string;
  readonly context: string;
  readonly style: string;
}

/** Buildkite's API, which issues OIDC tokens for the branch `main` of acme/web. */
export interface BuildkiteApi extends AsyncDisposable {
  readonly url: string;
  /** The annotations of the build, in order. */
  readonly annotations: readonly Annotation[];
}

/** A machine with Buildkite's agent, and a repository that contains the plugin in its folder. */
export interface BuildkiteMachine extends AsyncDisposable {
  /** TMPDIR of the agent. */
  readonly temp: string;
  /** Starts a job with a command and the options of the plugin. */
  readonly start: (command: string, options: Readonly<Record<string, string>>) => RunningJob;
  /** Returns the names of what the jobs have left in TMPDIR. */
  readonly left: () => Promise<readonly string[]>;
}

export interface RunningJob {
  readonly agent: ChildProcess;
  readonly finished: Promise<{ readonly exit: number | string; readonly log: string }>;
}

export async function buildkiteMachine(api: BuildkiteApi): Promise<BuildkiteMachine> {
  await using stack = new AsyncDisposableStack();
  // The path of a socket has at most 107 characters.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'bk-')));
  stack.defer(async () => rm(folder, { recursive: true }));
  for (const name of ['b', 'h', 's', 'p', 'tmp']) await mkdir(join(folder, name));
  await createRepository(join(folder, 'repository'));
  const env = {
    PATH: `${dirname(process.execPath)}:${dirname(programPath('buildkite-agent'))}:/usr/bin:/bin`,
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    NODE_NO_WARNINGS: '1',
    TEAM_PROXY: 'http://ci:proxy-password@proxy.example.org',
    BUILDKITE: 'true',
    BUILDKITE_JOB_ID: jobId,
    BUILDKITE_AGENT_ACCESS_TOKEN: accessToken,
    BUILDKITE_AGENT_ENDPOINT: api.url,
  };
  const running = stack.move();
  return {
    temp: env.TMPDIR,
    start: (command, options) => {
      const agent = spawn(programPath('buildkite-agent'), bootstrap(folder, command, options), {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return { agent, finished: finish(agent) };
    },
    left: async () => readdir(env.TMPDIR),
    [Symbol.asyncDispose]: async () => running.disposeAsync(),
  };
}

function bootstrap(
  folder: string,
  command: string,
  options: Readonly<Record<string, string>>,
): readonly string[] {
  const folders = { bin: '.', build: 'b', hooks: 'h', sockets: 's', plugins: 'p' };
  const names = { agent: 'a', organization: 'acme', pipeline: 'web', 'pipeline-provider': 'git' };
  const checkout = { repository: join(folder, 'repository'), commit: 'HEAD', branch: 'main' };
  return [
    'bootstrap',
    ...Object.entries(folders).flatMap(([name, path]) => [`--${name}-path`, path]),
    ...Object.entries({ ...names, ...checkout, command }).flatMap(([name, value]) => [
      `--${name}`,
      value,
    ]),
    '--command-eval',
    '--plugins-enabled',
    '--plugin-validation',
    '--pty=false',
    '--plugins',
    JSON.stringify([{ './buildkite': options }]),
  ];
}

/** The bundle of the repository is the source of this one. */
async function createRepository(folder: string): Promise<void> {
  await cp(join(root, 'buildkite'), join(folder, 'buildkite'), { recursive: true });
  await mkdir(join(folder, 'dist'));
  await writeFile(
    join(folder, 'dist/machine-id.js'),
    `import ${JSON.stringify(join(root, 'src/entry/machine-id.ts'))};\n`,
  );
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  const git = (...args: readonly string[]): void =>
    void execFileSync('git', [
      '-C',
      folder,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b.c',
      ...args,
    ]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'one');
}

/** Starts the part of Buildkite's API that a job uses (api/ of buildkite/agent). */
export async function buildkiteApi(): Promise<BuildkiteApi> {
  const annotations: Annotation[] = [];
  const keys = await issuerKeys();
  const answers: Readonly<Record<string, (json: Annotation & { audience: string }) => unknown>> = {
    '/data/exists': () => ({ exists: false }),
    '/data/set': () => ({}),
    '/annotations': (annotation) => annotations.push(annotation),
    '/oidc/tokens': async ({ audience }) => ({
      token: await oidcToken(keys, listener.url, audience),
    }),
    '/.well-known/openid-configuration': () => ({ jwks_uri: `${listener.url}/keys` }),
    '/keys': () => ({ keys: [keys.jwk] }),
  };
  const listener = await listenHttp((request, response) => {
    const answer = answers[(request.url ?? '').replace(`/jobs/${jobId}`, '')];
    const isJob = request.url?.startsWith('/jobs/') ?? false;
    if (!answer || (isJob && request.headers.authorization !== `Token ${accessToken}`)) {
      response.writeHead(404).end('{}');
      return;
    }
    text(request)
      .then(async (body) => answer(body === '' ? {} : JSON.parse(body)))
      .then((json) => response.writeHead(200, headers).end(JSON.stringify(json)))
      .catch(() => response.destroy());
  });
  return { url: listener.url, annotations, [Symbol.asyncDispose]: async () => listener.close() };
}

/** Signs a token with the claims of Buildkite's documentation, "buildkite-agent oidc". */
async function oidcToken(
  { privateKey, jwk }: IssuerKeys,
  issuer: string,
  audience: string,
): Promise<string> {
  const claims = {
    organization_slug: 'acme',
    pipeline_slug: 'web',
    build_branch: 'main',
    job_id: jobId,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: jwk.kid ?? '' })
    .setSubject('organization:acme:pipeline:web:ref:refs/heads/main:commit:HEAD:step:')
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('5 minutes')
    .sign(privateKey);
}

async function finish(agent: ChildProcess): ReturnType<() => RunningJob['finished']> {
  const { stdout, stderr } = agent;
  if (!stdout || !stderr) throw new Error('the output of the agent is not a pipe');
  const closed = once(agent, 'close');
  const [out, errors] = await Promise.all([text(stdout), text(stderr)]);
  await closed;
  return { exit: agent.exitCode ?? agent.signalCode ?? '', log: out + errors };
}
