import { describe, expect, it } from 'vitest';
import { type TextPort, textPort } from '../../src/ci/shell/text-port.ts';
import { systemFor } from '../../src/ci/systems.ts';

interface Recorded {
  readonly port: TextPort;
  readonly log: readonly string[];
}

/** Returns the port of a job on a machine without Buildkite's agent, and its log. */
function jobWith(inputs: Readonly<Record<string, string>> = {}): Recorded {
  const env = { BUILDKITE: 'true', BUILDKITE_JOB_ID: 'one', PATH: '/nonexistent' };
  const system = systemFor(env);
  if (!system) throw new Error('Buildkite is unknown');
  const log: string[] = [];
  const write = (line: string): void => void log.push(line);
  return { port: textPort(system, { inputs, env, debugging: false, jobName: '', write }), log };
}

const joining = { proxy: 'example.teleport.sh:443', token: 'example-bot' };

function audienceOf(inputs: Readonly<Record<string, string>>): unknown {
  const { onboarding } = jobWith(inputs).port.inputs;
  return onboarding === undefined ? undefined : JSON.parse(onboarding).generic_oidc.command.at(-1);
}

describe('a job of Buildkite', () => {
  it('is recognized by its variables', () => {
    const { port } = jobWith();
    expect(port.system.name).toBe('buildkite');
    expect(port.job.key).toBe('buildkite one');
    expect(port.directories.tempIsShared).toBe(true);
  });

  it.each([{}, { 'join-method': 'auto' }])(
    'requests its OIDC token from the agent (%j)',
    (chosen) => {
      const { inputs } = jobWith({ ...joining, ...chosen }).port;
      expect(inputs['join-method']).toBe('generic_oidc');
      expect(JSON.parse(inputs['onboarding'] ?? '')).toEqual({
        generic_oidc: {
          command: [
            'buildkite-agent',
            'oidc',
            'request-token',
            '--audience',
            'example.teleport.sh/example-bot',
          ],
        },
      });
    },
  );

  it.each([
    ['example.teleport.sh', 'example.teleport.sh/b'],
    [' https://example.teleport.sh:443/web ', 'example.teleport.sh/b'],
    ['[::1]:3080', '[::1]/b'],
    ['', undefined],
  ])('derives the audience from the address "%s"', (proxy, audience) => {
    expect(audienceOf({ proxy, token: 'b' })).toBe(audience);
    expect(audienceOf({ 'auth-server': proxy, token: 'b' })).toBe(audience);
  });

  it.each<Readonly<Record<string, string>>>([
    { 'join-method': 'iam' },
    { 'azure-client-id': '22222222-2222-2222-2222-222222222222' },
  ])('joins with another method if it is chosen: %j', (chosen) => {
    expect(jobWith({ ...joining, ...chosen }).port.inputs).toEqual({ ...joining, ...chosen });
  });

  it('keeps its own command', () => {
    const onboarding = 'generic_oidc: { env: TOKEN }';
    const { inputs } = jobWith({ ...joining, onboarding }).port;
    expect(inputs).toEqual({ ...joining, onboarding, 'join-method': 'generic_oidc' });
  });

  it('starts no group in the log', () => {
    const { port, log } = jobWith();
    port.info('--- one\n+++ two\n~~~ three\n^^^ +++\n\u001B[1m--- four\n - five');
    port.group('--- title', ['+++ line']);
    port.warning('machine-id-action', '~~~ warning');
    expect(log.filter((line) => /^(---|\+\+\+|~~~|\^\^\^)/.test(line))).toEqual([]);
    expect(log).toContain(' --- four');
    expect(log).toContain(' - five');
  });

  it('reports a secret or a summary that the agent does not receive', async () => {
    const { port, log } = jobWith();
    port.mask('a-long-secret');
    await port.summary('### Teleport credentials\n');
    expect(log).toEqual([
      'warning: buildkite-agent redactor add failed: the agent does not mask a secret.',
      'warning: buildkite-agent annotate failed: the build has no annotation.',
    ]);
  });
});
