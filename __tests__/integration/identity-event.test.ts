import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvent } from '../../src/ci/github/event.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

describe('readEvent', () => {
  it('reads the event of the job', async () => {
    const path = join(folder, 'event.json');
    await writeFile(path, '{"repository":{"private":true}}');
    expect(await readEvent({ GITHUB_EVENT_PATH: path })).toEqual({ repository: { private: true } });
  });

  it('does without an event that is not there or cannot be read', async () => {
    const path = join(folder, 'half.json');
    await writeFile(path, '{"repository":');
    expect(await readEvent({ GITHUB_EVENT_PATH: path })).toBeUndefined();
    expect(await readEvent({ GITHUB_EVENT_PATH: join(folder, 'none.json') })).toBeUndefined();
    expect(await readEvent({})).toBeUndefined();
  });
});
