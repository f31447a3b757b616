import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Recording } from '../recording.ts';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture();

/** The inputs of workflows that use teleport-actions; the others belong to the testbed. */
const auth = {
  'certificate-ttl': '30m',
  'anonymous-telemetry': '1',
  'allow-reissue': 'true',
};
const k8s = {
  'certificate-ttl': '1h',
  'anonymous-telemetry': '1',
  'kubernetes-cluster': 'prod',
  'disable-env-vars': 'false',
};
const application = { 'certificate-ttl': '1h', 'anonymous-telemetry': '0', app: 'hello' };

function namesOf(recording: Recording, ...names: readonly string[]): readonly string[] {
  expect(recording.of('fail')).toEqual([]);
  expect(recording.of('warning')).toEqual([]);
  return names.map((name) => basename(recording.values('output')[name] ?? ''));
}

function variablesOf(recording: Recording): readonly string[] {
  return recording.of('exportVariable').map(([name = '']) => name);
}

describe('the inputs of teleport-actions', () => {
  it('auth: an identity with an SSH configuration', async () => {
    const recording = await fixture.play({ inputs: auth });
    expect(namesOf(recording, 'identity-file', 'ssh-config')).toEqual(['identity', 'ssh_config']);
    expect(recording.values('output')['destination-dir']).not.toBe('');
    expect(variablesOf(recording)).toEqual(
      expect.arrayContaining(['TELEPORT_PROXY', 'TELEPORT_IDENTITY_FILE']),
    );
  });

  it('auth-k8s: a kubeconfig', async () => {
    const recording = await fixture.play({ inputs: k8s });
    expect(namesOf(recording, 'identity-file', 'kubeconfig')).toEqual([
      'identity',
      'kubeconfig.yaml',
    ]);
    expect(recording.values('output')['destination-dir']).not.toBe('');
    expect(variablesOf(recording)).toContain('KUBECONFIG');
  });

  it('auth-application: a certificate and its key', async () => {
    const seen: Promise<readonly number[]>[] = [];
    const recording = await fixture.play({
      inputs: application,
      around: (ci) => ({
        ...ci,
        output: (name, value) => {
          ci.output(name, value);
          if (name.endsWith('-file') && value !== '')
            seen.push(
              stat(value).then(async ({ mode }) => [mode & 0o777, (await readFile(value)).length]),
            );
        },
      }),
    });
    expect(namesOf(recording, 'identity-file', 'certificate-file', 'key-file')).toEqual([
      'identity',
      'tlscert',
      'key',
    ]);
    for (const [mode, length] of await Promise.all(seen)) {
      expect(mode).toBe(0o600);
      expect(length).toBeGreaterThan(0);
    }
  });

  it.each([auth, k8s, application])('with `disable-env-vars: 1`: %o', async (given) => {
    const recording = await fixture.play({ inputs: { ...given, 'disable-env-vars': '1' } });
    expect(namesOf(recording, 'identity-file')).toEqual(['identity']);
    expect(variablesOf(recording)).toEqual([]);
  });

  it('with `ca-pins`, which are ignored with a proxy: a notice', async () => {
    const recording = await fixture.play({
      inputs: { ...auth, 'ca-pins': 'sha256:00\nsha256:11' },
    });
    expect(namesOf(recording, 'identity-file')).toEqual(['identity']);
    expect(recording.of('notice')).toEqual([
      ['machine-id-action', expect.stringContaining('`ca-pins` is ignored')],
    ]);
  });
});
