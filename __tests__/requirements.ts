import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TaskMeta } from 'vitest';

/** The programs that tests run, with their Debian packages. CONTRIBUTING.md describes the others. */
const packages = {
  act: undefined,
  actionlint: undefined,
  bash: 'bash',
  'buildkite-agent': undefined,
  busybox: 'busybox',
  chromium: 'chromium',
  chroot: 'coreutils',
  'cmark-gfm': 'cmark-gfm',
  curl: 'curl',
  dash: 'dash',
  'docker-registry': 'docker-registry',
  git: 'git',
  hclfmt: undefined,
  initdb: 'postgresql',
  kubectl: 'kubernetes-client',
  openssl: 'openssl',
  pg_ctl: 'postgresql',
  psql: 'postgresql-client',
  'qemu-aarch64': 'qemu-user',
  rsync: 'rsync',
  ssh: 'openssh-client',
  'ssh-add': 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sshd: 'openssh-server',
  strip: 'binutils',
  tinyproxy: 'tinyproxy',
  unshare: 'util-linux',
  zsh: 'zsh',
} as const;

/** A command that fails unless a user namespace can have its own binary formats (Linux 6.7). */
const mountFormats = 'mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc';

/** Properties of the machine and the user, each with its check and the reason for a skipped test. */
const properties = {
  'arm64-libraries': {
    isMet: () => existsSync('/usr/aarch64-linux-gnu/lib/libstdc++.so.6'),
    reason: 'the libraries for arm64 are not installed; apt-get install libstdc++6-arm64-cross',
  },
  binfmt: {
    isMet: () => spawnSync('unshare', ['-Urm', 'sh', '-c', mountFormats]).status === 0,
    reason:
      'this user or kernel cannot register binary formats in a user namespace; run the tests as root on Linux 6.7 or newer',
  },
  linux: {
    isMet: () => process.platform === 'linux',
    reason: 'this system is not Linux',
  },
  'linux-x64': {
    isMet: () => process.platform === 'linux' && process.arch === 'x64',
    reason: 'this machine is not Linux x64',
  },
  mounts: {
    isMet: () => spawnSync('unshare', ['--mount', 'true']).status === 0,
    reason: 'this user cannot create mount namespaces; run the tests as root',
  },
  posix: {
    isMet: () => process.platform !== 'win32',
    reason: 'this system is Windows',
  },
  root: {
    isMet: () => process.getuid?.() === 0,
    reason: 'this user is not root; run the tests as root',
  },
} as const;

type Program = keyof typeof packages;

/** A program, or a property of the machine or the user. */
export type Requirement = Program | keyof typeof properties;

declare module 'vitest' {
  interface TaskMeta {
    /** The requirement because of which a test is skipped. */
    missing?: Requirement;
  }
}

/** Returns options for `describe` and `it` that skip them unless all requirements are met. */
export function needs(...requirements: readonly Requirement[]): {
  readonly skip?: true;
  readonly meta?: TaskMeta;
} {
  const missing = requirements.find((requirement) => !isMet(requirement));
  return missing === undefined ? {} : { skip: true, meta: { missing } };
}

/** Returns whether a requirement is met on this machine. */
export function isMet(requirement: Requirement): boolean {
  return isProgram(requirement) ? programPath(requirement) !== '' : properties[requirement].isMet();
}

/** Returns the reason for a skipped test and how to run it. */
export function reasonFor(missing: Requirement): string {
  if (!isProgram(missing)) return properties[missing].reason;
  const source = packages[missing];
  const remedy = source === undefined ? 'see CONTRIBUTING.md' : `apt-get install ${source}`;
  return `${missing} is not installed; ${remedy}`;
}

function isProgram(requirement: Requirement): requirement is Program {
  return requirement in packages;
}

/** Returns the path of a program, or an empty string. Also searches directories that are often not on PATH. */
export function programPath(program: Program): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const others = [...postgresFolders(), join(homedir(), 'go', 'bin')];
  return [...folders, ...others].map((folder) => join(folder, program)).find(isExecutable) ?? '';
}

function postgresFolders(): readonly string[] {
  const root = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(root).toSorted((one, other) => Number(other) - Number(one));
    return versions.map((version) => join(root, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The environment of real programs, without the variables of the test run. */
export const environment = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C.UTF-8' } as const;
