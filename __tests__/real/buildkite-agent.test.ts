import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { isMet, needs } from '../requirements.ts';
import {
  type BuildkiteApi,
  buildkiteApi,
  type BuildkiteMachine,
  buildkiteMachine,
} from './buildkite-agent.fixture.ts';

describe("Buildkite's agent", needs('buildkite-agent'), () => {
  let api: BuildkiteApi;
  let testbed: Testbed;
  let machine: BuildkiteMachine;
  beforeAll(async () => {
    if (!isMet('buildkite-agent')) return;
    api = await buildkiteApi();
    const rule = { bot: 'ci', joinMethod: 'generic_oidc', issuer: api.url } as const;
    testbed = await startTestbed({
      teleportVersion: '18.11.0',
      tokens: {
        main: { ...rule, audience: '127.0.0.1/main', must_match_fields: { build_branch: 'main' } },
        other: {
          ...rule,
          audience: '127.0.0.1/other',
          must_match_fields: { build_branch: 'other' },
        },
      },
    });
    machine = await buildkiteMachine(api);
  });
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await testbed?.[Symbol.asyncDispose]();
    await api?.[Symbol.asyncDispose]();
  });

  const options = async (): Promise<Readonly<Record<string, string>>> => ({
    proxy: testbed.proxy.address,
    token: 'main',
    'tbot-path': await testbed.tbot(),
    'extra-ca-file': testbed.caFile,
  });

  it('passes the credentials to the command, and removes them after a failure', async () => {
    const command = [
      'test -s "$TELEPORT_IDENTITY_FILE" && echo "cluster $MACHINE_ID_OUTPUT_CLUSTER"',
      'tbot version | cut -c 1-17',
      'env | grep ^MACHINE_ID_ | grep -v ^MACHINE_ID_OUTPUT_ || true',
      'echo "$TEAM_PROXY"',
      'exit 7',
    ].join('; ');
    const { exit, log } = await machine.start(command, await options()).finished;
    expect(log).toContain('Joined rig.example.com as bot `ci` with join method `generic_oidc`.');
    expect(log).toContain('cluster rig.example.com\nTeleport v18.11.0\n');
    expect(log).not.toMatch(/^MACHINE_ID_/m);
    expect(log).toContain('\nhttp://ci:[REDACTED]@proxy.example.org\n');
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
    const denied = { ...(await options()), token: 'other', summary: 'always' };
    const { exit, log } = await machine.start('echo not reached', denied).finished;
    expect(exit).toBe(1);
    expect(log).toContain('incorrect value in claim: build_branch must be "other" but got main.');
    expect(log).not.toContain('not reached\n');
    expect(api.annotations).toEqual([
      expect.objectContaining({
        style: 'error',
        context: 'machine-id-0190a5c6-1111-4222-8333-444455556666',
        body: expect.stringContaining('### Teleport credentials failed: `claims-denied`'),
      }),
    ]);
    expect((await machine.left()).filter((name) => name !== 'started')).toEqual([]);
  });
});
