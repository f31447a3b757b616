import type { Environment } from '../src/ci/port.ts';
import { readInputs } from '../src/inputs/inputs.ts';
import type { Joined } from '../src/publish/outputs.ts';
import { publish } from '../src/publish/publish.ts';
import type { Credential } from '../src/services/credential.ts';
import { Timeline } from '../src/timeline.ts';
import { type ExportedVariable, readMarker } from '../src/workdir/marker.ts';
import { createWorkdir } from '../src/workdir/workdir.ts';
import { type Recording, recordingCi } from './recording.ts';

const dir = '/tmp/machine-id-0011223344556677/identity';

export const identity = {
  name: 'identity',
  type: 'identity',
  dir,
  files: {
    identity: `${dir}/identity`,
    key: `${dir}/key`,
    certificate: `${dir}/tlscert`,
    'host-ca': `${dir}/teleport-host-ca.crt`,
    'ssh-config': `${dir}/ssh_config`,
    'known-hosts': `${dir}/known_hosts`,
  },
  expiresAt: new Date('2026-11-21T02:53:47.999Z'),
  certificate: {
    cluster: 'example.teleport.sh',
    user: 'bot-ci',
    roles: ['access', 'a "quoted", role'],
    botInstanceId: 'f3a1',
    expiresAt: new Date('2026-11-21T02:53:47.999Z'),
  },
} satisfies Credential;

/** A Workload API that tbot serves. */
export const workloadApi = {
  name: 'spiffe',
  type: 'workload-identity-api',
  dir: '/tmp/spiffe',
  files: {},
  listen: 'unix:///tmp/spiffe.sock',
  expiresAt: undefined,
  certificate: undefined,
} as const satisfies Credential;

/** A join that issued one identity. */
export const joined: Joined = {
  inputs: readInputs({ proxy: 'example.teleport.sh', token: 'ci' }).inputs,
  cluster: {
    name: 'example.teleport.sh',
    serverVersion: '18.2.4',
    minClientVersion: '17.0.0',
    edition: 'community',
    fips: false,
  },
  tool: { path: '/opt/tbot', version: '18.2.4', source: 'archive' },
  identity: { method: 'github' },
  credentials: [identity],
  caBundle: undefined,
};

export interface Published {
  readonly recording: Recording;
  readonly outputs: Readonly<Record<string, string | undefined>>;
  /** Values of the exported variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** What the marker records about them for the post step. */
  readonly remembered: readonly ExportedVariable[] | undefined;
}

/** Publishes a join from a new private directory below the RUNNER_TEMP of `env`. */
export async function publishJoin(env: Environment, changes: Partial<Joined>): Promise<Published> {
  const recording = recordingCi({ env });
  const workdir = await createWorkdir(recording.ci);
  await publish({ ...joined, ...changes }, workdir, recording.ci, new Timeline());
  const marker = await readMarker(workdir.path);
  return {
    recording,
    outputs: recording.values('output'),
    variables: recording.values('exportVariable'),
    remembered: marker?.exported,
  };
}
