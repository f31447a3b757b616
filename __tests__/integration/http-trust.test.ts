import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openHttpClient } from '../../src/http/client.ts';
import { Problem } from '../../src/problem.ts';
import { listenHttps } from '../../testbed/loopback.ts';
import { inChild, never, openStage, type Stage } from './http.stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterEach(async () => stage.clear());
afterAll(async () => stage[Symbol.asyncDispose]());

describe('trust', () => {
  it('an unknown stage.authority is refused, also with the machine’s own list', async () => {
    const site = await stage.https((_, response) => void response.end('ok'));
    const error = await stage.failure(
      site.url,
      {},
      openHttpClient({ env: {}, extraCaFile: undefined }),
    );
    expect(error.kind).toBe('untrusted');
    expect(error.code).toMatch(/UNABLE_TO|SELF_SIGNED/);
  });

  it('a stage.certificate for another name is refused', async () => {
    const other = await stage.authority.serverCertificate(['elsewhere.example.com']);
    const site = await listenHttps(other, (_, response) => void response.end('ok'));
    stage.keep(site);
    const error = await stage.failure(site.url);
    expect([error.kind, error.code]).toEqual(['untrusted', 'ERR_TLS_CERT_ALTNAME_INVALID']);
  });

  it.each([
    ['is not there', undefined, 'no such file'],
    ['is no PEM', 'hello', 'no PEM certificate'],
    ['is damaged', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'damaged'],
  ])('an extra file that %s is a Problem', async (_, content, words) => {
    const file = join(stage.directory, `extra-${words.replaceAll(' ', '-')}`);
    if (content !== undefined) await writeFile(file, content);
    const asked = stage.network({}, file).get('https://127.0.0.1:1/', { signal: never });
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: 'inputs', message: expect.stringContaining(words) });
  });

  it('an extra file that is a folder is a Problem', async () => {
    const asked = stage.network({}, stage.directory).caBundle();
    await expect(asked).rejects.toMatchObject({
      code: 'inputs',
      message: expect.stringContaining('it is a folder'),
    });
  });

  it('the bundle holds the extra stage.authority and the usual ones', async () => {
    const bundle = await stage.network().caBundle();
    expect(bundle).toContain(stage.authority.pem.trim().split('\n')[1]);
    expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50);
  });

  it('NODE_EXTRA_CA_CERTS is believed', async () => {
    const site = await stage.https((_, response) => void response.end('ok'));
    expect(await inChild(site.url, { NODE_EXTRA_CA_CERTS: stage.caFile })).toBe('ok');
    expect(await inChild(site.url, {})).toMatch(/^untrusted: /);
  });

  it('the machine’s authorities are believed (here: OpenSSL’s SSL_CERT_FILE)', async () => {
    const site = await stage.https((_, response) => void response.end('ok'));
    const variables = { SSL_CERT_FILE: stage.caFile, SSL_CERT_DIR: stage.directory };
    expect(await inChild(site.url, variables)).toBe('ok');
  });
});
