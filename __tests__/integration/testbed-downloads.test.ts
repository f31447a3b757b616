import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../testbed/ca.ts';
import { type DownloadSite, startDownloads } from '../../testbed/downloads.ts';
import { parseReleaseName, releaseName } from '../../testbed/downloads/release.ts';
import { type Faults, noFaults } from '../../testbed/faults.ts';

const name = 'teleport-v18.2.4-linux-amd64-bin.tar.gz';
const run = promisify(execFile);
let folder: string;
let authority: Authority;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'downloads-'));
  authority = await createAuthority({ organization: 'Test', commonName: 'Test' });
  await writeFile(join(folder, 'tbot'), '#!/bin/sh\necho stand-in\n');
  await chmod(join(folder, 'tbot'), 0o755);
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

async function start(faults: Faults = noFaults()): Promise<DownloadSite> {
  return await startDownloads({
    faults,
    certificate: await authority.serverCertificate(['127.0.0.1']),
    tbotPath: async (version) => (version === '18.2.4' ? join(folder, 'tbot') : undefined),
  });
}

async function get(site: DownloadSite, path: string, method = 'GET') {
  const dispatcher = new Agent({ connect: { ca: authority.pem } });
  const response = await fetch(`${site.url}/${path}`, { dispatcher, method });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()), response };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('the download site', () => {
  it('serves an archive that tar unpacks and a checksum that is its own', async () => {
    await using site = await start();
    const archive = await get(site, name);
    const checksum = await get(site, `${name}.sha256`);
    expect(checksum.body.toString()).toBe(`${sha256(archive.body)}  ${name}\n`);
    expect(await site.checksum(name)).toBe(sha256(archive.body));
    await writeFile(join(folder, name), archive.body);
    await run('tar', ['-xzf', join(folder, name), '-C', folder]);
    const files = await readdir(join(folder, 'teleport'));
    expect(files).toEqual(expect.arrayContaining(['install', 'tbot', 'tctl', 'teleport', 'tsh']));
    expect((await run(join(folder, 'teleport', 'tbot'))).stdout).toBe('stand-in\n');
    const tsh = await run(join(folder, 'teleport', 'tsh'), ['version']);
    expect(tsh.stdout).toMatch(/^Teleport v18\.2\.4 git:/);
    expect(site.requests.map(({ path }) => path)).toEqual([`/${name}`, `/${name}.sha256`]);
  });

  it('names enterprise and FIPS builds as Teleport does', async () => {
    await using site = await start();
    for (const build of [
      'teleport-ent-v18.2.4-linux-arm64',
      'teleport-ent-v18.2.4-linux-amd64-fips',
    ]) {
      expect((await get(site, `${build}-bin.tar.gz`, 'HEAD')).status).toBe(200);
    }
    const missing = ['teleport-v18.2.4-linux-amd64-fips', 'teleport-v99.0.0-linux-amd64', 'x'];
    for (const build of missing) {
      expect((await get(site, `${build}-bin.tar.gz`)).status).toBe(404);
    }
    const release = parseReleaseName('teleport-ent-v18.2.4-linux-arm-fips-bin.tar.gz');
    expect(release).toEqual({
      edition: 'teleport-ent',
      version: '18.2.4',
      arch: 'arm',
      fips: true,
    });
    expect(release && releaseName(release)).toBe('teleport-ent-v18.2.4-linux-arm-fips-bin.tar.gz');
  });

  it('serves what a test publishes', async () => {
    await using site = await start();
    site.publish('odd.tar.gz', Buffer.from('not gzip'));
    expect((await get(site, 'odd.tar.gz')).body.toString()).toBe('not gzip');
    const line = `${sha256(Buffer.from('not gzip'))}  odd.tar.gz\n`;
    expect((await get(site, 'odd.tar.gz.sha256')).body.toString()).toBe(line);
  });
});

describe('faults of the download site', () => {
  it('cuts the connection in the middle', async () => {
    const faults = noFaults();
    await using site = await start(faults);
    faults.downloads = { kind: 'half' };
    await expect(get(site, name)).rejects.toThrow('terminated');
    expect((await get(site, `${name}.sha256`)).status).toBe(200);
  });

  it('answers a status, always or at first', async () => {
    const faults = noFaults();
    await using site = await start(faults);
    faults.downloads = { kind: 'status', status: 404 };
    expect((await get(site, name)).status).toBe(404);
    faults.downloads = { kind: 'status', status: 429, requests: 1 };
    expect((await get(site, name)).status).toBe(429);
    expect((await get(site, name)).status).toBe(200);
  });

  it('publishes a wrong checksum, or none', async () => {
    const faults = noFaults();
    await using site = await start(faults);
    faults.downloads = { kind: 'wrong-checksum' };
    const { body } = await get(site, `${name}.sha256`);
    expect(body.toString()).toMatch(/^[\da-f]{64} {2}teleport-v/);
    expect(body.toString()).not.toContain(await site.checksum(name));
    faults.downloads = { kind: 'no-checksum' };
    expect((await get(site, `${name}.sha256`)).status).toBe(404);
    expect((await get(site, name)).status).toBe(200);
  });

  it('shows a page in place of a file', async () => {
    const faults = noFaults();
    await using site = await start(faults);
    faults.downloads = { kind: 'html' };
    expect((await get(site, name)).body.toString()).toMatch(/^<!DOCTYPE html>/);
  });

  it('drips, and is complete in the end', async () => {
    const faults = noFaults();
    await using site = await start(faults);
    const whole = await site.archive(name);
    faults.downloads = { kind: 'slow', bytesPerSecond: 5 * (whole?.length ?? 0) };
    expect((await get(site, name)).body).toEqual(whole);
  });
});

describe('the certificate', () => {
  it('is of the web authority, which nobody else trusts', async () => {
    await using site = await start();
    await expect(fetch(`${site.url}/${name}`)).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/certificate/) },
    });
  });
});
