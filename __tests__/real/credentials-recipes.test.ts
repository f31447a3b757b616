import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openRecipeFixture,
  recipe,
  recipeNames,
  type RecipeFixture,
} from './credentials-recipes.fixture.ts';
import { startPostgres } from './postgres.fixture.ts';
import { startSshd } from './ssh.fixture.ts';
import { needs, programPath } from '../requirements.ts';

const sshd = programPath('sshd');
const { username } = userInfo();

let open: RecipeFixture;
beforeAll(async () => {
  open = await openRecipeFixture(username);
});
afterAll(async () => await open[Symbol.asyncDispose]());

describe('the recipes of docs/credentials.md', () => {
  it('exist', () => {
    expect(recipeNames()).toHaveLength(7);
  });

  it.each(recipeNames())('%s: the files in the `env:` of its steps exist', async (heading) => {
    await using runner = await open.runner();
    const steps = recipe(heading);
    const played = await open.begin(runner, steps);
    for (const [index, { env = {} }] of steps.entries())
      for (const [name, text] of Object.entries(env).filter(([, value]) => value.includes('${{')))
        expect([text, (await played.run(index, () => `test -s "$${name}"`)).outcome]).toEqual([
          text,
          'success',
        ]);
    expect(await runner.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it('curl to an application', needs('curl'), async () => {
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe('curl to an application'));
    expect((await played.run(1)).raw).toBe('grafana greets bot-ci');
  });

  it('kubectl', needs('kubectl'), async () => {
    await using runner = await open.runner();
    const { raw } = await (await open.begin(runner, recipe('kubectl'))).run(1);
    expect(raw).toContain('example.teleport.sh-prod');
    expect(raw).toMatch(/^staging-pod\b/m);
  });

  it('openssl and SPIFFE: the bundle verifies the certificate', needs('openssl'), async () => {
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe('openssl and SPIFFE'));
    const { raw } = await played.run(1, (script) => script.split('\n', 1).join());
    expect(raw).toMatch(/svid\.pem: OK$/);
  });

  it('host certificate for sshd: sshd accepts the configuration', needs('sshd'), async () => {
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe('Host certificate for sshd'));
    const etc = join(runner.temp, 'etc');
    const settle = (script: string): string =>
      [
        `mkdir -p '${etc}/ssh/sshd_config.d' /run/sshd`,
        script
          .replaceAll('/etc/', `${etc}/`)
          .replaceAll('sudo ', '')
          .replace(
            'sshd -t && systemctl reload ssh',
            `${sshd} -t -f '${etc}/ssh/sshd_config.d/teleport.conf'`,
          ),
      ].join('\n');
    const { outcome, raw } = await played.run(1, settle);
    expect([outcome, raw]).toEqual(['success', expect.stringContaining('TrustedUserCAKeys')]);
  });

  it.each([
    ['ssh', 'credentials.md'],
    ['Host key verification failed', 'problems.md'],
  ] as const)('%s', needs('ssh', 'sshd'), async (heading, page) => {
    await using host = await open.runner();
    const services = '[{type: ssh_host, principals: [web-1.example.teleport.sh]}]';
    const { outputs } = await open.begin(host, [{ with: { services } }]);
    const folder = outputs['destination-dir'] ?? '';
    await using server = await startSshd(sshd ?? '', folder, folder);
    open.testbed.proxy.nodes.set('web-1', { host: '127.0.0.1', port: server.port });
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe(heading, page));
    expect((await played.run(1, asThisUser)).raw).toMatch(/load average/);
  });

  it('psql, with a separate port for PostgreSQL', needs('psql', 'initdb', 'pg_ctl'), async () => {
    const programs = {
      initdb: programPath('initdb'),
      pgCtl: programPath('pg_ctl'),
      psql: programPath('psql'),
    };
    await using postgres = await startPostgres(programs, open.testbed.proxy.authorities);
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe('psql'));
    const settle = (script: string): string =>
      (script.trimEnd().split('\n').at(-1) ?? '')
        .replace(
          'port=15432 dbname=orders user=ci',
          `port=${postgres.port} dbname=postgres user=reader`,
        )
        .replace('psql', 'psql -XAt');
    const { outcome, raw } = await played.run(1, settle);
    expect([outcome, raw]).toEqual(['success', '1']);
  });
});

describe('the recipes of docs/problems.md', () => {
  it('Permission denied (publickey): lists the logins', needs('ssh-keygen'), async () => {
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe('Permission denied (publickey)', 'problems.md'));
    expect((await played.run(1)).raw).toMatch(new RegExp(`Principals:\\s+${username}$`, 'm'));
  });

  it('302 to a login page: fails unless the status is 200', needs('curl'), async () => {
    await using runner = await open.runner();
    const played = await open.begin(runner, recipe('302 to a login page', 'problems.md'));
    expect(await played.run(1)).toMatchObject({ outcome: 'success', raw: 'HTTP 200' });
    expect(await played.run(1, withoutCertificate)).toMatchObject({
      outcome: 'failure',
      raw: 'HTTP 302',
    });
  });
});

function withoutCertificate(script: string): string {
  return script.replace('--cert "$CERTIFICATE" --key "$KEY"', '');
}

function asThisUser(script: string): string {
  return script.replace(/("?)ubuntu@/, `-o BatchMode=yes $1${username}@`);
}
