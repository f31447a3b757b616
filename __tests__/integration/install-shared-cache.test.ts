import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install, type Tool } from '../../src/install/install.ts';
import { openFixture, type Fixture } from './install.fixture.ts';
import { needs } from '../requirements.ts';

const nobody = 65_534;

let fixture: Fixture;
let cache: string;
beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => {
  await fixture.next();
  cache = await mkdtemp(join(tmpdir(), 'shared-cache-'));
  await chmod(cache, 0o1777);
  return async () => rm(cache, { recursive: true, force: true });
});
afterAll(async () => fixture[Symbol.asyncDispose]());

const folder = (): string => join(cache, 'tbot', '18.2.4', 'x64');
const installed = (): Promise<Tool> =>
  install(fixture.request({ env: { PATH: '/usr/bin:/bin', RUNNER_TOOL_CACHE: cache } }));
const log = (): string => fixture.lines.join('\n');

/** Runs a shell script as another account; its arguments are the folder of tbot and further ones. */
function asOther(script: string, ...args: string[]): void {
  const options = { uid: nobody, gid: nobody, cwd: '/', encoding: 'utf8' } as const;
  const { status, stderr } = spawnSync('sh', ['-euc', script, 'sh', folder(), ...args], options);
  expect([status, stderr]).toEqual([0, '']);
}

/** A tbot that leaves evidence when it runs. */
const plant = `cat > "$1/.new" <<END
#!/bin/sh
echo ran >> "$2"
echo Teleport v18.2.4
END
chmod 755 "$1/.new"
mv -f "$1/.new" "$1/tbot"`;

describe('another account', needs('root'), () => {
  let evidence: string;
  beforeEach(async () => {
    evidence = join(cache, 'evidence');
    asOther('touch "$2"; chmod 666 "$2"', evidence);
  });

  it('cannot plant a tbot in the tool cache, and a notice names path and owner', async () => {
    asOther(`mkdir -p "$1"; ${plant}; touch "$1.complete"`, evidence);
    const tool = await installed();
    expect(await readFile(evidence, 'utf8')).toBe('');
    expect(tool).toMatchObject({ source: 'archive', path: join(fixture.directory, 'tbot') });
    expect(log()).toContain(
      `notice: The tool cache is not used: ${join(cache, 'tbot')} is owned by another account (nobody, uid 65534).`,
    );
  });

  it('cannot plant a tbot in a writable directory of this user', async () => {
    await mkdir(folder(), { recursive: true });
    await chmod(folder(), 0o777);
    await writeFile(`${folder()}.complete`, '');
    asOther(plant, evidence);
    expect(await installed()).toMatchObject({ source: 'archive' });
    expect(await readFile(evidence, 'utf8')).toBe('');
    const path = join(folder(), 'tbot');
    expect(log()).toContain(`${path} is owned by another account (nobody, uid 65534)`);
    expect((await stat(path)).uid).toBe(nobody);
  });

  it('cannot replace tbot later in a directory that it created before', async () => {
    asOther('mkdir -p "$1"; chmod 777 "$1"');
    const { path } = await installed();
    asOther(plant, evidence);
    execFileSync(path, ['version']);
    expect(await readFile(evidence, 'utf8')).toBe('');
  });

  it('cannot overwrite a file of this user through a symbolic link', async () => {
    const own = join(fixture.directory, 'own');
    await writeFile(own, 'own', { mode: 0o600 });
    await mkdir(folder(), { recursive: true });
    await chmod(join(folder(), '..'), 0o777);
    asOther('ln -s "$2" "$1.complete"', own);
    await installed();
    expect(await readFile(own, 'utf8')).toBe('own');
    expect((await stat(own)).mode & 0o777).toBe(0o600);
  });
});

/** Installs as the other account, without a download. Returns the path or error, and the log. */
function installedByOther(own: string): { readonly path: string; readonly log: string } {
  const { inputs } = fixture.request();
  const code = `
    import { execFileSync } from 'node:child_process';
    import { install } from ${source('install/install.ts')};
    import { openHttpClient } from ${source('http/client.ts')};
    const lines = [];
    const log = (...words) => lines.push(words.join(': '));
    const { path, source } = await install({
      inputs: ${JSON.stringify({ ...inputs, mirror: 'https://127.0.0.1:1', version: { kind: 'exact', version: '18.2.4' } })},
      network: openHttpClient({ env: {} }), directory: ${JSON.stringify(own)},
      env: { PATH: '/usr/bin:/bin' }, directories: { toolCache: ${JSON.stringify(cache)} },
      platform: 'linux', arch: 'x64', ci: { info: log, notice: log },
      signal: new AbortController().signal, retryPolicy: { attempts: 1, pause: 0, longest: 0 },
    }).catch((error) => ({ path: error.message }));
    console.log(JSON.stringify({ path, log: lines.join('\\n') }));`;
  const args = ['--input-type=module', '--eval', code];
  const env = { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1' };
  const options = { env, cwd: '/', uid: nobody, gid: nobody, encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync(process.execPath, args, options);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const source = (path: string): string =>
  JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

describe('a cache that root filled', needs('root'), () => {
  let own: string;
  beforeEach(async () => {
    own = await mkdtemp(join(tmpdir(), 'other-home-'));
    await chown(own, nobody, nobody);
    return async () => rm(own, { recursive: true });
  });

  it('is used by another account, even if Linux refuses a hard link', async () => {
    await installed();
    const { path, log: lines } = installedByOther(own);
    expect(path).toBe(join(own, 'tbot'));
    expect(lines).toBe(`Using tbot 18.2.4 from the tool cache: ${join(folder(), 'tbot')}`);
    expect(execFileSync(path, ['version'], { encoding: 'utf8' })).toContain('v18.2.4');
  });

  it('is not used by another account if it is corrupt', async () => {
    await installed();
    await writeFile(join(folder(), 'tbot'), '#!/bin/sh\necho Teleport v18.2.4\n');
    const { path, log: lines } = installedByOther(own);
    expect(lines).toContain('does not match its recorded SHA-256');
    expect(path).toContain('could not be downloaded');
  });

  it('is not used by another account that cannot read it', async () => {
    await installed();
    await chmod(join(folder(), 'tbot'), 0o700);
    const { log: lines } = installedByOther(own);
    expect(lines).toContain(`${join(folder(), 'tbot')} cannot be read or copied: EACCES`);
    expect(lines).not.toContain('notice');
  });
});
