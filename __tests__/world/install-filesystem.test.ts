import { execFile, spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { archiveName, cluster, openStage, packed, type Stage } from './install.stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
beforeEach(async () => stage.next());
afterAll(async () => stage[Symbol.asyncDispose]());

/** Mounts need root and a kernel that lets us have a mount namespace. */
const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

const url = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href;

const wishes = {
  proxy: '127.0.0.1:1',
  version: { kind: 'auto' },
  edition: 'auto',
  fips: 'auto',
  installFrom: 'auto',
};

/** The Problem of an installation below a tmpfs that is mounted with these options. */
async function onTmpfs(options: string, inputs: Record<string, unknown>): Promise<unknown> {
  const mount = join(stage.directory, 'mount');
  await mkdir(mount);
  const code = `
    import { install } from ${JSON.stringify(url('install/install.ts'))};
    import { openNetwork } from ${JSON.stringify(url('network/network.ts'))};
    const network = openNetwork({ env: {}, extraCaFile: ${JSON.stringify(stage.testbed.caFile)} });
    try {
      await install({
        inputs: ${JSON.stringify({ ...wishes, ...inputs })},
        cluster: ${JSON.stringify(cluster)}, network, directory: ${JSON.stringify(mount)},
        env: { PATH: '/usr/bin:/bin' }, platform: 'linux', arch: 'x64',
        runner: { info() {} }, signal: new AbortController().signal,
      });
    } catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message })); }
    network.close();`;
  const shell = `mount -t tmpfs -o ${options} tmpfs "$1" && exec "$2" --input-type=module --eval "$3"`;
  const args = ['--mount', 'sh', '-c', shell, 'sh', mount, process.execPath, code];
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_NO_WARNINGS: '1' };
  const { stdout } = await promisify(execFile)('unshare', args, { env });
  return JSON.parse(stdout);
}

describe.skipIf(!canMount)('file systems (skipped where `unshare --mount` is not allowed)', () => {
  it('noexec', async () => {
    const found = await onTmpfs('noexec', { mirror: stage.testbed.downloads.url });
    expect(found).toMatchObject({ code: 'tbot', message: expect.stringContaining('noexec') });
  });

  it('full', async () => {
    const large = { name: 'teleport/tbot', content: Buffer.alloc(2 ** 21, 'x') };
    const honest = await stage.testbed.downloads.archive(archiveName);
    stage.testbed.downloads.publish(archiveName, packed([large]));
    const found = await onTmpfs('size=1m', { mirror: stage.testbed.downloads.url });
    expect(found).toMatchObject({ code: 'download', message: expect.stringContaining('no space') });
    stage.testbed.downloads.publish(archiveName, honest ?? Buffer.alloc(0));
  });
});
