import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningJob, startJob } from './job.fixture.ts';
import { type Postgres, startPostgres } from './postgres.fixture.ts';
import { environment, needs, programPath } from '../requirements.ts';

const execute = promisify(execFile);
const services = `
- type: database
  name: db
  service: pg
  database: postgres
  username: reader
  format: tls
`;
const psql = programPath('psql');
const programs = { initdb: programPath('initdb'), pgCtl: programPath('pg_ctl'), psql };

describe.each(['15.0.0-dev', '18.2.4'])(
  'psql with the files of tbot %s',
  needs('psql', 'initdb', 'pg_ctl'),
  (version) => {
    let job: RunningJob;
    let postgres: Postgres;
    beforeAll(async () => {
      job = await startJob(version, { services });
      postgres = await startPostgres(programs, job.testbed.proxy.authorities);
    });
    afterAll(async () => {
      await postgres[Symbol.asyncDispose]();
      await job[Symbol.asyncDispose]();
    });
    const at = (role: string) => job.file('db', role);
    const uri = (changes: Record<string, string>) => {
      const usual = {
        host: 'localhost',
        port: String(postgres.port),
        dbname: 'postgres',
        user: 'reader',
        sslmode: 'verify-full',
        sslrootcert: at('tls-ca'),
        sslcert: at('tls-certificate'),
        sslkey: at('tls-key'),
      };
      const pairs = Object.entries({ ...usual, ...changes });
      return pairs.map(([name, value]) => `${name}='${value}'`).join(' ');
    };
    const ask = async (changes: Record<string, string> = {}) =>
      await execute(psql, ['-XAt', '-c', 'SELECT current_user', uri(changes)], {
        env: { ...environment, HOME: job.testbed.directory },
      });

    it('authenticates with its certificate', async () => {
      expect(await ask()).toMatchObject({ stdout: 'reader\n' });
    });

    it('authenticates with the files of the shorthand `database`', async () => {
      await using other = await startJob(version, { database: 'pg/postgres/reader' });
      await using server = await startPostgres(programs, other.testbed.proxy.authorities);
      const script = 'psql -XAt -c "SELECT current_user" "$DATABASE"';
      const asked = await other.later(script, {
        DATABASE: `host=localhost port=${server.port} dbname=postgres user=reader sslmode=verify-full`,
        PGSSLROOTCERT: other.outputs['ca-file'] ?? '',
        PGSSLCERT: other.outputs['certificate-file'] ?? '',
        PGSSLKEY: other.outputs['key-file'] ?? '',
      });
      expect(asked).toMatchObject({ outcome: 'success', raw: 'reader' });
    });

    it('is rejected as another user and without a certificate', async () => {
      await expect(ask({ user: 'admin' })).rejects.toMatchObject({
        stderr: expect.stringContaining('certificate authentication failed for user "admin"'),
      });
      await expect(ask({ sslcert: '/none', sslkey: '/none' })).rejects.toMatchObject({
        stderr: expect.stringContaining('requires a valid client certificate'),
      });
    });

    it('does not trust a server with a certificate of another CA', async () => {
      const failed = ask({ sslrootcert: at('database-ca') });
      await expect(failed).rejects.toMatchObject({
        stderr: expect.stringContaining('certificate verify failed'),
      });
    });

    it('runs in a later step with the variables of libpq', async () => {
      const step = await job.later("psql -XAt -c 'SELECT current_user'", {
        PGHOST: 'localhost',
        PGPORT: `${postgres.port}`,
        PGDATABASE: 'postgres',
        PGUSER: 'reader',
        PGSSLMODE: 'verify-full',
        PGSSLROOTCERT: at('tls-ca'),
        PGSSLCERT: at('tls-certificate'),
        PGSSLKEY: at('tls-key'),
      });
      expect(step).toMatchObject({ outcome: 'success', raw: 'reader' });
    });

    // The last test, because it ends the job.
    it('cannot connect after the job', async () => {
      expect(await ask()).toMatchObject({ stdout: 'reader\n' });
      expect(await job.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
      const failed = ask({ sslmode: 'require', sslrootcert: '/none' });
      await expect(failed).rejects.toMatchObject({
        stderr: expect.stringContaining('requires a valid client certificate'),
      });
    });
  },
);
