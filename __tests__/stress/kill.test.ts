import { beforeAll, describe, expect, it } from 'vitest';
import type { KillCase } from './kill-result.ts';
import { everyCase, oneCaseEach, record, type Recording, runMatrix } from './kill-matrix.ts';

const minutes = 60_000;

let recordings: readonly Recording[];
beforeAll(async () => {
  recordings = await record();
}, 5 * minutes);

const first = { scenario: 'archive', step: 'main', way: 'SIGKILL' } as const;

/** Returns the label of the last event of the main step that matches. */
function eventOf(pattern: RegExp): string {
  const { events } = recordings[0] ?? { events: [] };
  return events.findLast((event) => pattern.test(event)) ?? `no event ${pattern}`;
}

describe('a job that is stopped (full disk and read-only need `unshare --mount`)', () => {
  it(
    'leaves nothing, at whatever event of main or post it is stopped',
    async () => {
      const cases = oneCaseEach(recordings);
      const { failures, milliseconds } = await runMatrix(cases);
      const all = everyCase(recordings).length;
      const seconds = (milliseconds / 1000).toFixed(0);
      console.log(`kill matrix: ${cases.length} of ${all} kill points in ${seconds} s`);
      expect(failures).toEqual([]);
    },
    15 * minutes,
  );

  it('is stopped at events of every kind', () => {
    const events = recordings.flatMap((recording) => recording.events);
    const kinds = new Set(events.map((event) => event.replaceAll(/^(\w+: \w+).*/g, '$1')));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        ...['proxy', 'GitHub', 'IMDS', 'download', 'registry'].map((name) => `request: ${name}`),
        'main: mkdir',
        'main: open',
        'main: rename',
        'main: appendFile',
        'main: spawn',
        'tbot: start',
        'tbot: writeFile',
        'post: unlink',
      ]),
    );
  });
});

/** Returns what the checks found in one case. */
async function found(test: KillCase): Promise<readonly string[]> {
  return (await runMatrix([test])).failures;
}

describe('the checks of the kill matrix', { timeout: 2 * minutes }, () => {
  it('find files that no post step removed', async () => {
    const event = eventOf(/^tbot: writeFile .*\/identity\/key /);
    expect(await found({ ...first, event, idlePost: true })).toContainEqual(
      expect.stringMatching(/left in RUNNER_TEMP: machine-id-\w+\/identity\/key$/),
    );
  });

  it('find variables that no post step restored', async () => {
    const event = eventOf(/^main: appendFile .*set_env/);
    expect(await found({ ...first, event, idlePost: true })).toContainEqual(
      expect.stringMatching(/still set: TELEPORT_IDENTITY_FILE=/),
    );
  });

  it('find an event that never happens', async () => {
    expect(await found({ ...first, event: 'main: nothing #1' })).toContainEqual(
      expect.stringContaining('the event did not happen'),
    );
  });

  it('find a process that outlives the job', async () => {
    const event = eventOf(/^main: spawn tbot/);
    expect(await found({ ...first, event, idlePost: true, tbotHangs: true })).toContainEqual(
      expect.stringMatching(/still running: .*\/tbot\.yaml/),
    );
  });
});
