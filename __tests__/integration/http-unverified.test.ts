import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inChild, openFixture, type Fixture } from './http.fixture.ts';
import { tunnelTo } from './http-tunnel.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterEach(async () => fixture.clear());
afterAll(async () => fixture[Symbol.asyncDispose]());

const unverified = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
const far = 'https://far.example.com/';

/** A server with a certificate of an unknown CA. */
async function site(): Promise<{ readonly url: string; readonly port: number }> {
  return fixture.https((_, response) => void response.end('ok'));
}

describe('NODE_TLS_REJECT_UNAUTHORIZED=0 does not disable the verification', () => {
  it('of a server', async () => {
    const { url } = await site();
    expect(await inChild(url, unverified)).toMatch(/^untrusted: the certificate of 127\.0\.0\.1:/);
  });

  it('of a server behind an HTTP proxy', async () => {
    const proxy = await tunnelTo((await site()).port, createServer(), fixture);
    const variables = { ...unverified, HTTPS_PROXY: `http://${proxy}` };
    expect(await inChild(far, variables)).toMatch(
      /^untrusted: the certificate of far\.example\.com/,
    );
  });

  it('of an HTTP proxy that is reached over TLS', async () => {
    const proxy = await tunnelTo(
      (await site()).port,
      createHttpsServer(fixture.certificate),
      fixture,
    );
    const variables = { ...unverified, HTTPS_PROXY: `https://${proxy}` };
    expect(await inChild(far, variables)).toBe(
      `untrusted: the certificate of HTTP proxy ${proxy} is signed by a CA that this runner does not trust (UNABLE_TO_VERIFY_LEAF_SIGNATURE)`,
    );
  });

  it('of an HTTP proxy that is reached over TLS for a URL without TLS', async () => {
    const proxy = await tunnelTo(
      (await site()).port,
      createHttpsServer(fixture.certificate),
      fixture,
    );
    const variables = { ...unverified, HTTP_PROXY: `https://${proxy}` };
    expect(await inChild('http://far.example.com/', variables)).toContain(
      `untrusted: the certificate of HTTP proxy ${proxy}`,
    );
  });
});
