import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Run,
  service,
  type ServiceStage,
  startServiceStage,
} from '../world/testbed-services.stage.ts';
import { environment, findProgram } from './programs.ts';

const execute = promisify(execFile);
const curl = findProgram('curl', 'no application was asked') ?? '';
const openssl = findProgram('openssl', 'no certificate was verified') ?? '';

describe.each(['15.0.0-dev', '17.4.5', '18.2.4', '19.0.0'])(
  'certificates of tbot %s',
  (version) => {
    let stage: ServiceStage;
    let run: Run;
    beforeAll(async () => {
      stage = await startServiceStage({ teleportVersion: version });
      run = await stage.run(version, [
        service('app', 'application', 'app_name: hello, specific_tls_naming: true'),
        service('api', 'application', 'app_name: api'),
        service('db', 'database', 'service: pg, format: tls'),
        service('mongo', 'database', 'service: mongo, format: mongo'),
        service('crdb', 'database', 'service: crdb, format: cockroach'),
      ]);
    });
    afterAll(async () => await stage[Symbol.asyncDispose]());
    const at = (folder: string, name: string) => join(run.directory, folder, name);
    const fetchFrom = async (name: string, certificate: string, key: string) => {
      const [, port] = stage.testbed.proxy.address.split(':');
      const trust = ['--cacert', stage.testbed.caFile, '--resolve', `${name}:${port}:127.0.0.1`];
      const shown = ['--cert', certificate, '--key', key];
      const url = `https://${name}:${port}/`;
      const { stdout } = await execute(
        curl,
        ['-sS', '-w', '%{http_code}', ...trust, ...shown, url],
        { env: environment },
      );
      return stdout;
    };

    it.runIf(curl)('let curl into the application they are for, and no other', async () => {
      const hello = 'hello.rig.example.com';
      const greeting = 'hello greets bot-ci\n200';
      expect(await fetchFrom(hello, at('app', 'tlscert'), at('app', 'key'))).toBe(greeting);
      expect(await fetchFrom(hello, at('app', 'tls.crt'), at('app', 'tls.key'))).toBe(greeting);
      const api = [at('api', 'tlscert'), at('api', 'key')] as const;
      expect(await fetchFrom(hello, ...api)).toBe('302');
      expect(await fetchFrom('api.example.org', ...api)).toBe('api greets bot-ci\n200');
    });

    it.runIf(openssl)('of databases are of the user authority', async () => {
      const user = ['-purpose', 'sslclient', '-CAfile', at('db', 'teleport-user-ca.crt')];
      const files = [
        at('db', 'tls.crt'),
        at('mongo', 'mongo.crt'),
        at('crdb', 'cockroach/node.crt'),
      ];
      expect(await verify(...user, ...files)).toBe(files.map((file) => `${file}: OK\n`).join(''));
      const host = ['-CAfile', at('db', 'teleport-host-ca.crt'), at('db', 'tls.crt')];
      await expect(verify(...host)).rejects.toMatchObject({ code: 2 });
    });

    it.runIf(openssl)('go with their keys', async () => {
      const pairs = [
        [at('app', 'tls.crt'), at('app', 'tls.key')],
        [at('mongo', 'mongo.crt'), at('mongo', 'mongo.crt')],
        [at('crdb', 'cockroach/node.crt'), at('crdb', 'cockroach/node.key')],
      ];
      for (const [certificate = '', key = ''] of pairs) {
        const read = async (...words: string[]) =>
          (await execute(openssl, words, { env: environment })).stdout;
        expect(await read('pkey', '-in', key, '-pubout')).toBe(
          await read('x509', '-in', certificate, '-noout', '-pubkey'),
        );
      }
    });

    it.runIf(openssl)('are verified for real: a byte changed is refused', async () => {
      const broken = at('db', 'broken.pem');
      const lines = run.read('db', 'tls.crt').split('\n');
      const [line = ''] = lines.splice(-4, 1);
      const changed = line.startsWith('A') ? 'B' : 'A';
      lines.splice(-3, 0, changed + line.slice(1));
      writeFileSync(broken, lines.join('\n'));
      const failed = verify('-CAfile', at('db', 'teleport-user-ca.crt'), broken);
      await expect(failed).rejects.toMatchObject({ code: 2 });
    });
  },
);

describe.runIf(openssl).each(['17.2.1', '18.2.4', '19.0.0'])('SVIDs of tbot %s', (version) => {
  it('are of the bundle beside them, and go with their key', async () => {
    await using stage = await startServiceStage({ teleportVersion: version });
    const selector = 'selector: {name: build}';
    const run = await stage.run(version, [service('x509', 'workload-identity-x509', selector)]);
    const [svid = '', key = '', bundle = ''] = ['svid.pem', 'svid_key.pem', 'svid_bundle.pem'].map(
      (name) => join(run.directory, 'x509', name),
    );
    const strict = ['-x509_strict', '-purpose', 'sslclient', '-CAfile', bundle];
    expect(await verify(...strict, svid)).toBe(`${svid}: OK\n`);
    const named = 'subjectAltName,basicConstraints,keyUsage';
    const shown = await tell('x509', '-in', svid, '-noout', '-ext', named);
    expect(shown).toContain('URI:spiffe://rig.example.com/ci/build');
    expect(shown).toContain('CA:FALSE');
    expect(shown).toContain('Digital Signature');
    expect(await tell('pkey', '-in', key, '-pubout')).toBe(
      await tell('x509', '-in', svid, '-noout', '-pubkey'),
    );
  });
});

async function tell(...words: string[]): Promise<string> {
  const { stdout } = await execute(openssl, words, { env: environment });
  return stdout;
}

async function verify(...words: string[]): Promise<string> {
  return await tell('verify', ...words);
}
