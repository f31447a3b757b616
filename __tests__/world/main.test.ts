import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkNode, main } from '../../src/main.ts';
import { post } from '../../src/post.ts';
import { noFaults } from '../../testbed/faults.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { type Recording, recordingRunner } from '../recording.ts';

let testbed: Testbed;
let temp: string;
beforeAll(async () => {
  testbed = await startTestbed();
  temp = await mkdtemp(join(tmpdir(), 'main-'));
});
afterAll(async () => {
  await testbed[Symbol.asyncDispose]();
  await rm(temp, { recursive: true });
});
beforeEach(() => {
  Object.assign(testbed.faults, noFaults());
  process.exitCode = 0;
});

function broken(): never {
  throw new TypeError('no state today');
}

interface Changes {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly debugging?: boolean;
}

/** Main and post in this very process, over another implementation of the port. */
async function play(changes: Changes = {}): Promise<Recording> {
  const env = {
    PATH: process.env['PATH'],
    HOME: temp,
    RUNNER_TEMP: temp,
    ...testbed.github.environment,
    ...changes.env,
  };
  const inputs = {
    proxy: testbed.proxy.address,
    token: 'ci-github',
    'tbot-path': await testbed.tbot(),
    'extra-ca-file': testbed.caFile,
    ...changes.inputs,
  };
  const recording = recordingRunner({ inputs, env, debugging: changes.debugging ?? false });
  await main(recording.runner);
  const state = pairs(recording.of('saveState'));
  await post({ ...recordingRunner({ env, state }).runner, info: recording.runner.info });
  expect(await readdir(temp)).toEqual([]);
  return recording;
}

function outputsOf(recording: Recording): Readonly<Record<string, string>> {
  return pairs(recording.of('output'));
}

function pairs(said: readonly (readonly string[])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(said.map(([name = '', value = '']) => [name, value]));
}

describe('main', () => {
  it('joins, publishes, and post leaves nothing', async () => {
    const recording = await play();
    expect(recording.of('fail')).toEqual([]);
    expect(outputsOf(recording)).toMatchObject({ bot: 'ci', cluster: 'rig.example.com' });
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

  it('saves the home before it is made', async () => {
    const { said } = await play({ inputs: { 'expected-cluster': 'other' } });
    expect(said[0]?.[0]).toBe('saveState');
  });

  it('warns of what is no input, and shows the log of tbot in full when debugging', async () => {
    const recording = await play({ inputs: { colour: 'blue' }, debugging: true });
    expect(recording.of('warning')).toEqual([
      ['machine-id-action', expect.stringContaining('`colour` is not an input')],
    ]);
    expect(recording.of('group')[0]?.[0]).toBe('Log of tbot 18.2.4');
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

  it('writes no summary when there shall be none', async () => {
    const recording = await play({ inputs: { token: 'other-repo', summary: 'never' } });
    expect(recording.of('fail')).toHaveLength(1);
    expect(recording.of('summary')).toEqual([]);
  });

  it('gives a downloaded tbot to later steps', async () => {
    await testbed.tbot();
    const recording = await play({
      inputs: { 'tbot-path': '', mirror: testbed.downloads.url, version: '18.2.4' },
      env: { RUNNER_TOOL_CACHE: join(testbed.directory, 'tools') },
    });
    expect(recording.of('fail')).toEqual([]);
    expect(outputsOf(recording)).toMatchObject({
      'tbot-version': '18.2.4',
      'tbot-source': 'archive',
    });
    expect(recording.of('addPath')).toHaveLength(1);
  });

  it('stops what still runs at the deadline', async () => {
    testbed.faults.tbot = { kind: 'hang' };
    const recording = await play({ inputs: { timeout: '1500ms' } });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: timeout', expect.stringContaining('1.5s')],
    ]);
  });

  it('tries again what can pass by itself, and gives up in the end', async () => {
    testbed.faults.join = { kind: 'reset', joins: 1 };
    const recording = await play();
    expect(recording.of('fail')).toEqual([]);
    expect(recording.of('info').join('\n')).toContain('trying again');
  });

  it('says what RUNNER_TEMP is for where there is none', async () => {
    const recording = recordingRunner({
      inputs: { proxy: 'a', token: 'b' },
      env: { ...testbed.github.environment },
    });
    await main(recording.runner);
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: platform', expect.stringContaining('RUNNER_TEMP')],
    ]);
  });

  it('calls what it does not know a bug of its own', async () => {
    const recording = recordingRunner({
      inputs: { proxy: 'a', token: 'b' },
      env: { RUNNER_TEMP: temp, ...testbed.github.environment },
    });
    await main({ ...recording.runner, saveState: broken });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: a bug', expect.stringContaining('no state today')],
    ]);
  });
});

describe('an older Node', () => {
  it('is told apart from a bug', () => {
    expect(() => checkNode('20.20.2')).toThrow(/Node 24, and was started by Node 20\.20\.2/);
    expect(() => checkNode('24.0.0')).not.toThrow();
    expect(() => checkNode('26.1.0')).not.toThrow();
  });
});
