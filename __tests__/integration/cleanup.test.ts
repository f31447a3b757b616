import { chown, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  chmodAll,
  exported,
  finished,
  pathsIn,
  postAsUser,
  postKilledAfter,
  run,
  runAsUser,
  secrets,
  sweepAsUser,
} from './cleanup.fixture.ts';
import { runnerFolders } from './workdir.fixture.ts';
import { needs } from '../requirements.ts';

const runner = runnerFolders();
// So that the folder of the test can be removed.
afterEach(() => run('chmod', '-R', 'u+rwx', runner.temp));

const marker = '.machine-id-action.json';

/** Creates a private directory with files of a container that runs as root. */
async function withFilesOfRoot(): Promise<string> {
  const path = await finished(runner);
  const folder = join(path, 'identity', 'cache');
  await mkdir(folder);
  for (const name of ['a', 'b', 'c', 'd']) await writeFile(join(folder, name), 'secret');
  return path;
}

describe('permissions that a later step changed', () => {
  it.each(['a-w', 'u-w', 'a-x', '600', '500', '400'])(
    'post removes everything after `chmod %s` on all of RUNNER_TEMP',
    async (mode) => {
      const path = await finished(runner);
      chmodAll(mode, runner.temp);
      const said = await postAsUser(runner.temp, path);
      expect(said).toContainEqual(['exportVariable', exported.name, '']);
      expect(said.filter(([what]) => what === 'warning')).toEqual([]);
      expect(await readdir(runner.temp)).toEqual([]);
    },
  );

  it.each(['a-w', 'a-x', '600'])(
    'the next run removes everything after `chmod %s` on all of the private directory',
    async (mode) => {
      const path = await finished(runner);
      chmodAll(mode, path);
      expect(await sweepAsUser(runner.temp)).toEqual({ removed: 1, left: [] });
      expect(await readdir(runner.temp)).toEqual([]);
    },
  );

  it('post changes no permissions behind a link', async () => {
    const path = await finished(runner);
    const elsewhere = join(runner.temp, 'elsewhere');
    runAsUser('mkdir', '-m', '500', elsewhere);
    await symlink(elsewhere, join(path, 'identity', 'link'));
    await postAsUser(runner.temp, path);
    expect(await readdir(runner.temp)).toEqual(['elsewhere']);
    expect((await stat(elsewhere)).mode & 0o777).toBe(0o500);
  });
});

describe('a marker that is damaged or missing', () => {
  it.each([
    ['empty', async (path: string) => writeFile(path, '')],
    ['cut off', async (path: string) => writeFile(path, '{"format":"machine-id-action/1"')],
    ['missing', async (path: string) => rm(path)],
    ['unreadable', async (path: string) => runAsUser('chmod', '0', path)],
    [
      'a directory',
      async (path: string) => {
        await rm(path);
        runAsUser('mkdir', '-p', join(path, 'folder'));
      },
    ],
  ])('%s: post removes everything, and warns that no variable was restored', async (_, damage) => {
    const path = await finished(runner);
    await damage(join(path, marker));
    const said = await postAsUser(runner.temp, path);
    expect(said).toEqual([
      ['info', expect.stringMatching(/^Removed \d+ files\.$/)],
      [
        'warning',
        'machine-id-action: leftover',
        expect.stringMatching(/marker .* was missing or damaged.*not restored/),
      ],
    ]);
    expect(await readdir(runner.temp)).toEqual([]);
  });
});

describe('a post step that is killed', needs('linux'), () => {
  const moments = ['tbot.yaml', 'identity/key', 'kube/kubeconfig.yaml', 'bin/tbot', 'bin/tsh'];

  it.each(moments)(
    'is completed by the next run if it is killed after it removed %s',
    async (file) => {
      const path = await finished(runner);
      expect(await postKilledAfter(file, runner.temp, path)).toBe('SIGKILL');
      expect(await pathsIn(path)).toContain(marker);
      expect(await sweepAsUser(runner.temp)).toEqual({ removed: 1, left: [] });
      expect(await readdir(runner.temp)).toEqual([]);
    },
  );

  it('removes the secrets before the programs', async () => {
    const path = await finished(runner);
    expect(await postKilledAfter('bin/tbot', runner.temp, path)).toBe('SIGKILL');
    for (const name of secrets) expect(await pathsIn(path)).not.toContain(name);
  });

  it('removes the rest when it runs again', async () => {
    const path = await finished(runner);
    expect(await postKilledAfter('identity/key', runner.temp, path)).toBe('SIGKILL');
    expect(await postAsUser(runner.temp, path)).toContainEqual([
      'exportVariable',
      exported.name,
      '',
    ]);
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it('leaves nothing if it is killed after it removed the marker', async () => {
    const path = await finished(runner);
    expect(await postKilledAfter(marker, runner.temp, path)).toBe('SIGKILL');
    expect(await readdir(runner.temp)).toEqual([]);
  });
});

describe('files of root', needs('root'), () => {
  it('post removes all other files, and warns how to remove these', async () => {
    const path = await withFilesOfRoot();
    const said = await postAsUser(runner.temp, path);
    expect(said.filter(([what]) => what === 'warning')).toEqual([
      [
        'warning',
        'machine-id-action: leftover',
        expect.stringContaining(`\`sudo rm -rf ${path}\``),
      ],
    ]);
    expect(said.at(-1)?.[2]).toMatch(
      /cannot delete identity\/cache\/\w, identity\/cache\/\w, identity\/cache\/\w and 1 more \(EACCES, owned by root\)/,
    );
    expect(said).toContainEqual(['exportVariable', exported.name, '']);
    expect(await pathsIn(path)).toEqual([
      marker,
      'identity',
      ...['', '/a', '/b', '/c', '/d'].map((name) => `identity/cache${name}`),
    ]);
  });

  it('each later run warns until they are removed', async () => {
    const path = await withFilesOfRoot();
    await postAsUser(runner.temp, path);
    const left = [expect.stringContaining(`\`sudo rm -rf ${path}\``)];
    expect(await sweepAsUser(runner.temp)).toEqual({ removed: 0, left });
    expect(await sweepAsUser(runner.temp)).toEqual({ removed: 0, left });
    await rm(join(path, 'identity', 'cache'), { recursive: true });
    expect(await sweepAsUser(runner.temp)).toEqual({ removed: 1, left: [] });
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it('post removes an empty folder that this user cannot read', async () => {
    const path = await finished(runner);
    await mkdir(join(path, 'identity', 'cache'), { mode: 0o700 });
    await postAsUser(runner.temp, path);
    expect(await readdir(runner.temp)).toEqual([]);
  });

  it.each([0o700, 0o755])(
    'post and later runs warn about a whole directory of mode %o',
    async (mode) => {
      const path = await finished(runner);
      run('chown', '-R', 'root', path);
      run('chmod', mode.toString(8), path);
      const warning = expect.stringMatching(/owned by root.*`sudo rm -rf /);
      const said = await postAsUser(runner.temp, path);
      expect(said).toContainEqual(['warning', 'machine-id-action: leftover', warning]);
      expect(await sweepAsUser(runner.temp)).toEqual({ removed: 0, left: [warning] });
      expect(await pathsIn(path)).toContain(marker);
    },
  );

  it('post names the owner of a folder of another user', async () => {
    const path = await finished(runner);
    run('chown', '-R', '12345', join(path, 'kube'));
    expect(await postAsUser(runner.temp, path)).toContainEqual([
      'warning',
      'machine-id-action: leftover',
      expect.stringContaining('(ENOTEMPTY, owned by user 12345)'),
    ]);
    expect(await pathsIn(path)).toEqual([marker, 'kube', 'kube/kubeconfig.yaml']);
  });

  it('later runs warn if RUNNER_TEMP itself belongs to root', async () => {
    const path = await finished(runner);
    await chown(runner.temp, 0, 0);
    run('chmod', '755', runner.temp);
    expect(await postAsUser(runner.temp, path)).toContainEqual([
      'warning',
      'machine-id-action: leftover',
      expect.stringMatching(/EACCES.*owned by root/),
    ]);
    expect(await pathsIn(path)).toEqual([marker]);
    expect(await sweepAsUser(runner.temp)).toMatchObject({ removed: 0, left: [expect.anything()] });
  });

  it('post warns if RUNNER_TEMP cannot be entered', async () => {
    const path = await finished(runner);
    await chown(runner.temp, 0, 0);
    run('chmod', '700', runner.temp);
    expect(await postAsUser(runner.temp, path)).toEqual([
      ['warning', 'machine-id-action: leftover', expect.stringContaining('EACCES')],
    ]);
  });

  it('later runs do not report a directory of another user', async () => {
    const path = await finished(runner);
    run('chown', '-R', '12345', path);
    expect(await sweepAsUser(runner.temp)).toEqual({ removed: 0, left: [] });
  });
});
