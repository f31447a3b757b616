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

/** How a container is started. */
export interface ContainerOptions {
  /** `source:target` or `source:target:ro`, as after `docker run -v`. */
  readonly volumes?: readonly string[];
  /** Uid of the program; root when absent. */
  readonly user?: string;
  /** `[host, inside]`: variables that begin with the one are made to begin with the other. */
  readonly rewritten?: readonly (readonly [string, string])[];
}

/** Something like containers: the host's programs, and of its files only what is mounted. */
export interface Containers extends AsyncDisposable {
  /** A folder with a program `docker`, whose `docker run` starts such containers. */
  readonly programs: string;
  /** The words that run a command in a new container, in the environment of whoever runs them. */
  command(words: readonly string[], options?: ContainerOptions): readonly string[];
  run(
    words: readonly string[],
    options?: ContainerOptions & { readonly env?: Readonly<Record<string, string>> },
  ): Promise<{ readonly stdout: string; readonly stderr: string }>;
}

/** Needs root, for mounts and chroot. The volumes of `image` stand for what the image has. */
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
