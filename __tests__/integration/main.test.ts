import { rmSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createWorkdir } from '../../src/workdir/workdir.ts';
import { readMarker } from '../../src/workdir/marker.ts';
import { checkNode, main } from '../../src/main.ts';
import { recordingCi } from '../recording.ts';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture();
const { play } = fixture;

/** The runner cancels, and does not listen any more. */
function endedPipe(): never {
  process.emit('SIGINT');
  throw new Error('write EPIPE');
}

function broken(): never {
  throw new TypeError('no state today');
}

/** A private directory that another run of the workflow did not remove. */
async function leave(run: string): Promise<void> {
  await createWorkdir(recordingCi({ env: { RUNNER_TEMP: fixture.temp, GITHUB_RUN_ID: run } }).ci);
}

/** Waits until the marker of the step names a second process, up to the test's timeout. */
async function tbotRuns(): Promise<void> {
  for (;;) {
    for (const name of await readdir(fixture.temp)) {
      const marker = await readMarker(join(fixture.temp, name));
      if (marker && marker.processes.length > 1) return;
    }
    await pause(10);
  }
}

describe('main', () => {
  it('joins, publishes, and post leaves nothing', async () => {
    const recording = await play();
    expect(recording.of('fail')).toEqual([]);
    expect(recording.values('output')).toMatchObject({ bot: 'ci', cluster: 'rig.example.com' });
    expect(recording.of('exportVariable').map(([name]) => name)).toEqual([
      'TELEPORT_PROXY',
      'TELEPORT_IDENTITY_FILE',
      'TELEPORT_TOOLS_VERSION',
    ]);
  });

  it('masks every line of the key before anything is published', async () => {
    const { said } = await play();
    const firstOutput = said.findIndex(([what]) => what === 'output');
    const lastMask = said.findLastIndex(([what]) => what === 'mask');
    expect(lastMask).toBeGreaterThan(-1);
    expect(lastMask).toBeLessThan(firstOutput);
    expect(said.filter(([what, text]) => what === 'mask' && text?.startsWith('-----'))).toEqual([]);
  });

  it('saves the path of the private directory before it is created', async () => {
    const { said } = await play({ inputs: { 'expected-cluster': 'other' } });
    expect(said[0]?.[0]).toBe('saveState');
  });

  it('warns of an unknown input, and shows the log of tbot in full when debugging', async () => {
    const recording = await play({ inputs: { colour: 'blue' }, debugging: true });
    expect(recording.of('warning')).toEqual([
      ['machine-id-action', expect.stringContaining('`colour` is not an input')],
    ]);
    expect(recording.of('group')[0]?.[0]).toBe('Log of tbot 18.2.4');
  });

  it('reports that NODE_TLS_REJECT_UNAUTHORIZED has no effect', async () => {
    const recording = await play({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(recording.of('notice')).toEqual([
      ['machine-id-action', expect.stringContaining('always verifies TLS certificates')],
    ]);
  });

  it('explains a denial and shows the log once more when debugging', async () => {
    const recording = await play({ inputs: { token: 'other-repo' }, debugging: true });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: claims-denied', expect.stringContaining('other-repo')],
    ]);
    expect(recording.of('group').map(([title]) => title)).toEqual([
      'Log of tbot 18.2.4',
      'The end of the log',
    ]);
    expect(recording.of('summary')).toHaveLength(1);
  });

  it('writes no summary with `summary: never`', async () => {
    for (const wrong of [{ token: 'other-repo' }, { timeout: 'never' }]) {
      const recording = await play({ inputs: { ...wrong, summary: 'never' } });
      expect(recording.of('fail')).toHaveLength(1);
      expect(recording.of('summary')).toEqual([]);
    }
  });

  it('gives a downloaded tbot to later steps', async () => {
    await fixture.testbed.tbot();
    const recording = await play({
      inputs: { 'tbot-path': '', mirror: fixture.testbed.downloads.url, version: '18.2.4' },
      env: { RUNNER_TOOL_CACHE: join(fixture.testbed.directory, 'tools') },
    });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.values('output')).toMatchObject({
      'tbot-version': '18.2.4',
      'tbot-source': 'archive',
    });
    expect(recording.of('addPath')).toHaveLength(1);
  });

  it('stops a running tbot at the deadline', async () => {
    fixture.testbed.faults.tbot = { kind: 'hang' };
    const recording = await play({ inputs: { timeout: '1500ms' } });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: timeout', expect.stringContaining('1.5s')],
    ]);
  });

  it('retries a temporary failure', async () => {
    fixture.testbed.faults.join = { kind: 'reset', joins: 1 };
    const recording = await play();
    expect(recording.of('fail')).toEqual([]);
    expect(recording.of('info').join('\n')).toContain('Retrying in');
  });

  it('reports and removes the directories of earlier runs', async () => {
    await leave('1');
    const one = await play({ env: { GITHUB_RUN_ID: '2' } });
    expect(one.of('info')[0]).toEqual(['Removed what 1 earlier run had to leave here.']);
    await Promise.all([leave('3'), leave('4')]);
    const several = await play({ env: { GITHUB_RUN_ID: '5' } });
    expect(several.of('info')[0]).toEqual(['Removed what 2 earlier runs had to leave here.']);
  });

  it('warns about a directory of an earlier run that it cannot remove, and goes on', async () => {
    const kept = join(fixture.temp, 'machine-id-0011223344556677');
    await mkdir(kept);
    await writeFile(join(kept, 'key'), 'secret');
    const recording = await play({
      around: (ci) => ({
        ...ci,
        warning: (...said) => {
          ci.warning(...said);
          rmSync(kept, { recursive: true });
        },
      }),
    });
    expect(recording.of('warning')).toEqual([
      ['machine-id-action: leftover', expect.stringContaining(kept)],
    ]);
    expect(recording.of('fail')).toEqual([]);
  });

  it('explains what RUNNER_TEMP is for if it is not set', async () => {
    const recording = recordingCi({
      inputs: { proxy: 'a', token: 'b' },
      env: { ...fixture.testbed.github.environment },
    });
    await main(recording.ci);
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: platform', expect.stringContaining('RUNNER_TEMP')],
    ]);
  });

  it('reports an unknown error as a bug of the action', async () => {
    const recording = recordingCi({
      inputs: { proxy: 'a', token: 'b' },
      env: { RUNNER_TEMP: fixture.temp, ...fixture.testbed.github.environment },
    });
    await main({ ...recording.ci, saveState: broken });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: a bug', expect.stringContaining('no state today')],
    ]);
  });
});

describe('a cancel', () => {
  const cancelled = [
    ['machine-id-action: cancelled', expect.stringContaining('was cancelled during this step')],
  ];

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s ends a tbot that waits', async (signal) => {
    const trackErrors = process.listenerCount(signal);
    fixture.testbed.faults.tbot = { kind: 'hang' };
    const playing = play();
    await tbotRuns();
    process.emit(signal);
    expect((await playing).of('fail')).toEqual(cancelled);
    expect(process.listenerCount(signal)).toBe(trackErrors);
  });

  it('is not reported as a bug, whatever it breaks', async () => {
    const recording = await play({ around: (ci) => ({ ...ci, output: endedPipe }) });
    expect(recording.of('fail')).toEqual(cancelled);
  });

  it('while it waits for a retry starts no further attempt', async () => {
    fixture.testbed.faults.join = { kind: 'reset', joins: 99 };
    const recording = await play({
      around: (ci) => ({
        ...ci,
        info: (text) => {
          ci.info(text);
          if (text.includes('Retrying in')) process.emit('SIGINT');
        },
      }),
    });
    expect(recording.of('fail')).toEqual(cancelled);
    const tries = recording.of('info').filter(([text]) => text?.includes('Retrying in'));
    expect(tries).toHaveLength(1);
    // Another try would show its log.
    expect(recording.of('group')).toEqual([]);
  });
});

describe('an older Node', () => {
  it('is not reported as a bug', () => {
    expect(() => checkNode('20.20.2')).toThrow(/Node 24, and was started by Node 20\.20\.2/);
    expect(() => checkNode('24.0.0')).not.toThrow();
    expect(() => checkNode('26.1.0')).not.toThrow();
  });
});
