import { createHash, randomUUID } from 'node:crypto';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install, type Tool } from '../../src/install/install.ts';
import { archiveName, type Change, cluster, openStage, type Stage } from './install.stage.ts';

let stage: Stage;
let cache: string;

beforeAll(async () => {
  stage = await openStage();
});
beforeEach(async () => {
  await stage.next();
  cache = await mkdtemp(join(tmpdir(), 'tool-cache-'));
  return async () => rm(cache, { recursive: true, force: true });
});
afterAll(async () => stage[Symbol.asyncDispose]());

const env = (): Record<string, string> => ({ PATH: '/usr/bin:/bin', RUNNER_TOOL_CACHE: cache });
const again = (change: Change = {}): Promise<Tool> =>
  install(stage.request({ env: env(), ...change }));
const folder = (): string => join(cache, 'tbot', '18.2.4', 'x64');
const downloads = (): number => stage.testbed.downloads.requests.length;

describe('the tool cache', () => {
  it('keeps what was fetched, in the layout of @actions/tool-cache, and gives it back', async () => {
    const first = await again();
    expect(first).toMatchObject({ path: join(folder(), 'tbot'), source: 'archive' });
    expect(await readdir(stage.directory)).toEqual([]);
    expect((await stat(first.path)).mode & 0o777).toBe(0o755);
    const before = downloads();
    expect(await again()).toEqual({ ...first, source: 'tool-cache' });
    expect(downloads()).toBe(before);
    process.env['RUNNER_TOOL_CACHE'] = cache;
    const { find } = await import('@actions/tool-cache');
    expect(find('tbot', '18.2.4', 'x64')).toBe(folder());
    delete process.env['RUNNER_TOOL_CACHE'];
  });

  it('says what is in the way, and leaves nothing half done', async () => {
    await mkdir(join(folder(), 'tbot'), { recursive: true });
    const problem = await stage.problem({ env: env() });
    expect(problem).toMatchObject({
      code: 'download',
      message: `tbot was downloaded and could not be put into ${folder()} (EISDIR).`,
    });
    expect((await readdir(folder())).filter((name) => name.startsWith('.tbot-'))).toEqual([]);
  });

  it('loses what an installation left that was killed long ago', async () => {
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

  it('is used also when something of that name is none of them', async () => {
    const path = join(folder(), `.archive-${randomUUID()}`);
    await mkdir(path, { recursive: true });
    const long = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await utimes(path, long, long);
    expect(await again()).toMatchObject({ path: join(folder(), 'tbot') });
    expect(await readdir(path)).toEqual([]);
  });

  it('keeps editions and FIPS builds apart', async () => {
    await again({ cluster: { ...cluster, edition: 'enterprise' } });
    await again({ cluster: { ...cluster, fips: true } });
    expect((await readdir(cache)).toSorted()).toEqual(['tbot-ent', 'tbot-fips']);
  });

  it('adds tools to what is there', async () => {
    await again();
    const inputs = { tools: ['tsh'] } as const;
    expect(await again({ inputs })).toMatchObject({ source: 'archive' });
    expect(await again({ inputs })).toMatchObject({
      source: 'tool-cache',
      tools: [join(folder(), 'tsh')],
    });
  });

  it('replaces what is not as it was, and never writes onto a running binary', async () => {
    const { path } = await again();
    await appendFile(path, '# rotten\n');
    const running = await open(path, 'r');
    const text = await running.readFile('utf8');
    expect(await again()).toMatchObject({ source: 'archive' });
    expect(text).toContain('# rotten');
    expect((await running.stat()).nlink).toBe(0);
    await running.close();
    expect(stage.lines.join('\n')).toContain('fetched again');
    expect(await again()).toMatchObject({ source: 'tool-cache' });
    expect((await readdir(folder())).filter((name) => !name.startsWith('.tbot.'))).toEqual([
      'tbot',
    ]);
  });

  it('without its mark is not used: an installation may have died there', async () => {
    await again();
    await rm(`${folder()}.complete`);
    expect(await again()).toMatchObject({ source: 'archive' });
    expect(await again()).toMatchObject({ source: 'tool-cache' });
  });

  it('may be filled by the runner image, without a record', async () => {
    await mkdir(folder(), { recursive: true });
    await writeFile(`${folder()}.complete`, '');
    await writeFile(join(folder(), 'tbot'), await readFile(await stage.says('18.2.4')));
    await chmod(join(folder(), 'tbot'), 0o755);
    expect(await again()).toMatchObject({ source: 'tool-cache' });
    await writeFile(join(folder(), 'tbot'), '');
    expect(await again()).toMatchObject({ source: 'archive' });
  });

  it('of another version than its folder says is a Problem', async () => {
    await again();
    const other = await readFile(await stage.says('18.2.3'));
    await rm(folder(), { recursive: true });
    await mkdir(folder());
    await writeFile(join(folder(), 'tbot'), other, { mode: 0o755 });
    const found = await stage.problem({ env: env() });
    expect(found).toMatchObject({ code: 'version', fix: expect.stringContaining('tool cache') });
  });

  it('is passed over for a checksum, which it cannot prove', async () => {
    await again();
    const bytes = (await stage.testbed.downloads.archive(archiveName)) ?? Buffer.alloc(0);
    const checksum = [createHash('sha256').update(bytes).digest('hex')];
    const inputs = { checksum, version: { kind: 'exact', version: '18.2.4' } } as const;
    const tool = await again({ inputs });
    expect(tool).toMatchObject({ source: 'archive', path: join(stage.directory, 'tbot') });
  });

  it('that cannot be made is done without', async () => {
    await writeFile(join(cache, 'tbot'), 'a file in the way');
    const tool = await again();
    expect(tool).toMatchObject({ source: 'archive', path: join(stage.directory, 'tbot') });
    expect(stage.lines.join('\n')).toContain('The tool cache is not used');
  });

  it('is safe for 16 installations at once, also onto a rotten binary', async () => {
    const { path } = await again();
    await writeFile(path, 'rotten');
    const tools = await Promise.all(Array.from({ length: 16 }, () => again()));
    expect(new Set(tools.map((tool) => tool.path))).toEqual(new Set([path]));
    expect(await again()).toMatchObject({ source: 'tool-cache', version: '18.2.4' });
    const names = await readdir(folder());
    expect(names.filter((name) => !/^\.tbot\.[0-9a-f]{64}$/.test(name))).toEqual(['tbot']);
  });
});
