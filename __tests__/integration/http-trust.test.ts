import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openHttpClient } from '../../src/http/client.ts';
import { Problem } from '../../src/problem.ts';
import { listenHttps } from '../../testbed/loopback.ts';
import { inChild, never, openFixture, type Fixture } from './http.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
afterEach(async () => fixture.clear());
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('trust', () => {
  it('an unknown CA is rejected, also with the system’s CA certificates', async () => {
    const site = await fixture.https((_, response) => void response.end('ok'));
    const error = await fixture.failure(
      site.url,
      {},
      openHttpClient({ env: {}, extraCaFile: undefined }),
    );
    expect(error.kind).toBe('untrusted');
    expect(error.code).toMatch(/UNABLE_TO|SELF_SIGNED/);
  });

  it('a certificate for another name is rejected', async () => {
    const other = await fixture.authority.serverCertificate(['elsewhere.example.com']);
    const site = await listenHttps(other, (_, response) => void response.end('ok'));
    fixture.keep(site);
    const error = await fixture.failure(site.url);
    expect([error.kind, error.code]).toEqual(['untrusted', 'ERR_TLS_CERT_ALTNAME_INVALID']);
  });

  it.each([
    ['is not there', undefined, 'no such file'],
    ['is no PEM', 'hello', 'no PEM certificate'],
    ['is damaged', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'damaged'],
  ])('an extra file that %s is a Problem', async (_, content, words) => {
    const file = join(fixture.directory, `extra-${words.replaceAll(' ', '-')}`);
    if (content !== undefined) await writeFile(file, content);
    const asked = fixture.network({}, file).get('https://127.0.0.1:1/', { signal: never });
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: 'inputs', message: expect.stringContaining(words) });
  });

  it('an extra file that is a folder is a Problem', async () => {
    const asked = fixture.network({}, fixture.directory).caBundle();
    await expect(asked).rejects.toMatchObject({
      code: 'inputs',
      message: expect.stringContaining('it is a folder'),
    });
  });

  it('the bundle contains the extra CA and the usual ones', async () => {
    const bundle = await fixture.network().caBundle();
    expect(bundle).toContain(fixture.authority.pem.trim().split('\n')[1]);
    expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50);
  });

  it('NODE_EXTRA_CA_CERTS is trusted', async () => {
    const site = await fixture.https((_, response) => void response.end('ok'));
    expect(await inChild(site.url, { NODE_EXTRA_CA_CERTS: fixture.caFile })).toBe('ok');
    expect(await inChild(site.url, {})).toMatch(/^untrusted: /);
  });

  it('the system’s CA certificates are trusted (here: OpenSSL’s SSL_CERT_FILE)', async () => {
    const site = await fixture.https((_, response) => void response.end('ok'));
    const variables = { SSL_CERT_FILE: fixture.caFile, SSL_CERT_DIR: fixture.directory };
    expect(await inChild(site.url, variables)).toBe('ok');
  });
});
