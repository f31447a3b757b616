import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noFaults } from '../../testbed/faults.ts';
import type { StandInRunner } from '../../testbed/runner/runner.ts';
import { codesOf, openFixture, type Fixture } from './action.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());
beforeEach(() => void Object.assign(fixture.testbed.faults, noFaults()));

const background = { mode: 'background', 'renewal-interval': '1s' } as const;

/** Waits until the private directory of the only call contains a file with this text. */
async function contains(runner: StandInRunner, name: string, text: string): Promise<void> {
  for (;;) {
    for (const folder of readdirSync(runner.temp)) {
      const file = await readFile(join(runner.temp, folder, name), 'utf8').catch(() => undefined);
      if (file?.includes(text)) return;
    }
    await pause(5);
  }
}

describe('a job with a tbot in the background', () => {
  it('uses credentials that are renewed, and tunnels, until nothing is left', async () => {
    await using runner = await fixture.runner();
    const inputs = {
      ...fixture.inputs,
      ...background,
      app: 'hello',
      'application-tunnel': 'hello',
    };
    const step = await fixture.uses(runner, { inputs });
    expect(step, step.log).toMatchObject({ outcome: 'success', annotations: [] });
    const { pid, 'tunnel-uri': uri = '', 'certificate-file': file = '' } = step.outputs;
    expect(step.log).toContain(
      `Opened \`application-tunnel-hello\` at ${uri}. tbot keeps running in the background (process ${pid}) and renews the credentials every 1s until the job ends.`,
    );
    const before = await readFile(file, 'utf8');
    const later = await runner.run(
      `until [ -s "$FILE" ] && [ "$(cat "$FILE")" != "$BEFORE" ]; do sleep 0.1; done
      curl -sS --fail "http://127.0.0.1:$PORT/"`,
      { env: { FILE: file, BEFORE: before.trimEnd(), PORT: step.outputs['tunnel-port'] ?? '' } },
    );
    expect(later).toMatchObject({ outcome: 'success' });
    expect(later.raw).toContain('hello greets bot-ci');
    const { posts, ...end } = await runner.finish();
    expect(end).toEqual({ leftInTemp: [], orphans: [] });
    expect(posts[0]).toMatchObject({ outcome: 'success', annotations: [] });
    expect(posts[0]?.log).toMatch(new RegExp(`stopped process ${pid}\\.$`));
  });

  it('keeps two calls apart', async () => {
    await using runner = await fixture.runner();
    const first = await fixture.uses(runner, { inputs: { ...fixture.inputs, ...background } });
    const inputs = { ...fixture.inputs, ...background, 'application-tunnel': 'hello' };
    const second = await fixture.uses(runner, { inputs });
    expect([first.outcome, second.outcome]).toEqual(['success', 'success']);
    const port = second.outputs['tunnel-port'];
    expect((await runner.run(`curl -sS http://127.0.0.1:${port}/`)).raw).toContain('hello greets');
    const { posts, ...end } = await runner.finish();
    expect(end).toEqual({ leftInTemp: [], orphans: [] });
    expect(posts.map(({ log }) => /stopped process (\d+)\.$/.exec(log)?.[1])).toEqual([
      second.outputs['pid'],
      first.outputs['pid'],
    ]);
  });

  it('sees in post and in the summary why renewals fail', async () => {
    await using runner = await fixture.runner();
    const step = await fixture.uses(runner, { inputs: { ...fixture.inputs, ...background } });
    fixture.testbed.faults.github = { kind: 'status', status: 401 };
    const later = await runner.run(
      'until grep -q "TBOT:IDEN. Task failed" "$LOG"; do sleep 0.1; done',
      { env: { LOG: step.outputs['log-file'] ?? '' } },
    );
    expect(later.outcome).toBe('success');
    const { posts, ...end } = await runner.finish();
    expect(end).toEqual({ leftInTemp: [], orphans: [] });
    expect(posts[0]).toMatchObject({
      outcome: 'success',
      annotations: [
        {
          level: 'warning',
          title: 'machine-id-action: id-token-refused',
          message: expect.stringContaining('HTTP 401'),
        },
      ],
    });
    expect(posts[0]?.summary).toContain('renewal failed');
    expect(posts[0]?.log).toContain('##[group]Log of tbot 18.2.4');
  });
});

describe('a start in the background', () => {
  it.each(['hang', 'ignore-sigterm'] as const)('is cancelled while tbot is in %s', async (kind) => {
    fixture.testbed.faults.tbot = { kind };
    await using runner = await fixture.runner();
    const using = fixture.uses(runner, { inputs: { ...fixture.inputs, ...background } });
    await contains(runner, '.machine-id-action.json', '"background"');
    await runner.cancel();
    expect(codesOf(await using)).toEqual(['cancelled']);
    expect(await runner.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it.each([
    // Most likely before the process of tbot is recorded.
    ['is starting tbot', '', /^/],
    ['waits for tbot', 'Attempting task', /stopped process \d+\.$/],
  ])('leaves nothing if main is killed while it %s', async (_, line, report) => {
    fixture.testbed.faults.tbot = { kind: 'hold-credentials' };
    await using runner = await fixture.runner();
    let main = 0;
    const using = fixture.uses(runner, {
      inputs: { ...fixture.inputs, ...background },
      onStart: ({ pid }) => void (main = pid),
    });
    await contains(runner, 'tbot.log', line);
    process.kill(main, 'SIGKILL');
    expect(await using).toMatchObject({ signal: 'SIGKILL' });
    const { posts, ...end } = await runner.finish();
    expect(end).toEqual({ leftInTemp: [], orphans: [] });
    expect(posts[0]?.annotations).toEqual([]);
    expect(posts[0]?.log).toMatch(report);
  });
});
