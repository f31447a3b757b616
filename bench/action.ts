import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { tar } from '../testbed/downloads/tar.ts';
import { createRunner, readAction, type StandInRunner } from '../testbed/runner/runner.ts';
import { startTestbed, type Testbed } from '../testbed/testbed.ts';
import { type Contestant, type Measured, race, table } from './measure.ts';

const execute = promisify(execFile);
const root = new URL('..', import.meta.url).pathname;
const version = '18.2.4';
/** Bytes of a real tbot, stripped, Linux amd64. */
const tbotSize = 87_000_000;

/** Compares the whole action with tbot alone, with the same configuration and tbot present. */
export async function benchAction(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    await using testbed = await startTestbed();
    await publishLargeTbot(testbed);
    for (const trust of ['Node trusts the proxy', 'only the system trusts the proxy'] as const) {
      // Node reads NODE_EXTRA_CA_CERTS and tbot SSL_CERT_FILE, which stands for the system's.
      const node = trust === 'Node trusts the proxy' ? testbed.caFile : undefined;
      await using runner = await createRunner({
        environment: {
          ...testbed.github.environment,
          SSL_CERT_FILE: testbed.caFile,
          ...(node && { NODE_EXTRA_CA_CERTS: node }),
        },
      });
      const rows = await race(15, await contestants(testbed, runner, folder));
      table(`The whole action, tbot present; ${trust}`, rows);
      for (const row of rows.slice(1)) printOverhead(row, rows[0]);
      await runner.finish();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function contestants(
  testbed: Testbed,
  runner: StandInRunner,
  folder: string,
): Promise<readonly Contestant[]> {
  const tbot = await testbed.tbot(version);
  const action = await readAction(root);
  const common = { proxy: testbed.proxy.address, token: 'ci-github', version };
  const config = join(folder, 'tbot.yaml');
  await writeFile(config, JSON.stringify(configFor(common.proxy, join(folder, 'identity'))));
  const env = {
    PATH: process.env['PATH'] ?? '',
    SSL_CERT_FILE: testbed.caFile,
    ...testbed.github.environment,
  };
  const joinWith = async (
    inputs: Readonly<Record<string, string>>,
    source: string,
  ): Promise<void> => {
    const { outputs, log } = await runner.uses({ ...action, inputs: { ...common, ...inputs } });
    if (outputs['tbot-source'] !== source) throw new Error(log);
  };
  const cached = { mirror: testbed.downloads.url };
  await joinWith(cached, 'archive');
  return [
    {
      name: 'tbot alone',
      run: async () => void (await execute(tbot, ['start', '-c', config], { env })),
    },
    {
      name: 'the action, `tbot-path`',
      run: async () => joinWith({ 'tbot-path': tbot }, 'tbot-path'),
    },
    { name: 'the action, tool cache', run: async () => joinWith(cached, 'tool-cache') },
  ];
}

/** Publishes a release whose tbot has the size of a real one: the stand-in, which ends in `exec`, and padding. */
async function publishLargeTbot(testbed: Testbed): Promise<void> {
  const padding = await readFile(process.execPath);
  const content = Buffer.concat([await readFile(await testbed.tbot(version)), padding]);
  const archive = tar([{ name: 'teleport/tbot', content: content.subarray(0, tbotSize) }]);
  const name = `teleport-v${version}-linux-amd64-bin.tar.gz`;
  testbed.downloads.publish(name, gzipSync(archive, { level: 1 }));
}

function printOverhead(row: Measured, alone: Measured | undefined): void {
  const overhead = (key: 'median' | 'min'): string =>
    (row[key] - (alone?.[key] ?? 0)).toFixed(1).padStart(8);
  console.log(
    `  ${overhead('median')} ms  overhead of ${row.name} (of the fastest runs: ${overhead('min').trim()} ms)`,
  );
}

function configFor(proxy: string, path: string): unknown {
  return {
    version: 'v2',
    proxy_server: proxy,
    onboarding: { join_method: 'github', token: 'ci-github' },
    storage: { type: 'memory' },
    oneshot: true,
    services: [{ type: 'identity', destination: { type: 'directory', path } }],
  };
}
