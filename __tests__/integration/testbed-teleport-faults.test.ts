import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calm, end, errorOf, type Fixture, startFixture } from './testbed-teleport.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture('18.2.4');
});
beforeEach(() => calm(fixture.faults));
afterAll(async () => await fixture[Symbol.asyncDispose]());

const read = (name: string) => readFileSync(join(fixture.destinations, 'identity', name), 'utf8');

describe('faults of the program', () => {
  it.each([
    [{ kind: 'exit-code', code: 3 } as const, { code: 3 }, []],
    [{ kind: 'exit-0-without-files' } as const, { code: 0 }, []],
    [{ kind: 'killed' } as const, { code: null, signal: 'SIGKILL' }, []],
  ])('%o', async (fault, ending, files) => {
    fixture.faults.tbot = fault;
    const before = fixture.proxy.joins.length;
    expect(await fixture.start()).toMatchObject(ending);
    expect(fixture.files()).toEqual(files);
    expect(fixture.proxy.joins).toHaveLength(before);
  });

  it('prints what it is told to', async () => {
    fixture.faults.tbot = { kind: 'print', lines: ['::error::x', '##[command]y'] };
    const ending = await fixture.start();
    expect(ending).toMatchObject({ code: 0, stdout: '' });
    expect(ending.stderr).toContain('::error::x\n##[command]y\n');
  });

  it('writes some files and fails', async () => {
    fixture.faults.tbot = { kind: 'partial' };
    expect(errorOf(await fixture.start())).toMatch(/no space left on device$/);
    expect(fixture.files()).toEqual([
      '.write-test',
      'identity',
      'teleport-database-ca.crt',
      'teleport-host-ca.crt',
      'teleport-user-ca.crt',
    ]);
  });

  it('writes a key that is not the certificate’s', async () => {
    fixture.faults.tbot = { kind: 'mismatched-key' };
    expect(await fixture.start()).toMatchObject({ code: 0 });
    const key = createPrivateKey(read('key'));
    expect(new X509Certificate(read('tlscert')).checkPrivateKey(key)).toBe(false);
  });

  it('writes a certificate of another cluster', async () => {
    fixture.faults.tbot = { kind: 'foreign-cluster', cluster: 'evil.example.com' };
    expect(await fixture.start()).toMatchObject({ code: 0 });
    const certificate = new X509Certificate(read('tlscert'));
    expect(certificate.issuer).toBe('O=evil.example.com\nCN=evil.example.com');
    expect(certificate.toLegacyObject().subject).toMatchObject({
      '1.3.9999.1.7': 'evil.example.com',
    });
  });

  it('leaves a child in its process group', async () => {
    fixture.faults.tbot = { kind: 'child' };
    expect(await fixture.start()).toMatchObject({ code: 0 });
    const pid = Number(readFileSync(fixture.tbot.childPidFile, 'utf8'));
    expect(process.kill(pid, 0)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  it('does not mind SIGTERM', async () => {
    rmSync(fixture.destinations, { recursive: true });
    fixture.faults.tbot = { kind: 'ignore-sigterm' };
    writeFileSync(join(fixture.folder, 'k.yaml'), fixture.config());
    const child = fixture.spawn(['start', '-c', 'k.yaml']);
    const ended = end(child);
    let alive = true;
    child.on('exit', () => {
      alive = false;
    });
    child.stderr?.once('data', () => child.kill('SIGTERM'));
    while (!child.killed) await sleep(10);
    await sleep(200);
    expect(alive).toBe(true);
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL' });
  });
});
