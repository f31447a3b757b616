import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAction, type StandInRunner, type StepResult } from '../../testbed/runner/runner.ts';
import { noFaults } from '../../testbed/faults.ts';
import { codesOf, type Fixture, openFixture } from './action.fixture.ts';

const scrubAction = await readAction(new URL('../../scrub', import.meta.url).pathname);

/** Two clusters, each with its own OIDC issuer. */
let one: Fixture;
let two: Fixture;
beforeAll(async () => {
  one = await openFixture({ clusterName: 'one.example.com' });
  two = await openFixture({ clusterName: 'two.example.com' });
});
afterAll(async () => {
  await one[Symbol.asyncDispose]();
  await two[Symbol.asyncDispose]();
});

/** Starts a job in which KUBECONFIG is already set. */
async function startJob(): Promise<StandInRunner> {
  return one.runner({ environment: { KUBECONFIG: '/user/kubeconfig' } });
}

/** Issues an identity and a kubeconfig. */
async function issue(
  runner: StandInRunner,
  fixture: Fixture,
  token = 'ci-github',
): Promise<StepResult> {
  const services = { services: '- type: identity', 'kubernetes-cluster': 'prod' };
  return fixture.uses(runner, {
    inputs: { ...fixture.inputs, ...services, token },
    env: { ...fixture.testbed.github.environment },
  });
}

async function scrub(runner: StandInRunner, destination = ''): Promise<StepResult> {
  return runner.uses({
    ...scrubAction,
    declared: scrubAction.inputs,
    inputs: { 'destination-dir': destination },
  });
}

/** Returns the directories of all calls. */
async function workdirs(runner: StandInRunner): Promise<readonly string[]> {
  const names = await readdir(runner.temp);
  return names.filter((name) => name.startsWith('machine-id-'));
}

/** The log of a post step that prints nothing. */
const silent = 'Post job cleanup.';

/** The variables after the job, or after all calls were cleaned up. */
const before = {
  KUBECONFIG: '/user/kubeconfig',
  TELEPORT_PROXY: '',
  TELEPORT_IDENTITY_FILE: '',
  TELEPORT_TOOLS_VERSION: '',
};

describe('two calls for two clusters', () => {
  it('stay apart', async () => {
    await using runner = await startJob();
    for (const fixture of [one, two]) {
      const { outputs } = await issue(runner, fixture);
      expect(outputs).toMatchObject({ proxy: fixture.testbed.proxy.address });
      expect(await readFile(outputs['kubeconfig'] ?? '', 'utf8')).toContain(outputs['cluster']);
      expect(runner.exported).toEqual(variablesOf(outputs));
    }
    const { posts, leftInTemp } = await runner.finish();
    expect(posts.map(({ log }) => log.includes('Removed'))).toEqual([true, true]);
    expect(runner.exported).toEqual(before);
    expect(leftInTemp).toEqual([]);
  });

  it.each([
    ['the first', [0]],
    ['the second', [1]],
    ['the first, then the second', [0, 1]],
    ['the second, then the first', [1, 0]],
    ['all', [undefined]],
    ['the first, then all', [0, undefined]],
  ])('stay apart after the removal of %s', async (_, removed) => {
    await using runner = await startJob();
    const calls = [await issue(runner, one), await issue(runner, two)];
    let remaining = calls;
    for (const index of removed) {
      const call = index === undefined ? undefined : calls[index];
      const step = await scrub(runner, call?.outputs['destination-dir']);
      expect(step).toMatchObject({ outcome: 'success', annotations: [] });
      remaining = call ? remaining.filter((other) => other !== call) : [];
      const last = remaining.at(-1);
      expect(runner.exported).toEqual(last ? variablesOf(last.outputs) : before);
      expect(await workdirs(runner)).toHaveLength(remaining.length);
      for (const { outputs } of remaining)
        expect(await readFile(outputs['identity-file'] ?? '', 'utf8')).toContain('CERTIFICATE');
    }
    const { posts, leftInTemp, orphans } = await runner.finish();
    expect(posts.map(({ log }) => log === silent)).toEqual(
      calls.toReversed().map((call) => !remaining.includes(call)),
    );
    expect(runner.exported).toEqual(before);
    expect({ leftInTemp, orphans }).toEqual({ leftInTemp: [], orphans: [] });
  });
});

function variablesOf(outputs: StepResult['outputs']): Readonly<Record<string, string | undefined>> {
  return {
    KUBECONFIG: outputs['kubeconfig'],
    TELEPORT_PROXY: outputs['proxy'],
    TELEPORT_IDENTITY_FILE: outputs['identity-file'],
    TELEPORT_TOOLS_VERSION: 'off',
  };
}

describe('./scrub', () => {
  it('prints what it removed, and finds nothing the second time', async () => {
    await using runner = await startJob();
    await issue(runner, one);
    const first = await scrub(runner);
    expect(first.log).toMatch(
      /Removed \d+ files, restored KUBECONFIG, and cleared TELEPORT_PROXY, TELEPORT_IDENTITY_FILE, and TELEPORT_TOOLS_VERSION\./,
    );
    const second = await scrub(runner);
    expect(second).toMatchObject({ outcome: 'success', exportedEnv: {} });
    expect(second.log).toContain('Nothing to clean up.');
    expect(await workdirs(runner)).toEqual([]);
  });

  it('keeps the variables that another call for the same cluster has set', async () => {
    await using runner = await startJob();
    const first = await issue(runner, one);
    const second = await issue(runner, one);
    const { log } = await scrub(runner, first.outputs['destination-dir']);
    expect(log).toMatch(/Removed \d+ files\./);
    expect(runner.exported).toEqual(variablesOf(second.outputs));
    const identity = await runner.run('test -s "$TELEPORT_IDENTITY_FILE" && tbot version');
    expect(identity.outcome).toBe('success');
    await runner.finish();
    expect(runner.exported).toEqual(before);
  });

  it('can be followed by another use of the action', async () => {
    await using runner = await startJob();
    await issue(runner, one);
    await scrub(runner);
    const later = await issue(runner, two);
    expect(later.outcome).toBe('success');
    expect(runner.exported).toEqual(variablesOf(later.outputs));
    const { posts, leftInTemp } = await runner.finish();
    expect(posts.map(({ log }) => log === silent)).toEqual([false, true]);
    expect(runner.exported).toEqual(before);
    expect(leftInTemp).toEqual([]);
  });

  it('cleans up after a failed step', async () => {
    await using runner = await startJob();
    const denied = await issue(runner, one, 'other-repo');
    expect(codesOf(denied)).toEqual(['claims-denied']);
    const step = await scrub(runner, denied.outputs['destination-dir']);
    expect(step.log).toMatch(/Removed \d+ files?\./);
    const { posts, leftInTemp } = await runner.finish();
    expect(posts.map(({ log }) => log)).toEqual([silent]);
    expect(leftInTemp).toEqual([]);
  });

  it('fails with a directory that does not belong to this job, and removes nothing', async () => {
    await using runner = await startJob();
    const { outputs } = await issue(runner, one);
    const other = join(runner.temp, 'machine-id-0011223344556677');
    const marker = { format: 'machine-id-action/1', job: 'another', processes: [], exported: [] };
    await mkdir(other);
    await writeFile(join(other, '.machine-id-action.json'), JSON.stringify(marker));
    const link = join(runner.temp, 'machine-id-8899aabbccddeeff');
    await symlink(join(outputs['destination-dir'] ?? '', '..'), link);
    for (const path of [other, `${link}/identity`, runner.workspace, '/', `${other}/..`]) {
      const step = await scrub(runner, path);
      expect(step.outcome).toBe('failure');
      expect(codesOf(step)).toEqual(['inputs']);
      expect(step.exportedEnv).toEqual({});
    }
    expect(await workdirs(runner)).toHaveLength(3);
    expect((await scrub(runner)).outcome).toBe('success');
    expect(await workdirs(runner)).toHaveLength(2);
  });
});

/** Opens a tunnel. */
async function open(runner: StandInRunner): Promise<StepResult> {
  const inputs = { ...one.inputs, mode: 'background', 'renewal-interval': '1s' };
  const step = await one.uses(runner, { inputs: { ...inputs, 'application-tunnel': 'hello' } });
  expect(step.outcome, step.log).toBe('success');
  return step;
}

/** Returns curl's exit code and output for a request through a tunnel. */
async function request(runner: StandInRunner, { outputs }: StepResult): Promise<string> {
  const url = `http://127.0.0.1:${outputs['tunnel-port']}/`;
  const { exitCode, raw } = await runner.run(['curl', '-sS', '--fail', url]);
  return `${exitCode}: ${raw}`;
}

describe('./scrub with a tbot in the background', () => {
  beforeEach(() => void Object.assign(one.testbed.faults, noFaults()));

  const answered = expect.stringMatching(/^0: [^]*hello greets bot-ci/);
  /** curl could not connect. */
  const refused = expect.stringMatching(/^7: /);

  it.each([
    ['first', 0],
    ['second', 1],
  ] as const)('ends only the tbot and the tunnel of the %s of two calls', async (_, index) => {
    await using runner = await one.runner();
    const calls = [await open(runner), await open(runner)] as const;
    const [removed, kept] = [calls[index], calls[1 - index] ?? calls[0]];
    const step = await scrub(runner, removed.outputs['destination-dir']);
    expect(step).toMatchObject({ outcome: 'success', annotations: [] });
    expect(step.log).toMatch(new RegExp(`stopped process ${removed.outputs['pid']}\\.`));
    expect(await request(runner, removed)).toEqual(refused);
    expect(await request(runner, kept)).toEqual(answered);
    const { posts, ...end } = await runner.finish();
    expect(end).toEqual({ leftInTemp: [], orphans: [] });
    const logs = posts.toReversed().map(({ log }) => log);
    expect(logs[index]).toBe(silent);
    expect(logs[1 - index]).toMatch(new RegExp(`stopped process ${kept.outputs['pid']}\\.$`));
  });

  it('warns with the diagnosis if renewals fail; post is silent', async () => {
    await using runner = await one.runner();
    const { outputs } = await open(runner);
    one.testbed.faults.github = { kind: 'status', status: 401 };
    await runner.run('until grep -q "TBOT:IDEN. Task failed" "$LOG"; do sleep 0.1; done', {
      env: { LOG: outputs['log-file'] ?? '' },
    });
    const step = await scrub(runner);
    expect(step).toMatchObject({
      outcome: 'success',
      annotations: [
        {
          level: 'warning',
          title: 'machine-id-action: id-token-refused',
          message: expect.stringContaining('HTTP 401'),
        },
      ],
    });
    expect(step.log).toContain(`stopped process ${outputs['pid']}.`);
    const { posts, ...end } = await runner.finish();
    expect(end).toEqual({ leftInTemp: [], orphans: [] });
    expect(posts.map(({ log, annotations, summary }) => [log, annotations, summary])).toEqual([
      [silent, [], ''],
    ]);
  });

  it.each(['./scrub', 'post'])('%s kills every tbot that ignores signals', async (by) => {
    await using runner = await one.runner();
    one.testbed.faults.tbot = { kind: 'ignore-signals' };
    const calls = [await open(runner), await open(runner), await open(runner)];
    const pids = calls.map(({ outputs }) => outputs['pid'] ?? '');
    const steps = by === 'post' ? [] : [await scrub(runner)];
    const { posts, ...end } = await runner.finish();
    expect(end).toEqual({ leftInTemp: [], orphans: [] });
    const log = [...steps, ...posts].map((step) => step.log).join('\n');
    const stopped = /stopped process(?:es)? ([^.]+)\.$/gm;
    const reported = [...log.matchAll(stopped)].flatMap(([, ids = '']) => ids.match(/\d+/g) ?? []);
    expect(reported.toSorted()).toEqual(pids.toSorted());
    for (const call of calls) expect(await request(runner, call)).toEqual(refused);
  });
});
