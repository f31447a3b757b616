import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { isMet, needs } from '../requirements.ts';
import { type BuildkiteMachine, buildkiteMachine } from './buildkite-agent.fixture.ts';

describe("Buildkite's agent", needs('buildkite-agent'), () => {
  let testbed: Testbed;
  let machine: BuildkiteMachine;
  beforeAll(async () => {
    if (!isMet('buildkite-agent')) return;
    testbed = await startTestbed();
    machine = await buildkiteMachine(testbed);
  });
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await testbed?.[Symbol.asyncDispose]();
  });

  const options = async (): Promise<Readonly<Record<string, string>>> => ({
    proxy: testbed.proxy.address,
    token: 'ci-github',
    'join-method': 'github',
    'tbot-path': await testbed.tbot(),
    'extra-ca-file': testbed.caFile,
  });

  it('passes the credentials to the command, and removes them after a failure', async () => {
    const command = [
      'test -s "$TELEPORT_IDENTITY_FILE" && echo "cluster $MACHINE_ID_OUTPUT_CLUSTER"',
      'tbot version | cut -c 1-16',
      'env | grep ^MACHINE_ID_ | grep -v ^MACHINE_ID_OUTPUT_ || true',
      'exit 7',
    ].join('; ');
    const { exit, log } = await machine.start(command, await options()).finished;
    expect(log).toContain('Joined rig.example.com as bot `ci` with join method `github`.');
    expect(log).toContain('cluster rig.example.com\nTeleport v18.2.4\n');
    expect(log).not.toMatch(/^MACHINE_ID_/m);
    expect(log).toContain('Removed 17 files');
    expect(exit).toBe(7);
    expect(await machine.left()).toEqual([]);
  });

  it('removes the credentials of a job that is cancelled', async () => {
    const marker = join(machine.temp, 'started');
    const command = `touch ${marker}; sleep 60`;
    const { agent, finished } = machine.start(command, await options());
    while (!existsSync(marker) && agent.exitCode === null) await setTimeout(50);
    expect(await machine.left()).toHaveLength(3);
    agent.kill('SIGTERM');
    const { exit, log } = await finished;
    expect(log).toContain('Removed 17 files');
    expect(exit).not.toBe(0);
    expect(await machine.left()).toEqual(['started']);
  });

  it('annotates the build with the failure, and does not run the command', async () => {
    const denied = { ...(await options()), token: 'other-repo', summary: 'always' };
    const { exit, log } = await machine.start('echo not reached', denied).finished;
    expect(exit).toBe(1);
    expect(log).toContain('error (claims-denied): Join token `other-repo` exists');
    expect(log).not.toContain('not reached\n');
    expect(machine.annotations).toEqual([
      expect.objectContaining({
        style: 'error',
        context: 'machine-id-0190a5c6-1111-4222-8333-444455556666',
        body: expect.stringContaining('### Teleport credentials failed: `claims-denied`'),
      }),
    ]);
    expect((await machine.left()).filter((name) => name !== 'started')).toEqual([]);
  });
});
