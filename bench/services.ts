import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as yaml from 'yaml';
import { workdirName } from '../src/workdir/workdir.ts';
import { configName } from '../src/plan.ts';
import { readServices } from '../src/services/read.ts';
import { createRunner, readAction } from '../testbed/runner/runner.ts';
import { startTestbed, type Testbed } from '../testbed/testbed.ts';
import { type Contestant, race, table } from './measure.ts';
import { hundred, ten } from './services/lists.ts';

const execute = promisify(execFile);
const root = new URL('..', import.meta.url).pathname;
const cold = new URL('services/cold.ts', import.meta.url).pathname;

/** Measures reading `services`, and ten credentials instead of one. */
export async function benchServices(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    await benchReading(folder);
    await benchJoining(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const parse = '`yaml.parse` of 100 services';
const check = 'reading and checking them (target: 2x)';

/** Measures the first call in a new process, as in a step, and repeated calls. */
async function benchReading(folder: string): Promise<void> {
  const text = hundred();
  const file = join(folder, 'services.yaml');
  await writeFile(file, text);
  const first = async (parser: string): Promise<number> =>
    Number((await execute(process.execPath, [cold, parser, file], { env: {} })).stdout);
  const cool = await race(20, [
    { name: parse, run: async () => first('yaml') },
    { name: check, run: async () => first('readServices') },
  ]);
  table(`The input \`services\`, ${text.length} characters, the first call of a process`, cool);
  const warm = await race(100, [
    { name: parse, run: () => void yaml.parse(text) },
    { name: check, run: () => void readServices(text, yaml) },
  ]);
  table('The same, warm', warm);
}

/** The overhead of the action is its time minus the time of tbot. */
async function benchJoining(folder: string): Promise<void> {
  await using testbed = await startTestbed();
  const place = { testbed, folder, tbot: await testbed.tbot() };
  const rows = await race(20, [
    ...(await contestants(1, place)),
    ...(await contestants(10, place)),
  ]);
  table('The whole step', rows);
  const [tbotOne = 0, one = 0, tbotTen = 0, all = 0] = rows.map(({ median }) => median);
  table('Overhead of the action', [
    { name: 'one service', median: one - tbotOne },
    { name: 'ten services of nine types (target: 1.2x)', median: all - tbotTen },
  ]);
  const counts = await Promise.all([1, 10].map(async (number) => await count(number, folder)));
  for (const line of counts) console.log(line);
}

interface Place {
  readonly testbed: Testbed;
  readonly folder: string;
  readonly tbot: string;
}

/** Returns tbot with the configuration that the action writes, and the action. */
async function contestants(number: number, place: Place): Promise<readonly Contestant[]> {
  const { testbed, tbot } = place;
  const config = join(place.folder, `${number}.yaml`);
  await act(number, place, config);
  const environment = { ...testbed.github.environment, SSL_CERT_FILE: testbed.caFile };
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const alone = async (): Promise<void> => {
    await execute(tbot, ['version'], { env });
    await execute(tbot, ['start', '-c', config], { env });
  };
  return [
    { name: `tbot alone, ${number}`, run: alone },
    { name: `the action, ${number}`, run: async () => act(number, place) },
  ];
}

/** Runs a job with one step, saves its configuration in `keep` and returns its milliseconds. */
async function act(number: number, place: Place, keep?: string): Promise<number> {
  const { testbed, folder, tbot } = place;
  const environment = { ...testbed.github.environment, SSL_CERT_FILE: testbed.caFile };
  await using runner = await createRunner({ environment });
  const { outcome, log, durationMs } = await runner.uses({
    ...(await readAction(root)),
    inputs: {
      proxy: testbed.proxy.address,
      token: 'ci-github',
      'tbot-path': tbot,
      services: yaml.stringify(ten.slice(0, number)),
    },
  });
  if (outcome !== 'success') throw new Error(log);
  if (keep !== undefined) {
    const names = await readdir(runner.temp);
    const workdir = join(runner.temp, names.find((name) => workdirName.test(name)) ?? '');
    const config = await readFile(join(workdir, configName), 'utf8');
    await writeFile(keep, config.replaceAll(workdir, join(folder, `${number}`)));
  }
  await runner.finish();
  return durationMs;
}

/** Counts the requests of a join with this number of services. */
async function count(number: number, folder: string): Promise<string> {
  await using testbed = await startTestbed();
  await act(number, { testbed, folder, tbot: await testbed.tbot() });
  const { proxy, github } = testbed;
  return `  ${number} services: ${proxy.joins.length} joins (target: 1), ${github.requests.length} OIDC token requests (target: 1)`;
}
