import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../requirements.ts';
import { cliFixture } from './cli.fixture.ts';

const execute = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'runtime-'));
afterAll(async () => rm(folder, { recursive: true }));

describe('the single executable', needs('linux-x64', 'strip', 'dash'), () => {
  const executable = join(folder, 'machine-id-linux-x64');
  beforeAll(async () => {
    await execute('npm', ['run', '-s', 'executable', '--', executable], { cwd: root });
  }, 300_000);

  worksAsMachineId(executable);

  it('has the same bytes if it is built again elsewhere', async () => {
    const again = join(folder, 'again');
    await mkdir(again);
    const env = { ...process.env, TMPDIR: again, TZ: 'Asia/Tokyo', LC_ALL: 'C' };
    const options = ['run', '-s', 'executable', '--', join(again, basename(executable))];
    await execute('npm', options, { cwd: root, env });
    const [first, second] = await Promise.all(
      [folder, again].map(async (path) =>
        readFile(join(path, `${basename(executable)}.sha256`), 'utf8'),
      ),
    );
    expect(second).toBe(first);
  }, 300_000);

  it('comes with its checksum and licenses', async () => {
    const names = (await readdir(folder)).filter((name) => name.startsWith('machine-id-'));
    const name = basename(executable);
    expect(names.toSorted()).toEqual([name, `${name}.licenses.txt`, `${name}.sha256`]);
    await execute('sha256sum', ['--check', '--strict', `${name}.sha256`], { cwd: folder });
    const licenses = await readFile(`${executable}.licenses.txt`, 'utf8');
    expect(licenses).toMatch(/^Node\.js is licensed for use as follows:/);
    expect(licenses).toMatch(/^undici 6\.\d+\.\d+\n-/m);
  });
});

describe('the files of the image', needs('dash'), () => {
  const image = join(folder, 'image');
  beforeAll(async () => {
    const recipe = await readFile(join(root, 'release/Dockerfile'), 'utf8');
    for (const [, list = ''] of recipe.matchAll(/^COPY ((?:.*\\\n)*.*)$/gm)) {
      const paths = list.replaceAll('\\\n', ' ').split(/\s+/);
      const target = paths.pop() ?? '';
      for (const path of paths) await cp(join(root, path), join(image, target, basename(path)));
    }
  });

  // With no access to the packages of this repository.
  worksAsMachineId(`${process.execPath} ${image}/opt/machine-id/dist/machine-id.js`);
});

function worksAsMachineId(command: string): void {
  const cli = cliFixture(command);

  it('shows its version and help', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(await cli.run('machine-id --version')).toEqual({
      exit: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
    const { exit, stdout } = await cli.run('machine-id --help');
    expect([exit, stdout]).toEqual([0, expect.stringContaining('Usage: machine-id COMMAND')]);
  });

  it('exits with 2 if an option is invalid', async () => {
    const { exit, stderr } = await cli.run('machine-id join --mode both');
    expect([exit, stderr]).toEqual([
      2,
      expect.stringContaining('error (inputs): Option `--mode` is invalid'),
    ]);
  });

  it('joins, and leaves nothing', async () => {
    const { exit, stdout, stderr } = await cli.run(
      `set -e
      trap 'machine-id scrub' EXIT
      machine-id join --exports exports --services '[{type: identity}]'
      . ./exports
      test -s "$TELEPORT_IDENTITY_FILE" && echo "$MACHINE_ID_OUTPUT_CLUSTER"`,
    );
    expect(stderr).toMatch(/\nRemoved \d+ files\.\n$/);
    expect([exit, stdout]).toEqual([0, 'rig.example.com\n']);
    expect(await cli.left()).toEqual([]);
  });

  it('explains a denied join', async () => {
    const { exit, stderr } = await cli.run('machine-id join --token other-repo');
    expect(exit).toBe(1);
    expect(stderr).toContain('error (claims-denied): Join token `other-repo` exists');
    expect(stderr).toContain('repository: "acme/web"');
    expect(await cli.left()).toEqual([]);
  });
}
