import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { exists } from '../../src/files/files.ts';
import { startEarly } from '../../src/install/early.ts';
import { install } from '../../src/install/install.ts';
import { type Change, cluster, type Fixture, openFixture } from './install.fixture.ts';

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

const exact = { version: { kind: 'exact', version: '18.2.4' } } as const;
const change = (): Change => ({
  env: { PATH: '/usr/bin:/bin', RUNNER_TOOL_CACHE: cache },
  inputs: exact,
});
const folderOf = (tool: string): string => join(cache, tool, '18.2.4', 'x64');
const stagedFiles = async (): Promise<readonly string[]> => readdir(fixture.directory);

/** Waits until a condition holds; a test that never does times out. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(5);
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a tbot on the runner', () => {
  it('is found and asked for its version before the cluster answers', async () => {
    const inputs = { tbotPath: await fixture.fakeTbot('18.1.0') };
    const request = fixture.request({ inputs });
    await using early = await startEarly(request);
    const found = { tbot: { path: inputs.tbotPath, source: 'tbot-path' }, version: '18.1.0' };
    expect(await early.tbotOfRunner).toEqual(found);
    await rm(inputs.tbotPath);
    expect(await install({ ...request, early })).toMatchObject({ version: '18.1.0' });
  });

  it.each<[string, Change['inputs'] & object, string]>([
    ['tbot-path', { tbotPath: '/opt/missing/tbot' }, 'the file does not exist'],
    ['installed', { version: { kind: 'installed' } }, 'tbot was not found on PATH'],
  ])('causes a failure only where it is needed: %s', async (_, inputs, text) => {
    const request = fixture.request({ inputs, env: { PATH: fixture.directory } });
    const early = await startEarly(request);
    await early[Symbol.asyncDispose]();
    // Not awaited until now, and the test would fail for an unhandled rejection.
    await using second = await startEarly(request);
    await pause(20);
    await expect(install({ ...request, early: second })).rejects.toMatchObject({
      code: 'tbot',
      message: expect.stringContaining(text),
    });
  });

  it('fails after an incompatible version', async () => {
    const inputs = { ...exact, tbotPath: '/opt/missing/tbot' };
    const request = fixture.request({
      inputs,
      cluster: { ...cluster, serverVersion: '16.0.0', minClientVersion: '15.0.0' },
    });
    await using early = await startEarly(request);
    await expect(install({ ...request, early })).rejects.toMatchObject({ code: 'version' });
  });

  it.each(['the cluster does not answer', 'the step is cancelled'])(
    'leaves no process: %s',
    async (end) => {
      const pidFile = join(fixture.directory, 'pid');
      const tbotPath = await fixture.script(`#!/bin/sh\necho $$ > ${pidFile}\nexec sleep 600\n`);
      const controller = new AbortController();
      const request = fixture.request({ inputs: { tbotPath }, signal: controller.signal });
      const early = await startEarly(request);
      await until(async () => /^\d+\n/.test(await readFile(pidFile, 'utf8').catch(() => '')));
      const pid = Number(await readFile(pidFile, 'utf8'));
      expect(isRunning(pid)).toBe(true);
      if (end === 'the step is cancelled') controller.abort(new Error(end));
      await early[Symbol.asyncDispose]();
      expect(isRunning(pid)).toBe(false);
      const reason = end === 'the step is cancelled' ? end : 'aborted';
      await expect(install({ ...request, early })).rejects.toThrow(reason);
    },
  );
});

describe('the tool cache', () => {
  beforeEach(async () => {
    await install(fixture.request(change()));
    await rm(join(fixture.directory, 'tbot'));
  });

  it('is checked early if it contains one build of the version', async () => {
    const request = fixture.request(change());
    await using early = await startEarly(request);
    await until(async () => (await stagedFiles()).length > 0);
    expect(await install({ ...request, early })).toMatchObject({ source: 'tool-cache' });
    expect(await stagedFiles()).toEqual(['tbot']);
    // It was taken: a second installation checks the file again.
    expect(await early.take(folderOf('tbot'))).toBeUndefined();
  });

  it.each<[string, Partial<typeof cluster>]>([
    ['edition', { edition: 'enterprise' }],
    ['FIPS', { fips: true }],
  ])('is not used if the cluster selects another build: %s', async (_, answer) => {
    const request = fixture.request({ ...change(), cluster: { ...cluster, ...answer } });
    const early = await startEarly(request);
    expect(await install({ ...request, early })).toMatchObject({ source: 'archive' });
    await early[Symbol.asyncDispose]();
    expect(await stagedFiles()).toEqual(['tbot']);
  });

  it.each<[string, () => Promise<Change['inputs'] & object>]>([
    ['the version is not exact', async () => ({})],
    ['`checksum` is set', async () => ({ ...exact, checksum: ['0'.repeat(64)] })],
    [
      'it contains two possible builds',
      async () => {
        await mkdir(folderOf('tbot-ent'), { recursive: true });
        await writeFile(`${folderOf('tbot-ent')}.complete`, '');
        return exact;
      },
    ],
    ['it does not contain the build', async () => ({ ...exact, edition: 'enterprise' })],
  ])('is not checked early if %s', async (_, prepare) => {
    const request = fixture.request({ ...change(), inputs: await prepare() });
    await using early = await startEarly(request);
    expect(await early.take(folderOf('tbot'))).toBeUndefined();
    expect(await stagedFiles()).toEqual([]);
  });

  it('is checked early if `edition` leaves one of two builds', async () => {
    await mkdir(folderOf('tbot-ent'), { recursive: true });
    await writeFile(`${folderOf('tbot-ent')}.complete`, '');
    const inputs = { ...exact, edition: 'oss' } as const;
    const request = fixture.request({ ...change(), inputs });
    await using early = await startEarly(request);
    expect(await early.take(folderOf('tbot'))).toMatchObject({ kind: 'cached' });
  });

  it('reports a corrupt file only where it is needed', async () => {
    await writeFile(join(folderOf('tbot'), 'tbot'), 'corrupt');
    const request = fixture.request(change());
    const lines = fixture.lines.length;
    await using early = await startEarly(request);
    await pause(20);
    expect(fixture.lines).toHaveLength(lines);
    expect(await install({ ...request, early })).toMatchObject({ source: 'archive' });
    expect(fixture.lines.slice(lines).join('\n')).toContain('does not match its recorded SHA-256');
  });

  it.each(['the cluster does not answer', 'the step is cancelled'])(
    'leaves no file in the private directory: %s',
    async (end) => {
      const controller = new AbortController();
      const request = fixture.request({ ...change(), signal: controller.signal });
      const early = await startEarly(request);
      await until(async () => (await stagedFiles()).length > 0);
      if (end === 'the step is cancelled') controller.abort(new Error('cancelled'));
      await early[Symbol.asyncDispose]();
      expect(await stagedFiles()).toEqual([]);
      expect(await exists(join(folderOf('tbot'), 'tbot'))).toBe(true);
    },
  );

  it('leaves nothing if it is cancelled at once', async () => {
    const controller = new AbortController();
    const request = fixture.request({ ...change(), signal: controller.signal });
    const early = await startEarly(request);
    controller.abort(new Error('cancelled'));
    await expect(install({ ...request, early })).rejects.toThrow('cancelled');
    await early[Symbol.asyncDispose]();
    expect(await stagedFiles()).toEqual([]);
  });
});
