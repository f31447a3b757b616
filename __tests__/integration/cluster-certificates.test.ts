import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHttpClient } from '../../src/http/client.ts';
import type { Problem } from '../../src/problem.ts';
import { createAuthority } from '../../testbed/ca.ts';
import { listenHttps } from '../../testbed/loopback.ts';
import { openFixture, type Fixture } from './cluster.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());

const day = 24 * 3600 * 1000;

/** Returns the Problem of a proxy whose certificate is valid between two days, counted from today. */
async function validBetween(from: number, to: number): Promise<Problem> {
  const authority = await createAuthority({ organization: 'T', commonName: 'T' });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = await authority.clientCertificate({
    subject: [['CN', ['127.0.0.1']]],
    publicKey,
    notBefore: new Date(Date.now() + from * day),
    notAfter: new Date(Date.now() + to * day),
  });
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const server = await listenHttps({ key, cert }, (_, response) => void response.end('{}'));
  const extraCaFile = `${fixture.testbed.directory}/ca-${server.port}.pem`;
  await writeFile(extraCaFile, authority.pem);
  const network = openHttpClient({ env: {}, extraCaFile });
  try {
    return await fixture.problem(`127.0.0.1:${server.port}`, { network });
  } finally {
    network.close();
    await server.close();
  }
}

describe('proxy-untrusted, with the time of the runner', () => {
  it('if the certificate has expired', async () => {
    const found = await validBetween(-2, -1);
    expect(found).toMatchObject({
      code: 'proxy-untrusted',
      message: expect.stringMatching(
        /has expired \(CERT_HAS_EXPIRED\); the runner's clock shows \d/,
      ),
      fix: expect.stringMatching(
        /^Renew the certificate of the proxy, or correct the runner's clock/,
      ),
    });
  });

  it('if the certificate is not yet valid', async () => {
    const found = await validBetween(1, 2);
    expect(found).toMatchObject({
      code: 'proxy-untrusted',
      message: expect.stringMatching(
        /not yet valid \(CERT_NOT_YET_VALID\); the runner's clock shows \d/,
      ),
      fix: expect.stringMatching(/^Correct the runner's clock, or reissue the certificate/),
    });
  });
});

it('throws an unrelated error unchanged', async () => {
  const extraCaFile = `${fixture.testbed.directory}/nowhere.pem`;
  const network = openHttpClient({ env: {}, extraCaFile });
  expect(await fixture.problem(fixture.testbed.proxy.address, { network })).toMatchObject({
    code: 'inputs',
    message: expect.stringContaining('`extra-ca-file`'),
  });
  network.close();
});
