import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install, type Tool } from '../../src/install/install.ts';
import { type Change, type Fixture, openFixture, packed } from './install.fixture.ts';

let fixture: Fixture;
let cache: string;
/** Has one line for each start of the program. */
let starts: string;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => {
  await fixture.next();
  cache = await mkdtemp(join(tmpdir(), 'tool-cache-'));
  starts = join(cache, 'starts');
  for (const version of ['18.2.4', '18.2.3']) publish(version, '18.2.4');
  return async () => rm(cache, { recursive: true, force: true });
});
afterAll(async () => fixture[Symbol.asyncDispose]());

/** Publishes a program that prints another version, or the same one, and records its starts. */
function publish(named: string, printed: string, comment = ''): void {
  const content = `#!/bin/sh\necho "$1" >> ${starts}\necho "Teleport v${printed} git:x go1.24"\n${comment}\n`;
  const name = `teleport-v${named}-linux-amd64-bin.tar.gz`;
  fixture.testbed.downloads.publish(
    name,
    packed([{ name: 'teleport/tbot', content, mode: 0o755 }]),
  );
}

const env = (): Record<string, string> => ({ PATH: '/usr/bin:/bin', RUNNER_TOOL_CACHE: cache });
const inputs = { version: { kind: 'exact', version: '18.2.4' } } as const;
const again = (change: Change = {}): Promise<Tool> =>
  install(fixture.request({ env: env(), inputs, ...change }));
const folder = (version = '18.2.4'): string => join(cache, 'tbot', version, 'x64');

/** Returns how often tbot was started since the last call. */
async function started(): Promise<number> {
  const lines = (await readFile(starts, 'utf8').catch(() => '')).split('\n');
  await rm(starts, { force: true });
  expect(new Set(lines.filter((line) => line !== '')).size).toBeLessThan(2);
  return lines.length - 1;
}

async function proofIn(place: string): Promise<string> {
  const names = (await readdir(place)).filter((name) => name.endsWith('.version'));
  expect(names).toHaveLength(1);
  return join(place, names[0] ?? '');
}

describe('`tbot version`', () => {
  it('runs once for a downloaded tbot, and not for the same file from the tool cache', async () => {
    expect(await again()).toMatchObject({ source: 'archive', version: '18.2.4' });
    expect(await started()).toBe(1);
    for (const _ of [1, 2])
      expect(await again()).toMatchObject({ source: 'tool-cache', version: '18.2.4' });
    expect(await started()).toBe(0);
  });

  it.each<[string, () => Promise<void>]>([
    ['does not exist', async () => rm(await proofIn(folder()))],
    ['is empty', async () => writeFile(await proofIn(folder()), '')],
    ['is longer', async () => writeFile(await proofIn(folder()), '18.2.4', { flag: 'a' })],
    ['can be changed by others', async () => chmod(await proofIn(folder()), 0o646)],
    [
      'is a directory',
      async () => {
        const path = await proofIn(folder());
        await rm(path);
        await mkdir(path);
      },
    ],
  ])('runs again if the record of the version %s', async (_, change) => {
    await again();
    await started();
    await change();
    expect(await again()).toMatchObject({ source: 'tool-cache', version: '18.2.4' });
    expect(await started()).toBe(1);
  });

  it('runs only once more: the record is written again', async () => {
    await again();
    await rm(await proofIn(folder()));
    await again();
    await started();
    expect(await again()).toMatchObject({ source: 'tool-cache' });
    expect(await started()).toBe(0);
  });

  it('runs for another file of the same version', async () => {
    await again();
    await writeFile(join(folder(), 'tbot'), 'corrupt');
    publish('18.2.4', '18.2.4', '# rebuilt');
    await started();
    expect(await again()).toMatchObject({ source: 'archive' });
    expect(await started()).toBe(1);
  });

  it('does not run for a version in another form', async () => {
    const other = { version: { kind: 'exact', version: '18.02.4' } } as const;
    publish('18.02.4', '18.2.4');
    for (const source of ['archive', 'tool-cache'])
      expect(await again({ inputs: other })).toMatchObject({ source, version: '18.2.4' });
    expect(await started()).toBe(1);
  });

  it('does not run if the same file was downloaded again', async () => {
    await again();
    await writeFile(join(folder(), 'tbot'), 'corrupt');
    await started();
    expect(await again()).toMatchObject({ source: 'archive', version: '18.2.4' });
    expect(await started()).toBe(0);
  });

  it('runs for a tbot of the runner image, which has no record', async () => {
    await again();
    for (const name of await readdir(folder())) if (name !== 'tbot') await rm(join(folder(), name));
    await started();
    for (const _ of [1, 2]) expect(await again()).toMatchObject({ source: 'tool-cache' });
    expect(await started()).toBe(2);
    expect(await readdir(folder())).toEqual(['tbot']);
  });

  it('runs on every use of a tbot whose version is not the requested one', async () => {
    publish('18.2.4', '18.2.3');
    for (const _ of ['the download', 'the tool cache']) {
      expect(await fixture.problem({ env: env(), inputs })).toMatchObject({
        code: 'version',
        message: expect.stringContaining('is tbot 18.2.3, but 18.2.4 was requested.'),
      });
      expect(await started()).toBe(1);
    }
    expect(fixture.lines.join('\n')).toContain('Using tbot 18.2.4 from the tool cache');
  });

  it('runs if the files of another version were moved to the folder', async () => {
    publish('18.2.3', '18.2.3');
    await again({ inputs: { version: { kind: 'exact', version: '18.2.3' } } });
    await mkdir(join(cache, 'tbot', '18.2.4'));
    await rename(folder('18.2.3'), folder());
    await writeFile(`${folder()}.complete`, '');
    await started();
    expect(await fixture.problem({ env: env(), inputs })).toMatchObject({ code: 'version' });
    expect(await started()).toBe(1);
  });

  it('is not needed to find that the file cannot be run', async () => {
    await again();
    await chmod(join(folder(), 'tbot'), 0o644);
    await started();
    expect(await fixture.problem({ env: env(), inputs })).toMatchObject({
      code: 'tbot',
      message: expect.stringContaining('it is not executable'),
    });
    expect(await started()).toBe(0);
  });
});
