import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningJob, startJob } from './job.fixture.ts';
import { environment, needs, programPath } from '../requirements.ts';

const execute = promisify(execFile);
const [curl, openssl] = [programPath('curl'), programPath('openssl')];
const services = `
- { name: app, type: application, app_name: hello, specific_tls_naming: true }
- { name: db, type: database, service: pg, format: tls }
- { name: mongo, type: database, service: mongo, format: mongo }
- { name: crdb, type: database, service: crdb, format: cockroach }
`;

describe.each(['15.0.0-dev', '17.4.5', '18.2.4', '19.0.0'])(
  'certificates of tbot %s',
  (version) => {
    let job: RunningJob;
    beforeAll(async () => {
      job = await startJob(version, { services, app: 'api' });
    });
    afterAll(async () => await job[Symbol.asyncDispose]());
    const at = (credential: string, role: string) => job.file(credential, role);
    const fetchFrom = async (name: string, certificate: string, key: string) => {
      const [, port] = job.testbed.proxy.address.split(':');
      const trust = ['--cacert', job.testbed.caFile, '--resolve', `${name}:${port}:127.0.0.1`];
      const shown = ['--cert', certificate, '--key', key];
      const url = `https://${name}:${port}/`;
      const { stdout } = await execute(
        curl,
        ['-sS', '-w', '%{http_code}', ...trust, ...shown, url],
        { env: environment },
      );
      return stdout;
    };

    it('authenticate curl to their application only', needs('curl'), async () => {
      const hello = 'hello.rig.example.com';
      const greeting = 'hello greets bot-ci\n200';
      expect(await fetchFrom(hello, at('app', 'certificate'), at('app', 'key'))).toBe(greeting);
      expect(await fetchFrom(hello, at('app', 'tls-certificate'), at('app', 'tls-key'))).toBe(
        greeting,
      );
      const api = [at('application-api', 'certificate'), at('application-api', 'key')] as const;
      expect(await fetchFrom(hello, ...api)).toBe('302');
      expect(await fetchFrom('api.example.org', ...api)).toBe('api greets bot-ci\n200');
    });

    it('can be used by a later step', needs('curl'), async () => {
      const [, port] = job.testbed.proxy.address.split(':');
      const trust = '--cacert "$CA" --resolve "$NAME:127.0.0.1"';
      const script = `curl -sS ${trust} --cert "$CERTIFICATE" --key "$KEY" "https://$NAME/"`;
      const step = await job.later(script, {
        CA: job.outputs['ca-bundle'] ?? '',
        CERTIFICATE: job.outputs['certificate-file'] ?? '',
        KEY: job.outputs['key-file'] ?? '',
        NAME: `hello.rig.example.com:${port}`,
      });
      expect(step).toMatchObject({ outcome: 'success', raw: 'hello greets bot-ci' });
    });

    it('are issued by the user CA for databases', needs('openssl'), async () => {
      const user = ['-purpose', 'sslclient', '-CAfile', at('db', 'user-ca')];
      const files = [
        at('db', 'tls-certificate'),
        at('mongo', 'mongo-certificate'),
        at('crdb', 'tls-certificate'),
      ];
      expect(await verify(...user, ...files)).toBe(files.map((file) => `${file}: OK\n`).join(''));
      const host = ['-CAfile', at('db', 'host-ca'), at('db', 'tls-certificate')];
      await expect(verify(...host)).rejects.toMatchObject({ code: 2 });
    });

    it('match their keys', needs('openssl'), async () => {
      const pairs = [
        [at('app', 'tls-certificate'), at('app', 'tls-key')],
        [at('mongo', 'mongo-certificate'), at('mongo', 'mongo-certificate')],
        [at('crdb', 'tls-certificate'), at('crdb', 'tls-key')],
      ];
      for (const [certificate = '', key = ''] of pairs) {
        const read = async (...words: string[]) =>
          (await execute(openssl, words, { env: environment })).stdout;
        expect(await read('pkey', '-in', key, '-pubout')).toBe(
          await read('x509', '-in', certificate, '-noout', '-pubkey'),
        );
      }
    });

    it('are rejected by openssl if a byte is changed', needs('openssl'), async () => {
      const broken = join(job.testbed.directory, 'broken.pem');
      const lines = readFileSync(at('db', 'tls-certificate'), 'utf8').split('\n');
      const [line = ''] = lines.splice(-4, 1);
      const changed = line.startsWith('A') ? 'B' : 'A';
      lines.splice(-3, 0, changed + line.slice(1));
      writeFileSync(broken, lines.join('\n'));
      const failed = verify('-CAfile', at('db', 'user-ca'), broken);
      await expect(failed).rejects.toMatchObject({ code: 2 });
    });

    // The last test, because it ends the job.
    it('cannot be used after the job', needs('curl'), async () => {
      const app = ['hello.rig.example.com', at('app', 'certificate'), at('app', 'key')] as const;
      expect(await fetchFrom(...app)).toBe('hello greets bot-ci\n200');
      expect(await job.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
      await expect(fetchFrom(...app)).rejects.toMatchObject({ code: 58 });
    });
  },
);

describe.each(['17.2.7', '18.2.4', '19.0.0'])('SVIDs of tbot %s', needs('openssl'), (version) => {
  it('are issued by the CA of their bundle and match their key', async () => {
    await using job = await startJob(version, {
      services: '[{type: workload-identity-x509, selector: {name: build}}]',
    });
    const outputs = ['certificate-file', 'key-file', 'ca-file'];
    const [svid = '', key = '', bundle = ''] = outputs.map((name) => job.outputs[name]);
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
