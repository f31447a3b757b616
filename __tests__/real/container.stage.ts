import { execFile } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Something like the container of a `docker://` step: the host's programs, and one folder of its files. */
export interface Container extends AsyncDisposable {
  run(command: readonly string[], env: NodeJS.ProcessEnv): Promise<{ readonly stdout: string }>;
}

/** What a person would give `docker run -v`: a folder of the host, and where it is to be seen. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

// Only the new mount namespace sees these mounts, and they end with it.
const enter = `set -e
root=$1 source=$2 target=$3; shift 3
mount --bind /usr "$root/usr"
mount -o remount,bind,ro "$root/usr"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind "$source" "$root$target"
mount -o remount,bind,ro "$root$target"
exec chroot "$root" "$@"`;

/** Needs root, for mounts and chroot. */
export function createContainer(mount: Mount): Container {
  const root = mkdtempSync(join(tmpdir(), 'container-'));
  for (const folder of ['usr', 'proc', 'dev', 'etc', 'tmp', mount.target]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const link of ['bin', 'lib', 'lib64']) linkIntoUsr(link, root);
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/tmp:/bin/sh\n');
  const namespace = ['--mount', '--propagation', 'private', 'sh', '-c', enter, 'enter'];
  return {
    run: async (command, env) =>
      await execute('unshare', [...namespace, root, mount.source, mount.target, ...command], {
        env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', HOME: '/tmp', ...env },
      }),
    [Symbol.asyncDispose]: async () => {
      // Deleting through a mount that got out would delete what is the host's.
      if (readFileSync('/proc/self/mountinfo', 'utf8').includes(root))
        throw new Error(`${root} is in use`);
      await rm(root, { recursive: true });
    },
  };
}

function linkIntoUsr(name: string, root: string): void {
  const stats = lstatSync(`/${name}`, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink()) symlinkSync(readlinkSync(`/${name}`), join(root, name));
}
