import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRunner, readAction } from '../testbed/runner/runner.ts';
import { startTestbed } from '../testbed/testbed.ts';
import { race, table } from './measure.ts';

const execute = promisify(execFile);
const root = new URL('..', import.meta.url).pathname;

/** Compares the whole action with tbot alone, with the same configuration and tbot present. */
export async function benchAction(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    await using testbed = await startTestbed();
    const tbot = await testbed.tbot();
    const proxy = testbed.proxy.address;
    const config = join(folder, 'tbot.yaml');
    await writeFile(config, JSON.stringify(configFor(proxy, join(folder, 'identity'))));
    const github = { ...testbed.github.environment };
    const env = { PATH: process.env['PATH'] ?? '', SSL_CERT_FILE: testbed.caFile, ...github };
    await using runner = await createRunner({
      environment: { ...github, SSL_CERT_FILE: testbed.caFile },
    });
    const action = await readAction(root);
    const inputs = { proxy, token: 'ci-github', 'tbot-path': tbot };
    const rows = await race(10, [
      {
        name: 'tbot alone',
        run: async () => void (await execute(tbot, ['start', '-c', config], { env })),
      },
      {
        name: 'the action (main)',
        run: async () => void (await runner.uses({ ...action, inputs })),
      },
    ]);
    table('The whole action, tbot present', rows);
    const [alone, whole] = rows.map(({ median }) => median);
    console.log(
      `  ${((whole ?? 0) - (alone ?? 0)).toFixed(1).padStart(8)} ms  overhead of the action`,
    );
    await runner.finish();
  } finally {
    await rm(folder, { recursive: true });
  }
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
