import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paxHeader, tar, type TarMember } from '../../testbed/downloads/tar.ts';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tar-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Lists an archive with the system's tar. */
async function list(members: readonly TarMember[], options?: { end?: boolean }): Promise<string> {
  const path = join(folder, 'archive.tar');
  await writeFile(path, tar(members, options));
  const { stdout } = await run('tar', ['-tvf', path], {
    env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
  });
  return stdout;
}

describe('the tar writer', () => {
  it('writes archives that GNU tar reads', async () => {
    const members = [
      { name: 'top/', type: '5' },
      { name: 'top/tbot', content: 'x'.repeat(600) },
      { name: 'top/link', type: '2', linkName: 'tbot', mode: 0o777 },
      { name: 'top/empty', mode: 0o644 },
    ];
    const lines = (await list(members)).trim().split('\n');
    expect(lines).toMatchObject([
      expect.stringMatching(/^drwxr-xr-x.* 0 .*top\/$/),
      expect.stringMatching(/^-rwxr-xr-x.* 600 .*top\/tbot$/),
      expect.stringMatching(/^lrwxrwxrwx.* top\/link -> tbot$/),
      expect.stringMatching(/^-rw-r--r--.* 0 .*top\/empty$/),
    ]);
    await run('tar', ['-xf', join(folder, 'archive.tar'), '-C', folder, 'top/tbot']);
    expect(await readFile(join(folder, 'top/tbot'), 'utf8')).toBe('x'.repeat(600));
  });

  it('writes long names with a prefix or a pax header', async () => {
    const long = `${'a'.repeat(90)}/${'b'.repeat(80)}`;
    expect(await list([{ name: long }])).toContain(long);
    const longest = `${'c'.repeat(300)}/tbot`;
    expect(await list([paxHeader({ path: longest }), { name: 'short' }])).toContain(longest);
  });

  it('includes the digits in the length of a pax record', () => {
    for (const length of [1, 5, 6, 90, 91, 92, 93, 994, 995]) {
      const { content = '' } = paxHeader({ comment: 'x'.repeat(length) });
      expect(Number.parseInt(String(content), 10)).toBe(Buffer.byteLength(content));
    }
  });

  it('writes malformed archives', async () => {
    expect(await list([{ name: '../../etc/passwd' }])).toContain('../../etc/passwd');
    await expect(list([{ name: 'x', checksum: 1 }])).rejects.toThrow(/does not look like a tar/);
    await expect(list([{ name: 'x', content: 'y', size: 5000 }])).rejects.toThrow(/EOF/);
    const patch = { offset: 257, bytes: Buffer.from('xxxxx') };
    await expect(list([{ name: 'x', patch }])).rejects.toThrow(/does not look like a tar/);
    expect(tar([], { end: false })).toHaveLength(0);
  });
});
