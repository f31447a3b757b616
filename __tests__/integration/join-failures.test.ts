import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Identity } from '../../src/methods/join-identity.ts';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import { type HttpClient, openHttpClient } from '../../src/http/client.ts';
import { tbotConfig } from '../../src/tbot/config.ts';
import { tbotEnvironment } from '../../src/tbot/environment.ts';
import { explain, type Explanation } from '../../src/tbot/diagnosis/explain.ts';
import { runTbot } from '../../src/tbot/run.ts';
import { noFaults } from '../../testbed/faults.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';

const github: Identity = { method: 'github' };
const azure: Identity = { method: 'azure' };

interface Case {
  readonly name: string;
  readonly code: string;
  readonly retryable?: boolean;
  readonly token?: string;
  readonly identity?: Identity;
  /** Configures the testbed. */
  readonly before?: (testbed: Testbed) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly caBundle?: string | undefined;
  /** Also run with --debug. */
  readonly debug?: boolean;
}

const cases: readonly Case[] = [
  { name: 'a token that does not exist', code: 'token-unknown', token: 'nobody' },
  {
    name: 'an allow rule for another repository',
    code: 'claims-denied',
    token: 'other-repo',
    debug: true,
  },
  { name: 'a token for join method azure', code: 'token-method', token: 'ci-azure' },
  { name: 'a token for nodes', code: 'token-role', token: 'node-only' },
  { name: 'a locked bot', code: 'locked', token: 'locked-bot' },
  { name: 'a bot without roles', code: 'no-roles', token: 'no-roles' },
  { name: 'no permission to request an OIDC token', code: 'no-id-token', env: {} },
  {
    name: 'a refused OIDC token',
    code: 'id-token-refused',
    before: ({ faults }) => void (faults.github = { kind: 'status', status: 401 }),
  },
  {
    name: 'an OIDC token endpoint with HTTP 500',
    code: 'id-token-refused',
    retryable: true,
    before: ({ faults }) => void (faults.github = { kind: 'status', status: 500 }),
  },
  {
    name: 'a web page instead of GitHub',
    debug: true,
    code: 'id-token-refused',
    before: ({ faults }) => void (faults.github = { kind: 'html' }),
  },
  {
    name: 'an expired OIDC token',
    code: 'clock',
    before: ({ faults }) => void (faults.clock.github = -3600),
  },
  {
    name: 'an OIDC token that is not valid yet',
    code: 'clock',
    before: ({ faults }) => void (faults.clock.github = 3600),
  },
  {
    name: 'a connection that breaks',
    code: 'proxy-unreachable',
    retryable: true,
    before: ({ faults }) => void (faults.join = { kind: 'reset', joins: 9 }),
  },
  {
    name: 'an unknown CA',
    code: 'proxy-untrusted',
    caBundle: undefined,
    debug: true,
  },
  {
    name: 'a machine in another resource group',
    code: 'azure-denied',
    token: 'ci-azure',
    identity: azure,
    before: ({ imds }) => void (imds.machine.resourceGroupName = 'group2'),
  },
  {
    name: 'no metadata service',
    code: 'no-imds',
    token: 'ci-azure',
    identity: azure,
    before: ({ faults }) => void (faults.imds = { kind: 'down' }),
  },
  {
    name: 'a machine without a managed identity',
    code: 'imds-no-identity',
    debug: true,
    token: 'ci-azure',
    identity: azure,
    before: ({ faults }) => void (faults.imds = { kind: 'no-identity' }),
  },
  {
    name: 'a machine with several identities',
    code: 'imds-several-identities',
    token: 'ci-azure',
    identity: azure,
    before: ({ faults }) => void (faults.imds = { kind: 'several-identities' }),
  },
  {
    name: 'a rate-limited metadata service',
    code: 'imds-throttled',
    retryable: true,
    token: 'ci-azure',
    identity: azure,
    before: ({ faults }) => void (faults.imds = { kind: 'throttled', requests: 9 }),
  },
  {
    name: 'a tbot that is killed',
    code: 'tbot',
    before: ({ faults }) => void (faults.tbot = { kind: 'killed' }),
  },
];

describe.each(['15.0.0-dev', '18.2.4'])('tbot %s of the testbed', (version) => {
  let testbed: Testbed;
  let network: HttpClient;
  let folder: string;

  beforeAll(async () => {
    testbed = await startTestbed({ teleportVersion: version });
    network = openHttpClient({ env: {}, extraCaFile: testbed.caFile });
    folder = await mkdtemp(join(tmpdir(), 'failures-'));
  });
  afterEach(() => {
    Object.assign(testbed.faults, { ...noFaults(), clock: testbed.faults.clock });
    Object.assign(testbed.faults.clock, noFaults().clock);
    testbed.imds.machine.resourceGroupName = 'group1';
  });
  afterAll(async () => {
    network.close();
    await testbed[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function failing(wanted: Case, debug: boolean): Promise<Explanation> {
    wanted.before?.(testbed);
    const { token = 'ci-github', identity = github } = wanted;
    const env = wanted.env ?? { ...testbed.github.environment, ...testbed.imds.environment };
    const endpoint = { kind: 'proxy', address: testbed.proxy.address } as const;
    const service = { type: 'identity', allowReissue: false } as const;
    const config = tbotConfig({
      version,
      endpoint,
      token,
      identity,
      ttl: 3600,
      services: [{ name: 'identity', service, dir: join(folder, 'id') }],
    });
    const path = join(folder, 'tbot.yaml');
    await writeFile(path, stringify(config));
    const signal = AbortSignal.timeout(30_000);
    const failure = await runTbot(
      {
        path: await testbed.tbot(version),
        args: ['start', ...(debug ? ['--debug'] : []), '-c', path],
        env: tbotEnvironment({
          env: { PATH: '/usr/bin:/bin', HOME: folder, ...env },
          identity,
          endpoint,
          anonymousTelemetry: false,
          caBundle: 'caBundle' in wanted ? wanted.caBundle : testbed.caFile,
        }),
        cwd: folder,
      },
      { signal, onStart: async () => {}, onLine: () => {} },
    );
    if (!failure) throw new Error('tbot did not fail');
    const context = { endpoint, cluster: 'rig.example.com', token, identity, tbotVersion: version };
    return await explain(
      failure,
      { ...context, job: { ...githubActions({}).job, publicRepository: false } },
      { env, network, mask: () => {}, signal },
    );
  }

  it.each(cases)('$name: $code', async (wanted) => {
    for (const debug of wanted.debug ? [false, true] : [false]) {
      const { problem, retryable } = await failing(wanted, debug);
      expect({ code: problem.code, retryable, debug }).toEqual({
        code: wanted.code,
        retryable: wanted.retryable ?? false,
        debug,
      });
    }
  });
});
