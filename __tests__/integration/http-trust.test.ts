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

describe('the trust store', () => {
  it('rejects an unknown CA, also with the system’s CA certificates', async () => {
    const site = await fixture.https((_, response) => void response.end('ok'));
    const error = await fixture.failure(
      site.url,
      {},
      openHttpClient({ env: {}, extraCaFile: undefined }),
    );
    expect(error.kind).toBe('untrusted');
    expect(error.code).toMatch(/UNABLE_TO|SELF_SIGNED/);
  });

  it('rejects a certificate for another host name', async () => {
    const other = await fixture.authority.serverCertificate(['elsewhere.example.com']);
    const site = await listenHttps(other, (_, response) => void response.end('ok'));
    fixture.keep(site);
    const error = await fixture.failure(site.url);
    expect([error.kind, error.code]).toEqual(['untrusted', 'ERR_TLS_CERT_ALTNAME_INVALID']);
  });

  it.each([
    ['does not exist', undefined, 'does not exist'],
    ['is not PEM', 'hello', 'no PEM certificate'],
    ['is malformed', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'malformed'],
  ])('throws a Problem if `extra-ca-file` %s', async (_, content, words) => {
    const file = join(fixture.directory, `extra-${words.replaceAll(' ', '-')}`);
    if (content !== undefined) await writeFile(file, content);
    const request = fixture.network({}, file).get('https://127.0.0.1:1/', { signal: never });
    const error = await request.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: 'inputs', message: expect.stringContaining(words) });
  });

  it('throws a Problem if `extra-ca-file` is a directory', async () => {
    const request = fixture.network({}, fixture.directory).caBundle();
    await expect(request).rejects.toMatchObject({
      code: 'inputs',
      message: expect.stringContaining('it is a directory'),
    });
  });

  it('returns a bundle with the extra CA and the usual ones', async () => {
    const bundle = await fixture.network().caBundle();
    expect(bundle).toContain(fixture.authority.pem.trim().split('\n')[1]);
    expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50);
  });

  it('trusts NODE_EXTRA_CA_CERTS', async () => {
    const site = await fixture.https((_, response) => void response.end('ok'));
    expect(await inChild(site.url, { NODE_EXTRA_CA_CERTS: fixture.caFile })).toBe('ok');
    expect(await inChild(site.url, {})).toMatch(/^untrusted: /);
  });

  it('trusts the system’s CA certificates (here: OpenSSL’s SSL_CERT_FILE)', async () => {
    const site = await fixture.https((_, response) => void response.end('ok'));
    const variables = { SSL_CERT_FILE: fixture.caFile, SSL_CERT_DIR: fixture.directory };
    expect(await inChild(site.url, variables)).toBe('ok');
  });
});
