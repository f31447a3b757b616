import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFixture, type Fixture } from './action.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('background mode', () => {
  it('tries', async () => {
    await using runner = await fixture.runner();
    const step = await fixture.uses(runner, {
      inputs: {
        ...fixture.inputs,
        mode: 'background',
        'renewal-interval': '1s',
        app: 'hello',
        'application-tunnel': 'hello',
        'database-tunnel': 'pg/app/ci',
        summary: 'always',
      },
    });
    console.log(step.log, step.outputs, step.summary, step.durationMs);
    const later = await runner.run(
      `curl -sS http://127.0.0.1:${step.outputs['tunnel-port']}/; cat $DIR/.mach*`,
      { env: { DIR: step.outputs['log-file']?.replace('/tbot.log', '') ?? '' } },
    );
    console.log(later.log);
    const end = await runner.finish();
    console.log(end.posts[0]?.log, end.posts[0]?.durationMs, end.orphans, end.leftInTemp);
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });
});
