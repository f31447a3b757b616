import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openRecipeFixture,
  type Played,
  type RecipeFixture,
} from './credentials-recipes.fixture.ts';
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

/** Lifetime of the certificates, in milliseconds. */
const lifetime = 10_000;

const inputs = {
  mode: 'background',
  'certificate-ttl': `${lifetime}ms`,
  'renewal-interval': '2s',
  'application-tunnel': 'grafana',
  'database-tunnel': 'orders/postgres/reader',
  services: '[{type: identity}, {type: ssh-multiplexer, name: mux}]',
};

function output(path: string): string {
  return `\${{ fromJSON(steps.machine-id.outputs.credentials).${path} }}`;
}

/** Uses each credential once. */
const requests = {
  run: [
    'set -e',
    'curl --fail --max-time 5 "http://127.0.0.1:$APPLICATION"',
    'psql -XAt "host=127.0.0.1 port=$DATABASE dbname=postgres user=reader" -c "select 1"',
    `ssh -o BatchMode=yes -F "$SSH_CONFIG" "${username}@web-1.example.teleport.sh" echo ssh`,
    // tbot rewrites the file in place, so a reader tries again.
    'valid() { openssl x509 -in "$TELEPORT_IDENTITY_FILE" -noout -checkend 0; }',
    'valid || valid',
  ].join('\n'),
  env: {
    APPLICATION: output('application-tunnel-grafana.port'),
    DATABASE: output('database-tunnel-orders-postgres-reader.port'),
    SSH_CONFIG: output('mux.files.ssh-config'),
  },
};

const eachSucceeded = 'grafana greets bot-ci\n1\nssh\nCertificate will not expire';

/** Returns what the requests print, or the log of the step if one fails. */
async function useEach(played: Played): Promise<string> {
  const { outcome, raw, log } = await played.run(1);
  return outcome === 'success' ? raw : log;
}

describe('a job in background mode', () => {
  it(
    'can use each credential for three certificate lifetimes',
    {
      ...needs('curl', 'psql', 'initdb', 'pg_ctl', 'ssh', 'sshd', 'openssl'),
      timeout: 180_000,
    },
    async () => {
      const { proxy } = open.testbed;
      await using postgres = await startPostgres(programs, proxy.authorities);
      proxy.databases.set('orders', { host: '127.0.0.1', port: postgres.port });
      await using host = await open.runner();
      const services = '[{type: ssh_host, principals: [web-1.example.teleport.sh]}]';
      const { outputs } = await open.begin(host, [{ with: { services } }]);
      const folder = outputs['destination-dir'] ?? '';
      await using server = await startSshd(programPath('sshd'), folder, folder);
      proxy.nodes.set('web-1', { host: '127.0.0.1', port: server.port });

      await using runner = await open.runner();
      const played = await open.begin(runner, [{ with: inputs }, requests]);
      const end = Date.parse(played.outputs['expires-at'] ?? '') + 2 * lifetime;
      let used: number;
      do {
        used = Date.now();
        expect(await useEach(played)).toEqual(eachSucceeded);
      } while (!(used > end));
      expect(await runner.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
    },
  );
});
