import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { githubActions } from '../../src/ci/github/github-actions.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { install } from '../../src/install/install.ts';
import type { InstallRequest } from '../../src/install/request.ts';
import { type HttpClient, openHttpClient } from '../../src/http/client.ts';
import { Problem } from '../../src/problem.ts';
import { tar, type TarMember } from '../../testbed/downloads/tar.ts';
import { noFaults } from '../../testbed/faults.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';

export const never = new AbortController().signal;

export const cluster: Cluster = {
  name: 'rig.example.com',
  serverVersion: '18.2.4',
  minClientVersion: '17.0.0-aa',
  edition: 'community',
  fips: false,
};

/** The archive for that cluster and Linux x64. */
export const archiveName = 'teleport-v18.2.4-linux-amd64-bin.tar.gz';

/** Changes to an installation from the testbed's site. */
export type Change = Partial<Omit<InstallRequest, 'inputs' | 'directories'>> & {
  readonly inputs?: Partial<InstallRequest['inputs']>;
};

export const packed = (members: readonly TarMember[]): Buffer => gzipSync(tar(members));

/** A testbed, and a private folder for each test. */
export interface Fixture extends AsyncDisposable {
  readonly testbed: Testbed;
  readonly network: HttpClient;
  /** The private directory of the test. */
  readonly directory: string;
  /** The log. */
  readonly lines: readonly string[];
  request(change?: Change): InstallRequest;
  /** Returns the Problem of a failed installation. */
  problem(change?: Change): Promise<Problem>;
  /** Creates an executable with this content. */
  script(content: string, mode?: number): Promise<string>;
  /** Creates a program that prints its version as tbot does. */
  fakeTbot(version: string): Promise<string>;
  /** Creates a new private directory and clears the faults. */
  next(): Promise<void>;
}

export async function openFixture(): Promise<Fixture> {
  const testbed = await startTestbed();
  const network = openHttpClient({ env: {}, extraCaFile: testbed.caFile });
  const box = await mkdtemp(join(tmpdir(), 'install-'));
  const lines: string[] = [];
  let directory = await mkdtemp(join(box, 'bin-'));
  const script = async (content: string, mode = 0o755): Promise<string> => {
    const path = join(box, `script-${Math.random().toString(36).slice(2)}`);
    await writeFile(path, content);
    await chmod(path, mode);
    return path;
  };
  const environment = { PATH: '/usr/bin:/bin' };
  const request = (change: Change = {}): InstallRequest => ({
    cluster,
    network,
    directory,
    env: environment,
    directories: githubActions(change.env ?? environment).directories,
    platform: 'linux',
    arch: 'x64',
    ci: {
      info: (line) => lines.push(line),
      notice: (_, line) => lines.push(`notice: ${line}`),
      mask: () => undefined,
    },
    signal: never,
    retryPolicy: { attempts: 3, pause: 10, longest: 100 },
    ...change,
    inputs: {
      proxy: testbed.proxy.address,
      version: { kind: 'auto' },
      edition: 'auto',
      fips: 'auto',
      installFrom: 'auto',
      tools: undefined,
      tbotPath: undefined,
      mirror: testbed.downloads.url,
      checksum: undefined,
      signatureKey: undefined,
      signatureExtension: 'sig',
      ...change.inputs,
    },
  });
  return {
    testbed,
    network,
    get directory() {
      return directory;
    },
    lines,
    request,
    problem: async (change) => {
      const error = await install(request(change)).then(
        (tool) => new Error(`installed ${tool.path}`),
        (thrown: unknown) => thrown,
      );
      if (error instanceof Problem) return error;
      throw error;
    },
    script,
    fakeTbot: (version) =>
      script(`#!/bin/sh\n[ "$1" = version ] && echo "Teleport v${version} git:x go1.24"\n`),
    next: async () => {
      Object.assign(testbed.faults, noFaults());
      directory = await mkdtemp(join(box, 'bin-'));
    },
    [Symbol.asyncDispose]: async () => {
      network.close();
      await testbed[Symbol.asyncDispose]();
      await rm(box, { recursive: true, force: true });
    },
  };
}
