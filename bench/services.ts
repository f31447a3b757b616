import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as yaml from 'yaml';
import { readServices } from '../src/tbot/services/read.ts';
import { createRunner, readAction, type StandInRunner } from '../testbed/runner/runner.ts';
import { startTestbed, type Testbed } from '../testbed/testbed.ts';
import { type Contestant, race, table } from './measure.ts';

const execute = promisify(execFile);
const root = new URL('..', import.meta.url).pathname;
const arn = 'arn:aws:rolesanywhere:us-east-1:123456789012';

/** Every type; what they ask for is what the testbed has. */
const ten: readonly Readonly<Record<string, unknown>>[] = [
  { type: 'identity' },
  { type: 'application', app_name: 'hello', specific_tls_naming: true },
  { type: 'application', app_name: 'api', credential_ttl: '30m', renewal_interval: '10m' },
  { type: 'database', service: 'pg', database: 'app', username: 'ci', format: 'tls' },
  { type: 'kubernetes', kubernetes_cluster: 'prod', disable_exec_plugin: true },
  { type: 'kubernetes/v2', selectors: [{ labels: { env: 'prod' } }], disable_exec_plugin: true },
  { type: 'ssh_host', principals: ['web-1.example.com', 'web-1'] },
  { type: 'workload-identity-x509', selector: { name: 'deploy' } },
  { type: 'workload-identity-jwt', selector: { name: 'deploy' }, audiences: ['example.com'] },
  {
    type: 'workload-identity-aws-roles-anywhere',
    selector: { name: 'deploy' },
    role_arn: 'arn:aws:iam::123456789012:role/ci',
    profile_arn: `${arn}:profile/1`,
    trust_anchor_arn: `${arn}:trust-anchor/1`,
    region: 'us-east-1',
  },
];

/** The list of services: what it costs to check one, and to have ten credentials instead of one. */
export async function benchServices(): Promise<void> {
  await benchReading();
  await benchJoining();
}

async function benchReading(): Promise<void> {
  const hundred = Array.from({ length: 10 }, (_, index) =>
    ten.map((service, place) => ({ ...service, name: `service-${index}-${place}` })),
  ).flat();
  const text = yaml.stringify(hundred, { aliasDuplicateObjects: false });
  const rows = await race(200, [
    { name: '`yaml.parse` of 100 services', run: () => void yaml.parse(text) },
    { name: 'reading and checking them (wanted: 2x)', run: () => void readServices(text, yaml) },
  ]);
  table('The input `services`', rows);
}

async function benchJoining(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    await using testbed = await startTestbed();
    const environment = { ...testbed.github.environment, SSL_CERT_FILE: testbed.caFile };
    await using runner = await createRunner({ environment });
    const place = { testbed, runner, folder, tbot: await testbed.tbot() };
    const rows = await race(10, [
      ...(await contestants(1, place)),
      ...(await contestants(10, place)),
    ]);
    const [tbotOne = 0, one = 0, tbotAll = 0, all = 0] = rows.map(({ median }) => median);
    table('One join for any number of services, without what tbot alone needs', [
      { name: 'one service', median: one - tbotOne },
      { name: 'ten services of nine types (wanted: 1.2x)', median: all - tbotAll },
    ]);
    for (const number of [1, 10]) await count(number, place);
    await runner.finish();
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Place {
  readonly testbed: Testbed;
  readonly runner: StandInRunner;
  readonly folder: string;
  readonly tbot: string;
}

/** tbot alone with the first of the services, and the action. */
async function contestants(number: number, place: Place): Promise<readonly Contestant[]> {
  const { testbed, folder, tbot } = place;
  const config = join(folder, `${number}.yaml`);
  await writeFile(config, JSON.stringify(configFor(number, place)));
  const environment = { ...testbed.github.environment, SSL_CERT_FILE: testbed.caFile };
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  return [
    { name: 'tbot', run: async () => void (await execute(tbot, ['start', '-c', config], { env })) },
    { name: 'the action', run: async () => act(number, place) },
  ];
}

function configFor(number: number, { testbed, folder }: Place): unknown {
  return {
    version: 'v2',
    proxy_server: testbed.proxy.address,
    onboarding: { join_method: 'github', token: 'ci-github' },
    storage: { type: 'memory' },
    oneshot: true,
    services: ten.slice(0, number).map(({ type, ...settings }, index) => ({
      type,
      destination: { type: 'directory', path: join(folder, `${number}-${index}`) },
      ...settings,
    })),
  };
}

async function act(number: number, { testbed, runner, tbot }: Place): Promise<void> {
  const { outcome, log } = await runner.uses({
    ...(await readAction(root)),
    inputs: {
      proxy: testbed.proxy.address,
      token: 'ci-github',
      'tbot-path': tbot,
      services: yaml.stringify(ten.slice(0, number)),
    },
  });
  if (outcome !== 'success') throw new Error(log);
}

async function count(number: number, place: Place): Promise<void> {
  const { proxy, github } = place.testbed;
  const before = [proxy.joins.length, github.requests.length];
  await act(number, place);
  const [joins = 0, tokens = 0] = before;
  console.log(
    `  ${number} of them: ${proxy.joins.length - joins} join, ${github.requests.length - tokens} request for an id token`,
  );
}
