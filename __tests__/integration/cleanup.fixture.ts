import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { changeMarker } from '../../src/workdir/workdir.ts';
import type { ExportedVariable } from '../../src/workdir/marker.ts';
import type { Said } from '../recording.ts';
import { canBeOther, nobody, type RunnerFolders } from './workdir.fixture.ts';

/** The code under test runs as an unprivileged user, because no permission restricts root. */
const user = canBeOther ? { uid: nobody, gid: nobody } : {};

const env = { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1' };

/** The files of a private directory that hold secrets. */
export const secrets = ['tbot.yaml', 'identity/key', 'identity/tlscert', 'kube/kubeconfig.yaml'];

export const exported: ExportedVariable = { name: 'TELEPORT_PROXY', value: 'a:443', before: '' };

/** Creates a private directory like a successful main step, owned by the unprivileged user. */
export async function finished(runner: RunnerFolders): Promise<string> {
  const { path, marker } = await runner.workdir();
  for (const folder of ['identity', 'kube']) await mkdir(join(path, folder), { mode: 0o700 });
  for (const name of secrets) await writeFile(join(path, name), 'secret', { mode: 0o600 });
  await writeFile(join(path, '.machine-id-action.json.4711'), '{"form');
  for (const name of ['tbot', 'tctl', 'tsh']) await writeFile(join(path, 'bin', name), '');
  await changeMarker(path, { ...marker, processes: [], exported: [exported] });
  if (canBeOther) run('chown', '-R', `${nobody}:${nobody}`, runner.temp);
  return path;
}

/** Runs a command as the user of the tests. */
export function run(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}

/** Runs a command as the unprivileged user. */
export function runAsUser(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { ...user, encoding: 'utf8', cwd: '/' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}

/** Every path below a folder, sorted. */
export async function pathsIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).toSorted();
}

/** Changes the mode of a folder and of everything below it, as a later step of the job. */
export function chmodAll(mode: string, folder: string): void {
  runAsUser('find', folder, '-depth', '-exec', 'chmod', mode, '{}', '+');
}

const module = (path: string): string =>
  JSON.stringify(new URL(`../../${path}`, import.meta.url).href);

const posting = `
  import { post } from ${module('src/post.ts')};
  import { recordingCi } from ${module('__tests__/recording.ts')};
  const [temp, workdir] = process.argv.slice(1);
  const env = { RUNNER_TEMP: temp, ${exported.name}: '${exported.value}' };
  const { ci, said } = recordingCi({ env, state: { workdir } });`;

/** Runs the post step as the unprivileged user; returns its calls. */
export async function postAsUser(temp: string, path: string): Promise<readonly Said[]> {
  return runAsModule(`${posting} await post(ci); console.log(JSON.stringify(said));`, [temp, path]);
}

/** Kills the post step once it has removed this file; returns the signal that ended it. */
export async function postKilledAfter(file: string, temp: string, path: string): Promise<unknown> {
  const code = `${posting}
    import { existsSync, watch } from 'node:fs';
    import { dirname } from 'node:path';
    const file = process.argv[3];
    watch(dirname(file), () => existsSync(file) || process.kill(process.pid, 'SIGKILL'));
    await post(ci);
    setInterval(() => {}, 1000);`;
  return runAsModule(code, [temp, path, join(path, file)]).catch(
    (error: unknown) => error instanceof Error && 'signal' in error && error.signal,
  );
}

/** Runs the sweep of a later job as the unprivileged user; returns its result. */
export async function sweepAsUser(temp: string): Promise<unknown> {
  const code = `
    import { sweepWorkdirs } from ${module('src/workdir/sweep.ts')};
    console.log(JSON.stringify(await sweepWorkdirs(process.argv[1], 'a later job')));`;
  return runAsModule(code, [temp]);
}

async function runAsModule<T>(code: string, args: readonly string[]): Promise<T> {
  const node = ['--input-type=module', '--eval', code, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, node, { ...user, env, cwd: '/' });
  return JSON.parse(stdout);
}
