import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  appendFile,
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install, type Tool } from '../../src/install/install.ts';
import { archiveName, type Change, cluster, openFixture, type Fixture } from './install.fixture.ts';

let fixture: Fixture;
let cache: string;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => {
  await fixture.next();
  cache = await mkdtemp(join(tmpdir(), 'tool-cache-'));
  return async () => rm(cache, { recursive: true, force: true });
});
afterAll(async () => fixture[Symbol.asyncDispose]());

const env = (): Record<string, string> => ({ PATH: '/usr/bin:/bin', RUNNER_TOOL_CACHE: cache });
const again = (change: Change = {}): Promise<Tool> =>
  install(fixture.request({ env: env(), ...change }));
const folder = (): string => join(cache, 'tbot', '18.2.4', 'x64');
/** Returns the path of tbot in the cache. */
const cachedTbot = (): string => join(folder(), 'tbot');
const downloads = (): number => fixture.testbed.downloads.requests.length;

describe('the tool cache', () => {
  it('stores downloaded programs in the layout of @actions/tool-cache and reuses them', async () => {
    const first = await again();
    expect(first).toMatchObject({ path: join(fixture.directory, 'tbot'), source: 'archive' });
    expect(await readdir(fixture.directory)).toEqual(['tbot']);
    expect((await stat(first.path)).ino).toBe((await stat(cachedTbot())).ino);
    const before = downloads();
    expect(await again()).toEqual({ ...first, source: 'tool-cache' });
    expect(downloads()).toBe(before);
    expect(await readdir(fixture.directory)).toEqual(['tbot']);
    expect(fixture.lines.at(-1)).toBe(`Using tbot 18.2.4 from the tool cache: ${cachedTbot()}`);
    process.env['RUNNER_TOOL_CACHE'] = cache;
    const { find } = await import('@actions/tool-cache');
    expect(find('tbot', '18.2.4', 'x64')).toBe(folder());
    delete process.env['RUNNER_TOOL_CACHE'];
  });

  it.each(['000', '022', '077'])(
    'has directories of mode 0755 and files of mode 0755 and 0644 with umask %s',
    async (umask) => {
      const usual = process.umask(Number.parseInt(umask, 8));
      await again().finally(() => process.umask(usual));
      const modes = new Map<string, string>();
      for (const name of await readdir(join(cache, 'tbot'), { recursive: true }))
        modes.set(
          name.replace(/[0-9a-f]{64}/, '<sha256>'),
          ((await stat(join(cache, 'tbot', name))).mode & 0o777).toString(8),
        );
      expect(Object.fromEntries(modes)).toEqual({
        '18.2.4': '755',
        '18.2.4/x64': '755',
        '18.2.4/x64/.tbot.<sha256>': '644',
        '18.2.4/x64/.tbot.<sha256>.version': '644',
        '18.2.4/x64/tbot': '755',
        '18.2.4/x64.complete': '644',
      });
      expect((await stat(join(cache, 'tbot'))).mode & 0o777).toBe(0o755);
    },
  );

  it('is not filled if a directory is named tbot, and no partial file remains', async () => {
    await mkdir(cachedTbot(), { recursive: true });
    expect(await again()).toMatchObject({ path: join(fixture.directory, 'tbot') });
    expect(fixture.lines.at(-1)).toMatch(
      /^The tool cache could not be updated: EISDIR.*\/x64\/tbot'\.$/,
    );
    expect((await readdir(folder())).filter((name) => name.startsWith('.tbot-'))).toEqual([]);
  });

  it('is not the reason if a directory is named tbot in the private directory', async () => {
    await mkdir(join(fixture.directory, 'tbot'), { recursive: true });
    const problem = await fixture.problem({ env: env() });
    expect(problem).toMatchObject({
      code: 'download',
      message: `tbot was downloaded, but it could not be moved to ${fixture.directory} (EISDIR).`,
    });
    expect(await readdir(fixture.directory)).toEqual(['tbot']);
  });

  it('loses staged files older than a day', async () => {
    await mkdir(folder(), { recursive: true });
    const parts = ['old', 'new'].map((age) => [age, `.tbot-${randomUUID()}`] as const);
    const long = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const [age, name] of parts) {
      await writeFile(join(folder(), name), '');
      if (age === 'old') await utimes(join(folder(), name), long, long);
    }
    await again();
    const left = (await readdir(folder())).filter((name) => name.startsWith('.tbot-'));
    expect(left).toEqual([new Map(parts).get('new')]);
  });

  it('is used even if a directory is named like a staged file', async () => {
    const path = join(folder(), `.archive-${randomUUID()}`);
    await mkdir(path, { recursive: true });
    const long = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await utimes(path, long, long);
    await again();
    expect((await stat(cachedTbot())).isFile()).toBe(true);
    expect(await readdir(path)).toEqual([]);
  });

  it('keeps editions and FIPS builds apart', async () => {
    await again({ cluster: { ...cluster, edition: 'enterprise' } });
    await again({ cluster: { ...cluster, fips: true } });
    expect((await readdir(cache)).toSorted()).toEqual(['tbot-ent', 'tbot-fips']);
  });

  it('adds tools to an existing tbot', async () => {
    await again();
    const inputs = { tools: ['tsh'] } as const;
    expect(await again({ inputs })).toMatchObject({ source: 'archive' });
    expect(await again({ inputs })).toMatchObject({
      source: 'tool-cache',
      tools: [join(fixture.directory, 'tsh')],
    });
  });

  it('replaces a corrupt file without writing to a running program', async () => {
    await again();
    await appendFile(cachedTbot(), '# corrupt\n');
    const running = await open(cachedTbot(), 'r');
    const text = await running.readFile('utf8');
    expect(await again()).toMatchObject({ source: 'archive' });
    expect(text).toContain('# corrupt');
    expect((await running.stat()).nlink).toBe(0);
    await running.close();
    expect(fixture.lines.join('\n')).toContain('downloaded again');
    expect(await again()).toMatchObject({ source: 'tool-cache' });
    expect((await readdir(folder())).filter((name) => !name.startsWith('.tbot.'))).toEqual([
      'tbot',
    ]);
  });

  it('is not used without its mark, because an installation may be incomplete', async () => {
    await again();
    await rm(`${folder()}.complete`);
    expect(await again()).toMatchObject({ source: 'archive' });
    expect(await again()).toMatchObject({ source: 'tool-cache' });
  });

  it('may be part of the runner image, without a record', async () => {
    await mkdir(folder(), { recursive: true });
    await writeFile(`${folder()}.complete`, '');
    await writeFile(join(folder(), 'tbot'), await readFile(await fixture.fakeTbot('18.2.4')));
    await chmod(join(folder(), 'tbot'), 0o755);
    expect(await again()).toMatchObject({ source: 'tool-cache' });
    await writeFile(join(folder(), 'tbot'), '');
    expect(await again()).toMatchObject({ source: 'archive' });
  });

  it('causes a Problem if tbot has another version than its directory', async () => {
    await again();
    const other = await readFile(await fixture.fakeTbot('18.2.3'));
    await rm(folder(), { recursive: true });
    await mkdir(folder());
    await writeFile(join(folder(), 'tbot'), other, { mode: 0o755 });
    const found = await fixture.problem({ env: env() });
    expect(found).toMatchObject({
      code: 'version',
      message: `${cachedTbot()} is tbot 18.2.3, but 18.2.4 was requested.`,
      fix: expect.stringContaining('tool cache'),
    });
  });

  it('is not used with `checksum`', async () => {
    await again();
    const bytes = (await fixture.testbed.downloads.archive(archiveName)) ?? Buffer.alloc(0);
    const checksum = [createHash('sha256').update(bytes).digest('hex')];
    const inputs = { checksum, version: { kind: 'exact', version: '18.2.4' } } as const;
    const tool = await again({ inputs });
    expect(tool).toMatchObject({ source: 'archive', path: join(fixture.directory, 'tbot') });
    expect(fixture.lines).toContain('The tool cache is not used: `checksum` is set.');
  });

  it('is not required: the directory cannot be created', async () => {
    await writeFile(join(cache, 'tbot'), 'a file');
    const tool = await again();
    expect(tool).toMatchObject({ source: 'archive', path: join(fixture.directory, 'tbot') });
    expect(fixture.lines.join('\n')).toContain('The tool cache is not used');
  });

  it.each([
    [
      'a file that is writable by its group',
      'is writable by its group',
      async () => chmod(cachedTbot(), 0o775),
    ],
    [
      'a symbolic link',
      'is a symbolic link',
      async () => {
        await rename(cachedTbot(), join(folder(), 'other'));
        await symlink('other', cachedTbot());
      },
    ],
    [
      'a named pipe without a writer',
      'is not a regular file',
      async () => {
        await rm(cachedTbot());
        execFileSync('mkfifo', [cachedTbot()]);
      },
    ],
    [
      'a directory',
      'is not a regular file',
      async () => {
        await rm(cachedTbot());
        await mkdir(cachedTbot());
      },
    ],
  ])('ignores %s and does not change it', async (_, words, change) => {
    await again();
    await change();
    const before = await lstat(cachedTbot());
    expect(await again()).toMatchObject({
      source: 'archive',
      path: join(fixture.directory, 'tbot'),
    });
    expect((await lstat(cachedTbot())).ino).toBe(before.ino);
    const notices = fixture.lines.filter((line) => line.startsWith('notice: '));
    expect(notices.at(-1)).toContain(`The tool cache is not used: ${cachedTbot()} ${words}`);
    expect(notices.at(-1)).toContain(`uid ${process.getuid?.()}`);
    expect(await readdir(fixture.directory)).toEqual(['tbot']);
  });

  it('is filled again if a program is missing', async () => {
    await again();
    await rm(cachedTbot());
    await symlink('gone', join(folder(), 'tsh'));
    expect(await again({ inputs: { tools: ['tsh'] } })).toMatchObject({ source: 'archive' });
    expect(fixture.lines.join('\n')).toContain(`does not contain ${cachedTbot()}.`);
  });

  it('causes a Problem if tbot is not executable', async () => {
    await again();
    await chmod(cachedTbot(), 0o644);
    const found = await fixture.problem({ env: env() });
    expect(found).toMatchObject({
      code: 'tbot',
      message: expect.stringContaining(
        `${cachedTbot()} cannot be used as tbot: it is not executable`,
      ),
    });
    await chmod(cache, 0o777);
    expect(await fixture.problem({ env: env() })).toMatchObject({
      code: 'platform',
      message: expect.stringContaining(`${cache} is writable by its group or by others`),
    });
    expect(await readdir(fixture.directory)).toEqual(['tbot']);
  });

  it('supports 16 installations at once, also with a corrupt tbot', async () => {
    const { path } = await again();
    await writeFile(cachedTbot(), 'corrupt');
    const tools = await Promise.all(Array.from({ length: 16 }, () => again()));
    expect(new Set(tools.map((tool) => tool.path))).toEqual(new Set([path]));
    expect(await again()).toMatchObject({ source: 'tool-cache', version: '18.2.4' });
    const names = await readdir(folder());
    expect(names.filter((name) => !/^\.tbot\.[0-9a-f]{64}(\.version)?$/.test(name))).toEqual([
      'tbot',
    ]);
  });
});
