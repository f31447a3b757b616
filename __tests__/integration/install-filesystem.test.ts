import { execFile } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { archiveName, cluster, openFixture, packed, type Fixture } from './install.fixture.ts';
import { needs } from '../requirements.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

const url = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href;

const defaults = {
  proxy: '127.0.0.1:1',
  version: { kind: 'auto' },
  edition: 'auto',
  fips: 'auto',
  installFrom: 'auto',
};

/** Returns the result of an installation on a tmpfs with these mount options. */
async function onTmpfs(
  options: string,
  inputs: Record<string, unknown>,
  toolCache?: string,
): Promise<unknown> {
  const mount = join(fixture.directory, 'mount');
  await mkdir(mount, { recursive: true });
  const code = `
    import { install } from ${JSON.stringify(url('install/install.ts'))};
    import { openHttpClient } from ${JSON.stringify(url('http/client.ts'))};
    const network = openHttpClient({ env: {}, extraCaFile: ${JSON.stringify(fixture.testbed.caFile)} });
    try {
      const tool = await install({
        inputs: ${JSON.stringify({ ...defaults, ...inputs })},
        cluster: ${JSON.stringify(cluster)}, network, directory: ${JSON.stringify(mount)},
        env: { PATH: '/usr/bin:/bin' }, directories: ${JSON.stringify({ toolCache })}, platform: 'linux', arch: 'x64',
        ci: { info() {}, notice() {} }, signal: new AbortController().signal,
      });
      console.log(JSON.stringify(tool));
    } catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message })); }
    network.close();`;
  const shell = `mount -t tmpfs -o ${options} tmpfs "$1" && exec "$2" --input-type=module --eval "$3"`;
  const args = ['--mount', 'sh', '-c', shell, 'sh', mount, process.execPath, code];
  const outer = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_NO_WARNINGS: '1' };
  const { stdout } = await promisify(execFile)('unshare', args, { env: outer });
  return JSON.parse(stdout);
}

const cached = (): string => join(fixture.directory, 'cache', 'tbot', '18.2.4', 'x64', 'tbot');

/** Like `onTmpfs`, with a tool cache that is not on the tmpfs. */
async function besideCache(options: string): Promise<unknown> {
  const inputs = { mirror: fixture.testbed.downloads.url };
  return onTmpfs(options, inputs, join(fixture.directory, 'cache'));
}

describe('file systems', needs('mounts'), () => {
  it('noexec', async () => {
    const found = await onTmpfs('noexec', { mirror: fixture.testbed.downloads.url });
    expect(found).toMatchObject({ code: 'tbot', message: expect.stringContaining('noexec') });
  });

  describe('with a tool cache on another file system', () => {
    it('copies tbot to the cache and from it', async () => {
      for (const source of ['archive', 'tool-cache'])
        expect(await besideCache('size=10m')).toMatchObject({
          path: join(fixture.directory, 'mount', 'tbot'),
          source,
        });
    });

    it('noexec: runs tbot in the cache if no other account can replace it', async () => {
      for (const source of ['archive', 'tool-cache'])
        expect(await besideCache('noexec')).toMatchObject({ path: cached(), source });
      await chmod(join(fixture.directory, 'cache'), 0o777);
      expect(await besideCache('noexec')).toMatchObject({
        code: 'platform',
        message: expect.stringMatching(
          /noexec.*\/cache is writable by its group or by others \(mode 777, owner root, uid 0\)/,
        ),
      });
      await chmod(join(fixture.directory, 'cache'), 0o1777);
      expect(await besideCache('noexec')).toMatchObject({ path: cached() });
      await chmod(cached(), 0o777);
      expect(await besideCache('noexec')).toMatchObject({
        code: 'tbot',
        message: expect.stringContaining(
          `${join(fixture.directory, 'mount', 'tbot')} cannot be used`,
        ),
      });
    });

    it('noexec: fails if the cache cannot be filled', async () => {
      await mkdir(cached(), { recursive: true });
      expect(await besideCache('noexec')).toMatchObject({
        code: 'platform',
        message: expect.stringContaining(`${cached()} is not a regular file`),
      });
    });
  });

  it('full', async () => {
    const large = { name: 'teleport/tbot', content: Buffer.alloc(2 ** 21, 'x') };
    const honest = await fixture.testbed.downloads.archive(archiveName);
    fixture.testbed.downloads.publish(archiveName, packed([large]));
    const found = await onTmpfs('size=1m', { mirror: fixture.testbed.downloads.url });
    expect(found).toMatchObject({ code: 'download', message: expect.stringContaining('no space') });
    fixture.testbed.downloads.publish(archiveName, honest ?? Buffer.alloc(0));
  });
});
