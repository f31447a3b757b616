import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClusterAuthorities } from '../../testbed/teleport/authorities.ts';
import { environment } from '../requirements.ts';
import { freePort } from './ssh.fixture.ts';

const execute = promisify(execFile);

/** The programs of PostgreSQL. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly psql: string;
}

/** A PostgreSQL server that requires client certificates. */
export interface Postgres extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts a server instead of Teleport's port for databases. Its certificate is issued by the host CA,
 * the client certificates by the user CA, and `bot-ci` is the database user `reader` or `ci`. `commands`
 * are SQL commands of the administrator.
 */
export async function startPostgres(
  { initdb, pgCtl, psql }: PostgresPrograms,
  authorities: ClusterAuthorities,
  commands: readonly string[] = [],
): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  const owner = unprivileged();
  if (owner !== undefined) for (const path of [folder, data]) chownSync(path, owner.uid, owner.gid);
  const names = join(folder, 'openssl.cnf');
  writeFileSync(names, attributeNames());
  const env = { ...environment, HOME: folder, OPENSSL_CONF: names };
  const as = { env, cwd: folder, ...owner };
  await execute(initdb, ['-D', data, '-U', 'admin', '--auth=trust', '--no-sync'], as);
  const port = await freePort();
  await configure(data, folder, port, authorities);
  if (owner !== undefined) {
    for (const name of ['server.key', 'server.crt', 'users.crt']) {
      chownSync(join(data, name), owner.uid, owner.gid);
    }
  }
  const control = ['-D', data, '-l', join(folder, 'log'), '-w'];
  await execute(pgCtl, [...control, 'start'], as).catch(() => {
    throw new Error(`PostgreSQL did not start:\n${readFileSync(join(folder, 'log'), 'utf8')}`);
  });
  const local = ['-X', '-h', folder, '-p', `${port}`, '-U', 'admin', 'postgres'];
  const all = ['CREATE ROLE reader LOGIN', ...commands].flatMap((command) => ['-c', command]);
  await execute(psql, [...local, ...all], as);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await execute(pgCtl, [...control, '-m', 'immediate', 'stop'], as);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// PostgreSQL rejects a certificate with an attribute that OpenSSL does not know, and Teleport's have
// many. In a real cluster, only the proxy receives them.
function attributeNames(): string {
  const oids = [1, 2].flatMap((arc) =>
    Array.from(
      { length: 20 },
      (_, index) => `teleport${arc}x${index + 1} = 1.3.9999.${arc}.${index + 1}`,
    ),
  );
  return ['openssl_conf = all', '[all]', 'oid_section = oids', '[oids]', ...oids, ''].join('\n');
}

// PostgreSQL does not run as root.
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  return process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
}

async function configure(
  data: string,
  folder: string,
  port: number,
  authorities: ClusterAuthorities,
): Promise<void> {
  const { key, cert } = await authorities.host.serverCertificate(['localhost', '127.0.0.1']);
  const write = (name: string, text: string) => writeFileSync(join(data, name), text);
  write('server.key', key);
  chmodSync(join(data, 'server.key'), 0o600);
  write('server.crt', cert);
  write('users.crt', authorities.user.pem);
  write(
    'postgresql.auto.conf',
    [
      `port = ${port}`,
      "listen_addresses = '127.0.0.1'",
      `unix_socket_directories = '${folder}'`,
      'fsync = off',
      'ssl = on',
      "ssl_ca_file = 'users.crt'",
      '',
    ].join('\n'),
  );
  write('pg_hba.conf', 'local all admin trust\nhostssl all all 127.0.0.1/32 cert map=bots\n');
  write('pg_ident.conf', 'bots bot-ci reader\nbots bot-ci ci\n');
}
