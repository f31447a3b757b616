import { describe, expect, it } from 'vitest';
import type { CiPort } from '../../src/ci/port.ts';
import { setup } from '../../src/setup/setup.ts';
import type { Faults } from '../../testbed/faults.ts';
import { recordingCi } from '../recording.ts';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture();
const { play } = fixture;

function closed(): never {
  throw new TypeError('the log is closed');
}

function cancel(): void {
  process.emit('SIGINT');
}

function cancelAndClose(): void {
  cancel();
  closed();
}

/** Returns a CI system with a side effect when it shows the log of tbot. */
function onTbotLog(effect: () => void): (ci: CiPort) => CiPort {
  return (ci) => ({
    ...ci,
    group: (title, lines) => (title.startsWith('Log of tbot') ? effect() : ci.group(title, lines)),
  });
}

const cancelled = [['machine-id-action: cancelled', expect.any(String)]];

describe('a step that is cancelled or timed out', () => {
  it('reports the timeout, not the failures that it causes', async () => {
    fixture.testbed.faults.tbot = { kind: 'hang' };
    const played = await play({
      inputs: { timeout: '1500ms' },
      debugging: true,
      around: onTbotLog(closed),
    });
    expect(played.of('fail')).toEqual([
      ['machine-id-action: timeout', expect.stringContaining('1.5s')],
    ]);
  });

  it.each<[string, Partial<Faults>, Readonly<Record<string, string>>]>([
    ['querying', { proxy: { kind: 'silent' } }, {}],
    [
      'installing tbot',
      { downloads: { kind: 'slow', bytesPerSecond: 100 } },
      { 'tbot-path': '', 'install-from': 'archive', version: '18.2.4' },
    ],
  ])(
    'does not report an unfinished response as another problem: %s',
    async (doing, faults, inputs) => {
      Object.assign(fixture.testbed.faults, faults);
      const mirror = 'tbot-path' in inputs ? { mirror: fixture.testbed.downloads.url } : {};
      const played = await play({ inputs: { timeout: '1s', ...inputs, ...mirror } });
      expect(played.of('fail')).toEqual([
        ['machine-id-action: timeout', expect.stringContaining(doing.split(' ', 1).join())],
      ]);
    },
  );

  it('still reports a bug if it was not stopped', async () => {
    expect((await play({ around: onTbotLog(closed) })).of('fail')).toEqual([
      ['machine-id-action: bug', expect.stringContaining('the log is closed')],
    ]);
  });

  it('reports a wrong cluster even so, and publishes nothing', async () => {
    fixture.testbed.faults.tbot = { kind: 'foreign-cluster', cluster: 'foreign.example.com' };
    const played = await play({ around: onTbotLog(cancel) });
    expect(played.of('fail')).toEqual([
      ['machine-id-action: wrong-cluster', expect.stringContaining('foreign.example.com')],
    ]);
    expect([...played.of('exportVariable'), ...played.of('output')]).toEqual([]);
  });
});

describe('./setup that is cancelled', () => {
  const inputs = { version: '18.2.4', colour: 'blue' };

  /** Returns the failures of a setup that is cancelled while it warns of an unknown input. */
  async function stopped(
    env: Readonly<Record<string, string>>,
    effect = cancel,
  ): Promise<readonly (readonly string[])[]> {
    const recording = recordingCi({ inputs, env });
    await setup({ ...recording.ci, warning: effect });
    return recording.of('fail');
  }

  it('reports the cancellation, not the errors that it caused', async () => {
    expect(await stopped({ RUNNER_TEMP: fixture.temp }, cancelAndClose)).toEqual(cancelled);
  });

  it('still reports a problem that occurred before', async () => {
    expect(await stopped({})).toEqual([
      ['machine-id-action: platform', expect.stringContaining('RUNNER_TEMP')],
    ]);
  });
});
