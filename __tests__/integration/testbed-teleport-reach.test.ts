import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  calm,
  created,
  either,
  errorOf,
  loginPage,
  logOf,
  type Fixture,
  startFixture,
} from './testbed-teleport.fixture.ts';
import { needs } from '../requirements.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture('15.0.0-dev');
});
beforeEach(() => calm(fixture.faults));
afterAll(async () => await fixture[Symbol.asyncDispose]());

describe('the address of the proxy', () => {
  it('has a closed port, which opens again', async () => {
    fixture.faults.proxy = { kind: 'refused' };
    const dial = `dial tcp ${fixture.proxy.address}: connect: connection refused`;
    const post = `Post "https://${fixture.proxy.address}/v1/webapi/host/credentials": ${dial}`;
    expect(either(dial, post)).toContain(errorOf(await fixture.fail({})));
    fixture.faults.proxy = { kind: 'none' };
    expect(await fixture.start()).toMatchObject({ code: 0 });
  });

  it('has a host name that does not resolve', async () => {
    const text = errorOf(await fixture.fail({ address: 'nohost.example.invalid:443' }));
    const lookup = /dial tcp: lookup nohost\.example\.invalid on \S+:53: /g;
    expect(text.match(lookup)).toHaveLength(2);
    expect(text).toContain(
      'Post "https://nohost.example.invalid:443/v1/webapi/host/credentials": ',
    );
  });

  it('has an untrusted certificate', async () => {
    fixture.faults.proxy = { kind: 'untrusted' };
    const ending = await fixture.fail({});
    expect(logOf(ending)).toEqual([created]);
    expect(errorOf(ending)).toMatch(
      /^WARNING:\n\n {2}The proxy you are connecting to has presented/,
    );
    expect(errorOf(ending)).toMatch(/system administrator to resolve this issue\.$/);
    expect(
      await fixture.start({}, { NODE_EXTRA_CA_CERTS: '/etc/hosts', SSL_CERT_FILE: '' }),
    ).toMatchObject({ code: 1 });
  });

  it('has a certificate for another host name', needs('linux'), async () => {
    const port = fixture.proxy.address.split(':')[1];
    const text = errorOf(await fixture.fail({ address: `127.0.0.2:${port}` }));
    expect(text).toContain('connection refused');
  });

  it('returns a web page', async () => {
    fixture.faults.proxy = { kind: 'html' };
    expect(errorOf(await fixture.fail({}))).toBe(`${loginPage}, ${loginPage}`);
  });

  it('may have a scheme', async () => {
    const ending = await fixture.start({ address: `https://${fixture.proxy.address}` });
    expect(ending).toMatchObject({ code: 0 });
    expect(logOf(ending)).toHaveLength(8);
    expect(fixture.files()).toHaveLength(11);
  });

  it('has no port', async () => {
    const ending = await fixture.fail({ address: 'rig.example.com' });
    expect(logOf(ending)).toEqual([
      created,
      'ERRO [CLIENT]    address rig.example.com: missing port in address client/weblogin.go:345',
    ]);
    expect(
      either(
        'dial tcp: address rig.example.com: missing port in address',
        "'rig.example.com' is not a valid proxy address",
      ),
    ).toContain(errorOf(ending));
  });
});
