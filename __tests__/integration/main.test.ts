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
import { needs } from '../requirements.ts';

const fixture = mainFixture();
const { play } = fixture;

/** Fails like a runner that cancels and reads no more output. */
function endedPipe(): never {
  process.emit('SIGINT');
  throw new Error('write EPIPE');
}

function broken(): never {
  throw new TypeError('no state');
}

/** Creates a private directory of another run of the workflow. */
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
  it('joins and publishes, and post removes everything', async () => {
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

  it('warns about an unknown input', async () => {
    const recording = await play({ inputs: { colour: 'blue' } });
    expect(recording.of('warning')).toEqual([
      ['machine-id-action', expect.stringContaining('`colour` is not an input')],
    ]);
  });

  it('reports that NODE_TLS_REJECT_UNAUTHORIZED has no effect', async () => {
    const recording = await play({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(recording.of('notice')).toEqual([
      ['machine-id-action', expect.stringContaining('always verifies TLS certificates')],
    ]);
  });

  it.each([
    [false, "End of tbot's log"],
    [true, 'Log of tbot 18.2.4'],
  ])(
    'explains a denial and shows the log once, with debug logging: %s',
    async (debugging, title) => {
      const recording = await play({ inputs: { token: 'other-repo' }, debugging });
      expect(recording.of('fail')).toEqual([
        ['machine-id-action: claims-denied', expect.stringContaining('other-repo')],
      ]);
      expect(recording.of('group').map(([name]) => name)).toEqual([title]);
      expect(recording.of('summary')).toHaveLength(1);
    },
  );

  it('writes no summary with `summary: never`', async () => {
    for (const wrong of [{ token: 'other-repo' }, { timeout: 'never' }]) {
      const recording = await play({ inputs: { ...wrong, summary: 'never' } });
      expect(recording.of('fail')).toHaveLength(1);
      expect(recording.of('summary')).toEqual([]);
    }
  });

  it('adds a downloaded tbot to PATH', needs('linux'), async () => {
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

  it('removes the directories of earlier jobs and reports that', async () => {
    await leave('1');
    const one = await play({ env: { GITHUB_RUN_ID: '2' } });
    expect(one.of('info')[0]).toEqual([
      'Removed a private directory that an earlier job left on this runner.',
    ]);
    await Promise.all([leave('3'), leave('4')]);
    const several = await play({ env: { GITHUB_RUN_ID: '5' } });
    expect(several.of('info')[0]).toEqual([
      'Removed 2 private directories that earlier jobs left on this runner.',
    ]);
  });

  it('warns about a directory of an earlier job that it cannot remove, and continues', async () => {
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

  it('reports that RUNNER_TEMP is not set', async () => {
    const recording = recordingCi({
      inputs: { proxy: 'a', token: 'b' },
      env: { ...fixture.testbed.github.environment },
    });
    await main(recording.ci);
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: platform', expect.stringContaining('RUNNER_TEMP')],
    ]);
  });

  it('reports an unknown error as a bug in the action', async () => {
    const recording = recordingCi({
      inputs: { proxy: 'a', token: 'b' },
      env: { RUNNER_TEMP: fixture.temp, ...fixture.testbed.github.environment },
    });
    await main({ ...recording.ci, saveState: broken });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: bug', expect.stringContaining('no state')],
    ]);
  });
});

describe('cancelling', () => {
  const cancelled = [
    ['machine-id-action: cancelled', expect.stringContaining('was cancelled during this step')],
  ];

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s stops a waiting tbot', async (signal) => {
    const listeners = process.listenerCount(signal);
    fixture.testbed.faults.tbot = { kind: 'hang' };
    const playing = play();
    await tbotRuns();
    process.emit(signal);
    expect((await playing).of('fail')).toEqual(cancelled);
    expect(process.listenerCount(signal)).toBe(listeners);
  });

  it('is not reported as a bug if it causes an error', async () => {
    const recording = await play({ around: (ci) => ({ ...ci, output: endedPipe }) });
    expect(recording.of('fail')).toEqual(cancelled);
  });

  it('during the pause before a retry prevents that retry', async () => {
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
    const retries = recording.of('info').filter(([text]) => text?.includes('Retrying in'));
    expect(retries).toHaveLength(1);
    // Another attempt would print its log.
    expect(recording.of('group')).toEqual([]);
  });
});

describe('an older Node', () => {
  it('is not reported as a bug', () => {
    expect(() => checkNode('20.20.2')).toThrow(
      /requires Node 24, but it was started with Node 20\.20\.2/,
    );
    expect(() => checkNode('24.0.0')).not.toThrow();
    expect(() => checkNode('26.1.0')).not.toThrow();
  });
});
