import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Root may do anything, so the question is asked by a process of another user. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const source = new URL('../../src/install/install.ts', import.meta.url).href;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'foreign-'));
  await chmod(directory, 0o755);
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

/** The message that this user gets for this file. */
function asked(path: string): string {
  const inputs = { version: { kind: 'auto' }, tbotPath: path };
  const code = `
    import { install } from ${JSON.stringify(source)};
    const { platform, arch } = process;
    const request = {
      inputs: ${JSON.stringify(inputs)}, env: {}, directories: {}, platform, arch,
      signal: new AbortController().signal,
    };
    console.log(await install(request).then(({ version }) => version, (error) => error.message));`;
  const args = ['--input-type=module', '--eval', code];
  const env = { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1' };
  const options = { env, cwd: '/', uid: nobody, gid: nobody, encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync(process.execPath, args, options);
  return stdout + stderr;
}

describe.skipIf(!isRoot)('a tbot of another user (skipped where the tests are not root)', () => {
  it('that only its owner may execute', async () => {
    const path = join(directory, 'mine');
    await writeFile(path, '#!/bin/sh\necho v18.2.4\n');
    await chmod(path, 0o744);
    expect(asked(path)).toContain('this user may not execute it');
  });

  it('that everybody may', async () => {
    const path = join(directory, 'ours');
    await writeFile(path, '#!/bin/sh\necho v18.2.4\n');
    await chmod(path, 0o755);
    expect(asked(path).trim()).toBe('18.2.4');
  });

  it('that may be executed and not read is run without a look at it', async () => {
    const path = join(directory, 'unread');
    await copyFile('/bin/true', path);
    await chmod(path, 0o711);
    expect(asked(path)).toContain('names no version');
  });

  it('in a folder that is closed', async () => {
    const folder = join(directory, 'closed');
    await mkdir(folder, { mode: 0o700 });
    expect(asked(join(folder, 'tbot'))).toContain('may not look into its folder');
  });
});
