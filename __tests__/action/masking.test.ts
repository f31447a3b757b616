import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepResult } from '../../testbed/runner/runner.ts';
import { codesOf, type JobOptions, openFixture, type Fixture } from './action.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());

/** Commands that print a key. */
const prints = {
  unchanged: 'cat identity/key',
  'behind a prefix': "sed 's/^/2026-11-21T00:00:00Z DEBU [X] /' identity/key",
  'on one line': "tr -d '\\n' < identity/key | sed 's/.*/key=& end/'",
  'at the end of a long line': `printf '%0320d ' 0; grep -v -e ----- identity/key | head -n 1`,
  'cut short': 'head -n 3 identity/key',
  'within a kubeconfig': 'cat kubernetes-prod/kubeconfig.yaml',
};

const services =
  '- type: identity\n- {type: kubernetes, kubernetes_cluster: prod, disable_exec_plugin: true}\n';

interface Printed {
  readonly step: StepResult;
  /** Parts of the keys that must not be shown. */
  readonly secrets: readonly string[];
}

/** Runs a step with a script that wraps tbot and runs a command in the private directory. */
async function step(then: string, options: JobOptions = {}): Promise<Printed> {
  const folder = await mkdtemp(join(fixture.testbed.directory, 'wrapper-'));
  const path = join(folder, 'tbot');
  const tbot = await fixture.testbed.tbot();
  await writeFile(
    path,
    `#!/bin/sh
case $1 in start) ;; *) exec '${tbot}' "$@" ;; esac
'${tbot}' "$@" || exit
cat identity/key kubernetes-prod/kubeconfig.yaml >'${folder}/copy'
{ ${then}; } >&2
`,
  );
  await chmod(path, 0o755);
  const result = await fixture.job({
    ...options,
    with: { 'tbot-path': path, services, ...options.with },
  });
  expect(result.end).toMatchObject({ leftInTemp: [], orphans: [] });
  const copy = await readFile(join(folder, 'copy'), 'utf8');
  const body = /-----BEGIN [A-Z ]*KEY-----\n(.*?)\n-----END/s.exec(copy)?.[1]?.split('\n') ?? [];
  const inKubeconfig = /client-key-data: (\S+)/.exec(copy)?.[1] ?? '';
  const secrets = [...body, inKubeconfig].map((secret) => secret.slice(0, 40));
  expect(secrets.filter((secret) => secret.length >= 40).length).toBeGreaterThan(2);
  return { step: result.step, secrets };
}

/** Returns the secrets that are shown. */
function seen({ step: { log, summary, annotations }, secrets }: Printed): readonly string[] {
  const all = `${log}${summary}${JSON.stringify(annotations)}`;
  return secrets.filter((secret) => all.includes(secret));
}

/** With step debug logging, the complete log of tbot is printed, also after a failure. */
const debugging = (): JobOptions => ({
  runner: { environment: { ...fixture.testbed.github.environment, RUNNER_DEBUG: '1' } },
});

describe.each(Object.entries(prints))('a key that is printed: %s', (_, command) => {
  it('is not shown after a join', async () => {
    const printed = await step(command, debugging());
    expect(printed.step.outcome, printed.step.log).toBe('success');
    expect(printed.step.log).toContain('Log of tbot');
    expect(seen(printed)).toEqual([]);
  });

  it('is not shown after a failure', async () => {
    const printed = await step(`${command}; echo; echo 'ERROR: no more'; exit 1`, debugging());
    expect(codesOf(printed.step)).toEqual(['tbot']);
    expect(printed.step.log).toContain('Log of tbot');
    expect(seen(printed)).toEqual([]);
  });
});

describe('a key without debug logging', () => {
  it('is not shown after a join', async () => {
    const printed = await step('cat identity/key');
    expect(printed.step.log).toContain('Log of tbot');
    expect(seen(printed)).toEqual([]);
  });

  it('is not shown after a timeout', async () => {
    const printed = await step(`cat identity/key; sleep 60`, { with: { timeout: '4s' } });
    expect(codesOf(printed.step)).toEqual(['timeout']);
    expect(printed.step.log).toContain('Log of tbot');
    expect(seen(printed)).toEqual([]);
  });

  it('is not shown as a part of the last error', async () => {
    const printed = await step(`printf 'ERROR: '; grep -v -e ----- identity/key; exit 1`);
    expect(codesOf(printed.step)).toEqual(['tbot']);
    expect(seen(printed)).toEqual([]);
  });
});
