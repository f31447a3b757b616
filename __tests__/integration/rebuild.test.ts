import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { environment, needs } from '../requirements.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;
const sources = ['src', 'package.json', 'rolldown.config.ts', 'tsconfig.json'];

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('a build of dist', () => {
  it('has the same bytes in another folder, umask, time zone and locale', async () => {
    const folder = await copyOfSources('machine id ä-');
    await build(folder, {
      umask: '000',
      env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', HOME: folder },
    });
    expect(await digestsOf(join(folder, 'dist'))).toEqual(await digestsOf(join(root, 'dist')));
  });

  it('has the same bytes as another user', needs('root', 'linux'), async () => {
    const folder = await copyOfSources('rebuild-');
    await giveTo(65_534, folder);
    await build(folder, { umask: '077', env: { TZ: 'UTC', LC_ALL: 'C' }, uid: 65_534 });
    expect(await digestsOf(join(folder, 'dist'))).toEqual(await digestsOf(join(root, 'dist')));
  });

  it('differs if a source differs', async () => {
    const folder = await copyOfSources('rebuild-');
    await cp(join(folder, 'src/entry/post.ts'), join(folder, 'src/entry/scrub.ts'));
    await build(folder, { umask: '022', env: {} });
    expect(await digestsOf(join(folder, 'dist'))).not.toEqual(await digestsOf(join(root, 'dist')));
  });
});

describe('npm run sbom', () => {
  it('lists exactly the bundled packages, with the digests of package-lock.json', async () => {
    const sbom = await sbomOf();
    const licenses = await readFile(join(root, 'dist/licenses.txt'), 'utf8');
    const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
    const bundled = [...licenses.matchAll(/^(\S+) (\S+)\n-+$/gm)].map(([, name, version]) => ({
      name,
      version,
      hash: hexOf(packages[`node_modules/${name}`].integrity),
    }));
    const listed = sbom.components.map(({ name, version, hashes: [hash] }) => ({
      name,
      version,
      hash: hash?.content,
    }));
    expect(bundled.length).toBeGreaterThan(4);
    expect(listed).toEqual(bundled);
  });

  it('prints the same bytes each time', async () => {
    expect(await sbomOf()).toEqual(await sbomOf());
  });
});

interface Sbom {
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly hashes: readonly { readonly content: string }[];
  }[];
}

async function sbomOf(): Promise<Sbom> {
  const { stdout } = await run('npm', ['run', '-s', 'sbom'], { cwd: root });
  return JSON.parse(stdout);
}

/** Returns a digest of package-lock.json (`sha512-BASE64`) as hex. */
function hexOf(integrity: string): string {
  return Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
}

async function copyOfSources(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  folders.push(folder);
  for (const name of sources) await cp(join(root, name), join(folder, name), { recursive: true });
  for (const name of await packagesToBuild())
    await cp(join(root, 'node_modules', name), join(folder, 'node_modules', name), {
      recursive: true,
    });
  return folder;
}

/** Returns rolldown, the packages of the action, and everything that they depend on. */
async function packagesToBuild(): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const { dependencies } = await manifestOf('.');
  const open = ['rolldown', ...Object.keys(dependencies ?? {})];
  const installed = new Set(await installedPackages());
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name) || !installed.has(name)) continue;
    found.add(name);
    const manifest = await manifestOf(join('node_modules', name));
    open.push(...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));
  }
  return found;
}

async function installedPackages(): Promise<readonly string[]> {
  const names = await readdir(join(root, 'node_modules'));
  const scopes = names.filter((name) => name.startsWith('@'));
  const scoped = await Promise.all(
    scopes.map(async (scope) =>
      (await readdir(join(root, 'node_modules', scope))).map((name) => `${scope}/${name}`),
    ),
  );
  return [...names, ...scoped.flat()];
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
}

interface BuildOptions {
  readonly umask: string;
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number;
}

async function build(folder: string, { umask, env, uid }: BuildOptions): Promise<void> {
  const script = `umask ${umask} && exec "$0" node_modules/rolldown/bin/cli.mjs -c rolldown.config.ts`;
  await run('/bin/sh', ['-c', script, process.execPath], {
    cwd: folder,
    env: { ...environment, ...env },
    ...(uid !== undefined && { uid, gid: uid }),
  });
}

async function giveTo(uid: number, folder: string): Promise<void> {
  await chown(folder, uid, uid);
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'dist'));
  await chown(join(folder, 'dist'), uid, uid);
}

/** Returns the SHA-256 of each file, by name. */
async function digestsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(folder);
  const entries = names.toSorted().map(async (name): Promise<[string, string]> => {
    const bytes = await readFile(join(folder, name));
    return [name, createHash('sha256').update(bytes).digest('hex')];
  });
  return Object.fromEntries(await Promise.all(entries));
}
