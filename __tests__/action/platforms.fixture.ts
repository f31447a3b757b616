import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { PlatformJob, PlatformResult } from './platform-job.ts';

const program = fileURLToPath(new URL('platform-job.ts', import.meta.url));

/** The environment of a job's process. */
export interface Platform {
  /** Shell commands that run before the job; `$0` is RUNNER_TEMP. */
  readonly prepare?: string;
  /** Options of `unshare` for new namespaces. */
  readonly namespaces?: readonly string[];
  /** Name of the folder that contains HOME, RUNNER_TEMP, the tool cache and the workspace. */
  readonly name?: string;
}

/** Runs a job with the built action in a process of its own. */
export async function runOn(
  { prepare = '', namespaces = [], name = 'runner' }: Platform,
  job: PlatformJob,
): Promise<PlatformResult> {
  const folder = await mkdtemp(join(tmpdir(), 'platform-'));
  try {
    const root = join(folder, name);
    const temp = join(root, '_work', '_temp');
    await mkdir(temp, { recursive: true });
    // RUNNER_TEMP is new, and the runner could not replace a mount point.
    const spec = JSON.stringify({ ...job, root, keepTemp: true } satisfies PlatformJob);
    const shell = ['sh', '-euc', `${prepare}\nexec "$@"`, temp, process.execPath, program, spec];
    const words = namespaces.length === 0 ? shell : ['unshare', ...namespaces, ...shell];
    const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', NODE_NO_WARNINGS: '1' };
    const options = { env, maxBuffer: 2 ** 26 };
    const { stdout } = await promisify(execFile)(words[0] ?? '', words.slice(1), options);
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Inputs for an identity, a kubeconfig and a client certificate. */
export const severalCredentials = {
  services: '[{type: identity}, {type: application, app_name: hello}]',
  'kubernetes-cluster': 'prod',
} as const;

/** Scripts of later steps, which use these credentials, tbot and the tool cache. */
export const laterSteps: readonly string[] = [
  'ssh -G -F "$OUTPUT_SSH_CONFIG" root@node-1.rig.example.com',
  // The node does not exist: only tbot, as the ProxyCommand, can report that.
  'ssh -F "$OUTPUT_SSH_CONFIG" -o BatchMode=yes root@node-9.rig.example.com || true',
  'kubectl get pods -o name',
  `openssl x509 -in "$OUTPUT_CERTIFICATE_FILE" -noout -pubkey >certificate.pub
  openssl pkey -in "$OUTPUT_KEY_FILE" -pubout | cmp - certificate.pub && echo same`,
  'tbot version',
  'find "$RUNNER_TOOL_CACHE" -path "*/tbot/18.2.4/*/tbot" -type f -perm 755 | wc -l',
];

/** Checks that the later steps could use all credentials and that nothing is left after the job. */
export function expectUsed({ step, later, entries, end }: PlatformResult): void {
  expect(step).toMatchObject({ outcome: 'success', annotations: [] });
  const directory = step.outputs['destination-dir'];
  const printed = later.map(({ raw }) => raw);
  expect(printed).toEqual([
    expect.stringContaining(`\nidentityfile ${directory}/key\n`),
    expect.stringContaining('target host node-9.rig.example.com is offline or does not exist'),
    'pod/prod-pod',
    'same',
    expect.stringMatching(/^Teleport v18\.2\.4 /),
    '1',
  ]);
  const usual = { folder: '700', file: '600', link: '777' } as const;
  const programs = entries.filter(({ path }) => path === 'bin/tbot');
  const others = entries.filter((entry) => !programs.includes(entry));
  expect(programs).toHaveLength(1);
  expect(others.filter(({ kind, mode }) => mode !== usual[kind])).toEqual([]);
  expect(others.filter(({ kind }) => kind === 'file').length).toBeGreaterThan(20);
  expect(end).toMatchObject({ leftInTemp: [], orphans: [], posts: [{ annotations: [] }] });
}
