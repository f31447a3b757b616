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

/** A main step that has ended. */
export interface Begun extends Recording {
  /** Runs main again, as a later call of the same job, which has the variables of the first. */
  readonly again: (changes?: Changes) => Promise<Begun>;
  /** Runs post. */
  readonly end: (debugging?: boolean) => Promise<Recording>;
}

export interface MainFixture {
  readonly testbed: Testbed;
  /** RUNNER_TEMP. */
  readonly temp: string;
  /** Runs main in this process, with a recording port. */
  readonly begin: (changes?: Changes) => Promise<Begun>;
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
    begin: async (changes = {}) => begin(testbed, temp, changes),
    play: async (changes = {}) => play(testbed, temp, changes),
  };
}

async function begin(testbed: Testbed, temp: string, changes: Changes): Promise<Begun> {
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
  const later = { ...env, ...recording.values('exportVariable') };
  return {
    ...recording,
    again: async (next = {}) =>
      begin(testbed, temp, {
        ...next,
        env: { ...recording.values('exportVariable'), ...next.env },
      }),
    end: async (debug = false) => {
      const after = recordingCi({ inputs, env: later, state, debugging: debug });
      await post(after.ci);
      return after;
    },
  };
}

async function play(testbed: Testbed, temp: string, changes: Changes): Promise<Played> {
  const { end, ...recording } = await begin(testbed, temp, changes);
  const after = await end();
  for (const [text = ''] of after.of('info')) recording.ci.info(text);
  expect(await readdir(temp)).toEqual([]);
  return { ...recording, restored: after.of('exportVariable') };
}
