import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setup } from '../../src/setup/setup.ts';
import type { Faults } from '../../testbed/faults.ts';
import { recordingCi } from '../recording.ts';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'early-'));
});
afterAll(async () => rm(folder, { recursive: true }));

async function script(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('what starts while the cluster is queried', () => {
  it.each<[string, Partial<Faults>, string]>([
    ['not-teleport', { proxy: { kind: 'html' } }, '/opt/missing/tbot'],
    ['proxy-unreachable', { proxy: { kind: 'refused' } }, '/bin/false'],
    ['tbot', {}, '/opt/missing/tbot'],
    ['tbot', {}, '/bin/false'],
  ])('fails after the query: %s', async (code, faults, tbot) => {
    Object.assign(fixture.testbed.faults, faults);
    const played = await fixture.play({ inputs: { 'tbot-path': tbot } });
    expect(played.of('fail')).toEqual([[`machine-id-action: ${code}`, expect.any(String)]]);
  });

  it.each<[string, Partial<Faults>, string]>([
    ['timeout', { proxy: { kind: 'silent' } }, '1s'],
    ['not-teleport', { proxy: { kind: 'html' } }, '1m'],
  ])('is stopped after a failure of the query: %s', async (code, faults, timeout) => {
    const pidFile = join(folder, `pid-${code}`);
    const tbot = await script(`tbot-${code}`, `echo $$ > ${pidFile}; exec sleep 600`);
    Object.assign(fixture.testbed.faults, faults);
    const played = await fixture.play({ inputs: { 'tbot-path': tbot, timeout } });
    expect(played.of('fail')).toEqual([[`machine-id-action: ${code}`, expect.any(String)]]);
    // The query can fail before the program has written its process ID.
    const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
    expect(pid > 0 && isRunning(pid)).toBe(false);
  });

  it('leaves no file of ./setup if the query fails', async () => {
    const temp = await mkdtemp(join(folder, 'temp-'));
    const run = async (): Promise<readonly (readonly string[])[]> => {
      const { proxy, downloads, caFile } = fixture.testbed;
      const recording = recordingCi({
        inputs: {
          proxy: proxy.address,
          version: '18.2.4',
          mirror: downloads.url,
          'extra-ca-file': caFile,
        },
        env: { PATH: '/usr/bin:/bin', RUNNER_TEMP: temp, RUNNER_TOOL_CACHE: join(folder, 'cache') },
      });
      await setup(recording.ci);
      return recording.of('fail');
    };
    expect(await run()).toEqual([]);
    const before = await readdir(temp);
    fixture.testbed.faults.proxy = { kind: 'html' };
    expect(await run()).toEqual([['machine-id-action: not-teleport', expect.any(String)]]);
    expect(await readdir(temp)).toEqual(before);
  });
});
