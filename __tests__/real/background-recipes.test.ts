import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecipeFixture, recipe, type RecipeFixture } from './credentials-recipes.fixture.ts';
import { startPostgres } from './postgres.fixture.ts';
import { needs, programPath } from '../requirements.ts';
import { startSshd } from './ssh.fixture.ts';

const programs = {
  initdb: programPath('initdb'),
  pgCtl: programPath('pg_ctl'),
  psql: programPath('psql'),
};
const { username } = userInfo();

let open: RecipeFixture;
beforeAll(async () => {
  open = await openRecipeFixture(username);
});
afterAll(async () => await open[Symbol.asyncDispose]());

const nothingLeft = { leftInTemp: [], orphans: [] };

function asReader(script: string): string {
  return script
    .replace('dbname=orders user=ci', 'dbname=postgres user=reader')
    .replace('psql "', 'psql -XAt "');
}

function twiceAsThisUser(script: string): string {
  return script
    .replace('web-1 web-2', 'web-1 web-1')
    .replace('"ubuntu@', `-o BatchMode=yes "${username}@`);
}

function listPods(): string {
  return 'kubectl --context example.teleport.sh-prod get pods';
}

describe('the recipes of docs/credentials.md in background mode', () => {
  it('curl through a tunnel', needs('curl'), async () => {
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe('curl through a tunnel'));
    expect(await played.run(1)).toMatchObject({ outcome: 'success', raw: 'grafana greets bot-ci' });
    expect(await runner.finish()).toMatchObject(nothingLeft);
  });

  it('curl through a Unix socket', needs('curl'), async () => {
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe('curl through a tunnel', 'credentials.md', 1));
    expect(await played.run(1)).toMatchObject({ outcome: 'success', raw: 'grafana greets bot-ci' });
    expect(await runner.finish()).toMatchObject(nothingLeft);
  });

  it('curl through application-proxy', needs('curl'), async () => {
    await using runner = await open.runner();
    const services = '[{type: application-proxy}]';
    const mode = 'background';
    const script = 'http_proxy="http://127.0.0.1:$PORT" curl --fail http://grafana/api/health';
    const env = { PORT: '${{ steps.machine-id.outputs.tunnel-port }}' };
    const played = await open.begin(runner, [{ with: { mode, services } }, { run: script, env }]);
    expect(await played.run(1)).toMatchObject({ outcome: 'success', raw: 'grafana greets bot-ci' });
  });

  it('psql through a tunnel', needs('psql', 'initdb', 'pg_ctl'), async () => {
    const { proxy } = open.testbed;
    await using postgres = await startPostgres(programs, proxy.authorities);
    proxy.databases.set('orders', { host: '127.0.0.1', port: postgres.port });
    for (const fence of [0, 1]) {
      await using runner = await open.runner();
      const [first, ...rest] = recipe('psql through a tunnel', 'credentials.md', fence);
      const inputs = Object.entries({ ...first?.with }).map(([name, value]) => [
        name,
        value
          .replace('orders/orders/ci', 'orders/postgres/reader')
          .replace('database: orders', 'database: postgres')
          .replace('username: ci', 'username: reader'),
      ]);
      const step = { ...first, with: Object.fromEntries(inputs) };
      const played = await open.begin(runner, [step, ...rest]);
      expect(await played.run(1, asReader)).toMatchObject({ outcome: 'success', raw: '1' });
      expect(await runner.finish()).toMatchObject(nothingLeft);
    }
  });

  it('ssh through the multiplexer', needs('ssh', 'sshd'), async () => {
    await using host = await open.runner();
    const services = '[{type: ssh_host, principals: [web-1.example.teleport.sh]}]';
    const { outputs } = await open.begin(host, [{ with: { services } }]);
    const folder = outputs['destination-dir'] ?? '';
    await using server = await startSshd(programPath('sshd'), folder, folder);
    open.testbed.proxy.nodes.set('web-1', { host: '127.0.0.1', port: server.port });
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe('ssh through the multiplexer'));
    const { outcome, raw } = await played.run(1, twiceAsThisUser);
    expect([outcome, raw.match(/load average/g)]).toEqual([
      'success',
      ['load average', 'load average'],
    ]);
    expect(await runner.finish()).toMatchObject(nothingLeft);
  });

  it('a job of several hours', needs('kubectl'), async () => {
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe('A job of several hours'));
    expect((await played.run(1, listPods)).raw).toMatch(/^prod-pod\b/m);
    expect(await runner.finish()).toMatchObject(nothingLeft);
  });
});
