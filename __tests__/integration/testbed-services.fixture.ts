import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { playedVersion } from '../../testbed/tbot/versions.ts';
import { startTestbed, type Testbed, type TestbedOptions } from '../../testbed/testbed.ts';
import { type Ending, end } from './testbed-teleport.fixture.ts';

/** The result of a run of a stand-in. */
export interface Run extends Ending {
  /** `$DEST` */
  readonly directory: string;
  /** Paths of the files in a destination, sorted. */
  files(destination: string): string[];
  read(destination: string, name: string): string;
  mode(destination: string, name: string): number;
}

/** Changes to the usual configuration. */
export interface Extra {
  readonly root?: string;
  readonly address?: string;
  readonly debug?: boolean;
  readonly token?: string;
}

/** A testbed that runs stand-ins of any version with lists of services. */
export interface ServiceFixture extends AsyncDisposable {
  readonly testbed: Testbed;
  /** Runs `tbot start` with a list of services in YAML's flow style; `$DEST` stands for a new folder. */
  run(version: string, services: readonly string[], extra?: Extra): Promise<Run>;
}

/** Starts the fixture. */
export async function startServiceFixture(options: TestbedOptions = {}): Promise<ServiceFixture> {
  const testbed = await startTestbed(options);
  let runs = 0;
  return {
    testbed,
    async run(version, services, extra = {}) {
      const directory = join(testbed.directory, `run-${(runs += 1)}`);
      const file = `${directory}.yaml`;
      const text = configure(version, testbed.proxy.address, services, extra);
      writeFileSync(file, text.replaceAll('$DEST', directory));
      const debug = extra.debug === true ? ['-d'] : [];
      const env = {
        PATH: '/usr/bin:/bin',
        SSL_CERT_FILE: testbed.caFile,
        ...testbed.github.environment,
      };
      const path = await testbed.tbot(version);
      const child = spawn(path, [...debug, 'start', '-c', file], { env });
      return { ...(await end(child, directory)), directory, ...looking(directory) };
    },
    [Symbol.asyncDispose]: async () => await testbed[Symbol.asyncDispose](),
  };
}

function configure(
  version: string,
  address: string,
  services: readonly string[],
  extra: Extra,
): string {
  const { rootKeys, entry } = playedVersion(version);
  const known = (first: string, other: string) => (rootKeys.includes(first) ? first : other);
  return `version: v2
onboarding: {join_method: github, token: ${extra.token ?? 'ci-github'}}
storage: {type: memory}
${extra.address ?? `${known('proxy_server', 'auth_server')}: "${address}"`}
${known('credential_ttl', 'certificate_ttl')}: 30m
renewal_interval: 10m
oneshot: true
${extra.root ?? ''}
${entry}s: [${services.join(', ')}]
`;
}

function looking(directory: string): Pick<Run, 'files' | 'read' | 'mode'> {
  return {
    files(destination) {
      const path = join(directory, destination);
      if (!existsSync(path)) return [];
      return readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(path, join(entry.parentPath, entry.name)))
        .toSorted();
    },
    read: (destination, name) => readFileSync(join(directory, destination, name), 'utf8'),
    mode: (destination, name) => statSync(join(directory, destination, name)).mode & 0o777,
  };
}

/** Formats a service in flow style with the destination `$DEST/<folder>`. */
export function service(folder: string, type: string, keys = ''): string {
  const rest = keys === '' ? '' : `, ${keys}`;
  return `{type: ${type}, destination: {type: directory, path: "$DEST/${folder}"}${rest}}`;
}
