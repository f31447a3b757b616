import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../requirements.ts';

/** Root can access every file, so the tests use a process of another user. */
const nobody = 65_534;
const source = new URL('../../src/install/install.ts', import.meta.url).href;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'foreign-'));
  await chmod(directory, 0o755);
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

/** Returns the message that this user gets for a file. */
function messageFor(path: string): string {
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

describe('a tbot of another user', needs('root'), () => {
  it('is rejected if only its owner can execute it', async () => {
    const path = join(directory, 'mine');
    await writeFile(path, '#!/bin/sh\necho v18.2.4\n');
    await chmod(path, 0o744);
    expect(messageFor(path)).toContain('this user has no permission to execute it');
  });

  it('is used if everyone can execute it', async () => {
    const path = join(directory, 'ours');
    await writeFile(path, '#!/bin/sh\necho v18.2.4\n');
    await chmod(path, 0o755);
    expect(messageFor(path).trim()).toBe('18.2.4');
  });

  it('is run without inspection if it can be executed but not read', async () => {
    const path = join(directory, 'unread');
    await copyFile('/bin/true', path);
    await chmod(path, 0o711);
    expect(messageFor(path)).toContain('did not print a version');
  });

  it('is rejected if its directory cannot be read', async () => {
    const folder = join(directory, 'closed');
    await mkdir(folder, { mode: 0o700 });
    expect(messageFor(join(folder, 'tbot'))).toContain('its directory cannot be read');
  });
});
