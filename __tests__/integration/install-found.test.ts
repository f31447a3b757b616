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
  it('tbot-path: downloads nothing', async () => {
    const before = fixture.testbed.downloads.requests.length;
    const path = await fixture.testbed.tbot('18.2.4');
    const tool = await install(fixture.request({ inputs: { tbotPath: path } }));
    expect(tool).toEqual({ path, version: '18.2.4', source: 'tbot-path' });
    expect(fixture.testbed.downloads.requests).toHaveLength(before);
  });

  it('tbot-path: is relative to the workspace', async () => {
    const path = await fixture.fakeTbot('18.2.4');
    await mkdir(join(fixture.directory, 'sub'));
    await symlink(path, join(fixture.directory, 'sub', 'tbot'));
    const env = { PATH: '/usr/bin:/bin', GITHUB_WORKSPACE: fixture.directory };
    const tool = await install(fixture.request({ env, inputs: { tbotPath: 'sub/tbot' } }));
    expect(tool.path).toBe(join(fixture.directory, 'sub', 'tbot'));
  });

  it('installed: uses the first tbot on PATH and ignores relative entries', async () => {
    const good = join(fixture.directory, 'good');
    const later = join(fixture.directory, 'later');
    for (const folder of [good, later]) {
      await mkdir(folder);
      await copyFile(
        await fixture.fakeTbot(folder === good ? '18.1.0' : '18.0.0'),
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

  it('installed: uses tbot.exe and the variable Path on Windows', async () => {
    const path = join(fixture.directory, 'tbot.exe');
    await copyFile(await fixture.fakeTbot('18.1.0'), path);
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
      await copyFile(await fixture.fakeTbot('18.1.0'), join(workspace, 'bin', 'tbot'));
    });
    const env = (...path: readonly string[]): Record<string, string> => ({
      PATH: [...path, '/usr/bin', '/bin'].join(':'),
      GITHUB_WORKSPACE: workspace,
    });

    it('uses the next one on PATH', async () => {
      await copyFile(await fixture.fakeTbot('18.0.0'), join(outside, 'tbot'));
      const path = env(join(workspace, 'bin'), outside);
      const tool = await install(fixture.request({ env: path, inputs }));
      expect(tool).toEqual({ path: join(outside, 'tbot'), version: '18.0.0', source: 'installed' });
    });

    it.each([
      ['a directory on PATH', async () => join(workspace, 'bin')],
      [
        'a link to the directory',
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
          await symlink(await fixture.fakeTbot('18.0.0'), join(workspace, 'tbot'));
          return workspace;
        },
      ],
    ])('names the ignored tbot: %s', async (_, entry) => {
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

    it('accepts a directory beside the workspace', async () => {
      const beside = `${workspace}-tools`;
      await mkdir(beside);
      await copyFile(await fixture.fakeTbot('18.0.0'), join(beside, 'tbot'));
      const tool = await install(fixture.request({ env: env(beside), inputs }));
      expect(tool.path).toBe(join(beside, 'tbot'));
    });
  });

  it('installed: fails without a tbot on PATH', async () => {
    const found = await fixture.problem({ inputs: { version: { kind: 'installed' } } });
    expect(found).toMatchObject({ code: 'tbot', message: expect.stringContaining('PATH') });
  });
});

describe('an incompatible tbot', () => {
  it('is rejected before the download', async () => {
    const before = fixture.testbed.downloads.requests.length;
    const inputs = { version: { kind: 'exact', version: '19.0.0' } } as const;
    expect(await fixture.problem({ inputs })).toMatchObject({ code: 'version' });
    expect(fixture.testbed.downloads.requests).toHaveLength(before);
  });

  it.each(['19.0.0', '16.5.0'])('is rejected at tbot-path: %s', async (version) => {
    const found = await fixture.problem({ inputs: { tbotPath: await fixture.fakeTbot(version) } });
    expect(found).toMatchObject({ code: 'version', fix: expect.stringContaining('tbot-path') });
  });

  it('is rejected if it is not the requested version', async () => {
    const tbotPath = await fixture.fakeTbot('18.2.3');
    const found = await fixture.problem({
      inputs: { tbotPath, version: { kind: 'exact', version: '18.2.4' } },
    });
    expect(found).toMatchObject({ code: 'version', fix: expect.stringContaining('18.2.3') });
  });
});
