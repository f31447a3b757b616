import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { main } from '../../src/main.ts';
import { post } from '../../src/post.ts';
import type { CiPort } from '../../src/ci/port.ts';
import { noFaults } from '../../testbed/faults.ts';
import { startTestbed, type Testbed, type TestbedOptions } from '../../testbed/testbed.ts';
import { type Recording, recordingCi } from '../recording.ts';

export interface Changes {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly debugging?: boolean;
  /** Wraps the CI system that main receives. */
  readonly around?: (ci: CiPort) => CiPort;
}

export interface Played extends Recording {
  /** Name and value of each variable that post sets. */
  readonly restored: readonly (readonly string[])[];
}

export interface MainFixture {
  readonly testbed: Testbed;
  /** RUNNER_TEMP. */
  readonly temp: string;
  /** Runs main and post in this process, with a recording port. */
  readonly play: (changes?: Changes) => Promise<Played>;
}

/** Starts one testbed for all tests of a file, and resets its faults before each. */
export function mainFixture(options: TestbedOptions = {}): MainFixture {
  let testbed: Testbed;
  let temp: string;
  beforeAll(async () => {
    testbed = await startTestbed(options);
    temp = await realpath(await mkdtemp(join(tmpdir(), 'main-')));
  });
  afterAll(async () => {
    await testbed[Symbol.asyncDispose]();
    await rm(temp, { recursive: true });
  });
  beforeEach(() => void Object.assign(testbed.faults, noFaults()));
  return {
    get testbed() {
      return testbed;
    },
    get temp() {
      return temp;
    },
    play: async (changes = {}) => play(testbed, temp, changes),
  };
}

async function play(testbed: Testbed, temp: string, changes: Changes): Promise<Played> {
  const { debugging = false, around = (ci: CiPort) => ci } = changes;
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
  const recording = recordingCi({ inputs, env, debugging });
  await main(around(recording.ci));
  const state = recording.values('saveState');
  const exported = recording.values('exportVariable');
  const after = recordingCi({ env: { ...env, ...exported }, state });
  await post({ ...after.ci, info: recording.ci.info });
  expect(await readdir(temp)).toEqual([]);
  return { ...recording, restored: after.of('exportVariable') };
}
