import { createHash, randomBytes } from 'node:crypto';
import { open as openFile, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install, type Tool } from '../../src/install/install.ts';
import { archiveName, cluster, openFixture, packed, type Fixture } from './install.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('the release archive', () => {
  it('installs a tbot that runs, and no other file', async () => {
    const tool = await install(fixture.request());
    expect(tool).toEqual({
      path: join(fixture.directory, 'tbot'),
      version: '18.2.4',
      source: 'archive',
    } satisfies Tool);
    expect(await readdir(fixture.directory)).toEqual(['tbot']);
    expect((await stat(tool.path)).mode & 0o777).toBe(0o700);
    expect(fixture.lines).toContain(
      `Downloading tbot 18.2.4: ${fixture.testbed.downloads.url}/${archiveName}`,
    );
  });

  it('is the enterprise build for an enterprise cluster', async () => {
    await install(fixture.request({ cluster: { ...cluster, edition: 'enterprise' } }));
    const paths = fixture.testbed.downloads.requests.map(({ path }) => path);
    expect(paths).toContain('/teleport-ent-v18.2.4-linux-amd64-bin.tar.gz');
  });

  it('is Community Edition for a cluster with an AGPL build, with a notice', async () => {
    await install(fixture.request({ cluster: { ...cluster, edition: 'oss' } }));
    const paths = fixture.testbed.downloads.requests.map(({ path }) => path);
    expect(paths.at(-1)).toContain('/teleport-v18.2.4-linux-amd64-bin.tar.gz');
    const notice = expect.stringMatching(/runs an AGPL build.*uses Teleport Community Edition/);
    expect(fixture.lines).toContainEqual(notice);
    const before = fixture.lines.length;
    await install(
      fixture.request({ cluster: { ...cluster, edition: 'oss' }, inputs: { edition: 'oss' } }),
    );
    expect(fixture.lines.slice(before)).not.toContainEqual(notice);
  });

  it('has the version of the cluster if its managed updates are invalid, with a notice', async () => {
    const invalid = { ...cluster, autoUpdate: { agentVersion: 'latest' } };
    expect(await install(fixture.request({ cluster: invalid }))).toMatchObject({
      version: '18.2.4',
    });
    expect(fixture.lines).toContain(
      'notice: Cluster rig.example.com specifies Teleport latest (agent_version), which is ignored because it is not a valid version.',
    );
  });

  it('can have an exact version', async () => {
    const inputs = { version: { kind: 'exact', version: '18.2.1' } } as const;
    expect(await install(fixture.request({ inputs }))).toMatchObject({ version: '18.2.1' });
  });

  it('may contain large files', async () => {
    const noise = randomBytes(3_000_000);
    const tbot = Buffer.concat([Buffer.from('#!/bin/sh\necho Teleport v18.2.9; exit\n'), noise]);
    const bytes = packed([
      { name: 'teleport/tsh', content: noise },
      { name: 'teleport/tbot', content: tbot },
      { name: 'teleport/tctl', content: noise },
    ]);
    fixture.testbed.downloads.publish('teleport-v18.2.9-linux-amd64-bin.tar.gz', bytes);
    const inputs = { version: { kind: 'exact', version: '18.2.9' } } as const;
    const tool = await install(fixture.request({ inputs }));
    expect(tbot.equals(await readFile(tool.path))).toBe(true);
  });

  it('replaces an existing tbot by a new file, because it may be running', async () => {
    const first = await install(fixture.request());
    const running = await openFile(first.path);
    const before = (await running.stat()).ino;
    const second = await install(fixture.request());
    expect((await stat(second.path)).ino).not.toBe(before);
    expect((await running.stat()).nlink).toBe(0);
    await running.close();
  });

  it('is verified by one of several digests in `checksum`, without the published one', async () => {
    const bytes = await fixture.testbed.downloads.archive(archiveName);
    const checksum = ['0'.repeat(64), sha256(bytes ?? Buffer.alloc(0))];
    fixture.testbed.faults.downloads = { kind: 'no-checksum' };
    const inputs = { checksum, version: { kind: 'exact', version: '18.2.4' } } as const;
    expect(await install(fixture.request({ inputs }))).toMatchObject({ source: 'archive' });
  });

  it('is downloaded again after a retryable failure', async () => {
    fixture.testbed.faults.downloads = { kind: 'status', status: 503, requests: 2 };
    expect(await install(fixture.request())).toMatchObject({ version: '18.2.4' });
    expect(fixture.lines.join('\n')).toContain('returned HTTP 503. Retrying in');
  });
});
