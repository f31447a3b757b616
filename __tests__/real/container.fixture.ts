import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const enter = fileURLToPath(new URL('container-enter.sh', import.meta.url));
const docker = fileURLToPath(new URL('container-docker.sh', import.meta.url));

/** Options of a container. */
export interface ContainerOptions {
  /** `source:target` or `source:target:ro`, as after `docker run -v`. */
  readonly volumes?: readonly string[];
  /** UID of the program. Default: root. */
  readonly user?: string;
  /** `[host, inside]`: replaces this prefix of the values of variables. */
  readonly rewritten?: readonly (readonly [string, string])[];
}

/** Stand-ins for containers, with the programs of the host and only the mounted files. */
export interface Containers extends AsyncDisposable {
  /** A folder with a program `docker`, which supports `docker run`. */
  readonly programs: string;
  /** Returns the command line that runs a command in a new container. */
  command(words: readonly string[], options?: ContainerOptions): readonly string[];
  run(
    words: readonly string[],
    options?: ContainerOptions & { readonly env?: Readonly<Record<string, string>> },
  ): Promise<{ readonly stdout: string; readonly stderr: string }>;
}

/** Prepares containers, which requires root. The volumes of `image` replace its files. */
export function prepareContainers(image: readonly string[] = []): Containers {
  const folder = mkdtempSync(join(tmpdir(), 'container-'));
  const [root, programs] = [join(folder, 'root'), join(folder, 'bin')];
  for (const path of [root, programs]) mkdirSync(path);
  const always = image.flatMap((volume) => ['-v', volume]);
  const launcher = [docker, root, ...always].map((word) => `'${word}'`).join(' ');
  writeFileSync(join(programs, 'docker'), `#!/bin/sh\nexec ${launcher} -- "$@"\n`);
  chmodSync(join(programs, 'docker'), 0o755);
  const command: Containers['command'] = (words, options = {}) => {
    const volumes = (options.volumes ?? []).flatMap((volume) => ['-v', volume]);
    const rewritten = (options.rewritten ?? []).flatMap((pair) => ['-t', ...pair]);
    const place = ['unshare', '--mount', '--propagation', 'private', enter, root];
    return [...place, options.user ?? '0', ...always, ...volumes, ...rewritten, '--', ...words];
  };
  return {
    programs,
    command,
    run: async (words, { env, ...options } = {}) => {
      const [file = '', ...args] = command(words, options);
      return await execute(file, args, { env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', ...env } });
    },
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true }),
  };
}
