import { chmod, copyFile, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install } from '../../src/install/install.ts';
import { openFixture, type Fixture } from './install.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('tbot-path and PATH', () => {
  it('tbot-path: nothing is downloaded', async () => {
    const before = fixture.testbed.downloads.requests.length;
    const path = await fixture.testbed.tbot('18.2.4');
    const tool = await install(fixture.request({ inputs: { tbotPath: path } }));
    expect(tool).toEqual({ path, version: '18.2.4', source: 'tbot-path' });
    expect(fixture.testbed.downloads.requests).toHaveLength(before);
  });

  it('tbot-path is counted from the workspace', async () => {
    const path = await fixture.says('18.2.4');
    await mkdir(join(fixture.directory, 'sub'));
    await symlink(path, join(fixture.directory, 'sub', 'tbot'));
    const env = { PATH: '/usr/bin:/bin', GITHUB_WORKSPACE: fixture.directory };
    const tool = await install(fixture.request({ env, inputs: { tbotPath: 'sub/tbot' } }));
    expect(tool.path).toBe(join(fixture.directory, 'sub', 'tbot'));
  });

  it('installed: the first on PATH, but never by a relative entry', async () => {
    const good = join(fixture.directory, 'good');
    const later = join(fixture.directory, 'later');
    for (const folder of [good, later]) {
      await mkdir(folder);
      await copyFile(
        await fixture.says(folder === good ? '18.1.0' : '18.0.0'),
        join(folder, 'tbot'),
      );
      await chmod(join(folder, 'tbot'), 0o755);
    }
    await mkdir(join(fixture.directory, 'folder', 'tbot'), { recursive: true });
    const path = `.::${join(fixture.directory, 'folder')}:${good}:${later}:/usr/bin:/bin`;
    const inputs = { version: { kind: 'installed' } } as const;
    const tool = await install(fixture.request({ env: { PATH: path }, inputs }));
    expect(tool).toEqual({ path: join(good, 'tbot'), version: '18.1.0', source: 'installed' });
  });

  it('installed: on Windows it is tbot.exe, and PATH may be spelt Path', async () => {
    const path = join(fixture.directory, 'tbot.exe');
    await copyFile(await fixture.says('18.1.0'), path);
    await chmod(path, 0o755);
    const env = { Path: fixture.directory };
    const inputs = { version: { kind: 'installed' } } as const;
    const found = await fixture.problem({ platform: 'win32', env, inputs });
    expect(found.message).toBe(
      `${path} cannot be used as tbot: it is not a program for this system (win32 x64).`,
    );
  });

  describe('installed, with a tbot in the workspace', () => {
    const inputs = { version: { kind: 'installed' } } as const;
    let workspace: string;
    let outside: string;
    beforeEach(async () => {
      workspace = join(fixture.directory, 'workspace');
      outside = join(fixture.directory, 'outside');
      for (const folder of [join(workspace, 'bin'), outside])
        await mkdir(folder, { recursive: true });
      await copyFile(await fixture.says('18.1.0'), join(workspace, 'bin', 'tbot'));
    });
    const env = (...path: readonly string[]): Record<string, string> => ({
      PATH: [...path, '/usr/bin', '/bin'].join(':'),
      GITHUB_WORKSPACE: workspace,
    });

    it('uses the next one on PATH', async () => {
      await copyFile(await fixture.says('18.0.0'), join(outside, 'tbot'));
      const path = env(join(workspace, 'bin'), outside);
      const tool = await install(fixture.request({ env: path, inputs }));
      expect(tool).toEqual({ path: join(outside, 'tbot'), version: '18.0.0', source: 'installed' });
    });

    it.each([
      ['the entry', async () => join(workspace, 'bin')],
      [
        'a link to the folder',
        async () => {
          await symlink(join(workspace, 'bin'), join(outside, 'bin'));
          return join(outside, 'bin');
        },
      ],
      [
        'a link to the program',
        async () => {
          await symlink(join(workspace, 'bin', 'tbot'), join(outside, 'tbot'));
          return outside;
        },
      ],
      [
        'a link in the workspace to a program outside',
        async () => {
          await symlink(await fixture.says('18.0.0'), join(workspace, 'tbot'));
          return workspace;
        },
      ],
    ])('names the one that was ignored: %s', async (_, entry) => {
      const folder = await entry();
      const found = await fixture.problem({ env: env(folder), inputs });
      expect(found).toMatchObject({
        code: 'tbot',
        message: expect.stringContaining(`${join(folder, 'tbot')} was ignored`),
      });
    });

    it('compares with the real path of the workspace', async () => {
      await symlink(workspace, join(outside, 'link'));
      const found = await fixture.problem({
        env: { ...env(join(workspace, 'bin')), GITHUB_WORKSPACE: join(outside, 'link') },
        inputs,
      });
      expect(found).toMatchObject({ code: 'tbot', message: expect.stringContaining('ignored') });
    });

    it('does not take a folder beside the workspace for a part of it', async () => {
      const beside = `${workspace}-tools`;
      await mkdir(beside);
      await copyFile(await fixture.says('18.0.0'), join(beside, 'tbot'));
      const tool = await install(fixture.request({ env: env(beside), inputs }));
      expect(tool.path).toBe(join(beside, 'tbot'));
    });
  });

  it('installed: there is none', async () => {
    const found = await fixture.problem({ inputs: { version: { kind: 'installed' } } });
    expect(found).toMatchObject({ code: 'tbot', message: expect.stringContaining('PATH') });
  });
});

describe('a tbot that does not fit', () => {
  it('a newer major than the cluster, before anything is downloaded', async () => {
    const before = fixture.testbed.downloads.requests.length;
    const inputs = { version: { kind: 'exact', version: '19.0.0' } } as const;
    expect(await fixture.problem({ inputs })).toMatchObject({ code: 'version' });
    expect(fixture.testbed.downloads.requests).toHaveLength(before);
  });

  it.each(['19.0.0', '16.5.0'])('tbot-path is %s', async (version) => {
    const found = await fixture.problem({ inputs: { tbotPath: await fixture.says(version) } });
    expect(found).toMatchObject({ code: 'version', fix: expect.stringContaining('tbot-path') });
  });

  it('tbot-path is another than the exact version', async () => {
    const tbotPath = await fixture.says('18.2.3');
    const found = await fixture.problem({
      inputs: { tbotPath, version: { kind: 'exact', version: '18.2.4' } },
    });
    expect(found).toMatchObject({ code: 'version', fix: expect.stringContaining('18.2.3') });
  });
});
