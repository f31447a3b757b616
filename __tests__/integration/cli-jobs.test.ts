import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { needs } from '../requirements.ts';
import { cliFixture } from './cli.fixture.ts';

const cli = cliFixture();

const privateDirectory = /^machine-id-[0-9a-f]{16}$/;

/** Returns the private directories in TMPDIR, as soon as there are as many. */
async function directories(count: number): Promise<readonly string[]> {
  for (;;) {
    const names = (await cli.left()).filter((name) => privateDirectory.test(name));
    if (names.length >= count) return names.map((name) => join(cli.temp, name));
    await pause(20);
  }
}

describe('a cancelled join', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves nothing after %s', async (signal, code) => {
    cli.testbed.faults.join = { kind: 'silent' };
    // Without `exec`, the signal would reach only the shell.
    const { child, finished } = cli.start('exec machine-id join --exports exports --json');
    const [path = ''] = await directories(1);
    while (!(await readdir(path)).includes('tbot.yaml')) await pause(20);
    child.kill(signal);
    const { exit, stdout, stderr } = await finished;
    expect(exit).toBe(code);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'cancelled',
      message: 'The job was cancelled during this command.',
      fix: 'No action is needed: this command removes what it has created.',
    });
    expect(stderr).toMatch(/\nRemoved \d files( and stopped process \d+)?\.\n$/);
    expect(await cli.left()).toEqual([]);
    expect(await readdir(cli.folder)).toEqual(['tmp']);
  });
});

describe('scrub', () => {
  it('does not wait for a pipe in place of a state file', async () => {
    const { exit, stderr } = await cli.run(
      'mkfifo "$TMPDIR/machine-id-0000000000000000.state" && machine-id scrub',
    );
    expect([exit, stderr]).toEqual([0, '']);
  });

  it('keeps an old state file of another user', needs('root'), async () => {
    const name = 'machine-id-0000000000000000.state';
    const { exit } = await cli.run(
      `file="$TMPDIR/${name}"; : > "$file"; chown 65534 "$file"; touch -t 202001010000 "$file"; machine-id scrub`,
    );
    expect([exit, await cli.left()]).toEqual([0, [name]]);
  });

  it('cleans up after every join of the script, also in subshells, and then prints nothing', async () => {
    const { exit, stdout, stderr } = await cli.run(
      `machine-id join --exports first 2>/dev/null
      (machine-id join --exports second >/dev/null 2>&1; true)
      machine-id join --exports third 2>&1 | cat >/dev/null
      machine-id scrub
      echo again >&2
      machine-id scrub --strict
      echo "exit code $?" >&2`,
    );
    expect([exit, stdout]).toEqual([0, '']);
    expect(stderr).toBe('Removed 51 files.\nagain\nexit code 0\n');
    expect(await cli.left()).toEqual([]);
    expect(await readdir(cli.folder)).toEqual(['tmp']);
  });

  it('restores variables through a file, if it gets one', async () => {
    const { stdout, stderr } = await cli.run(
      `export TELEPORT_PROXY=before:443
      machine-id join --exports exports && . ./exports
      machine-id scrub --exports restored && . ./restored
      echo "$TELEPORT_PROXY \${TELEPORT_IDENTITY_FILE-unset}"
      machine-id scrub`,
    );
    expect(stdout).toBe('before:443 unset\n');
    expect(stderr).toContain(
      'notice: This command overrides TELEPORT_PROXY; `machine-id scrub --exports FILE` restores the previous value.',
    );
    expect(stderr).toMatch(
      /\nRemoved 17 files, restored TELEPORT_PROXY, and cleared TELEPORT_IDENTITY_FILE and TELEPORT_TOOLS_VERSION\.\n$/,
    );
  });

  it('fails only with --strict if something remains', async () => {
    const { exit, stderr } = await cli.run(
      `machine-id join --exports exports 2>/dev/null && . ./exports
      path=\${MACHINE_ID_OUTPUT_DESTINATION_DIR%/*}
      rm -r "$path"; echo x > "$path"
      machine-id scrub; echo "exit code $?" >&2
      machine-id scrub --strict; code=$?
      rm "$path"; exit $code`,
    );
    expect(exit).toBe(1);
    expect(stderr).toMatch(
      /^warning \(leftover\): \S+ could not be removed: it is not a directory\. .*\nexit code 0\n/,
    );
    expect(stderr).toContain('error (leftover): The cleanup is incomplete');
  });

  it('removes no file that replaced the exports', async () => {
    await cli.run(
      `machine-id join --exports exports && echo mine > exports
      machine-id scrub`,
    );
    expect(await readdir(cli.folder)).toEqual(['exports', 'tmp']);
    expect(await cli.left()).toEqual([]);
  });
});

describe('jobs that share TMPDIR', () => {
  it('do not affect each other', async () => {
    const job = `trap 'machine-id scrub' EXIT
      machine-id join --exports "$JOB" && . "./$JOB"
      : > "$JOB.joined"
      while [ ! -e "$OTHER.joined" ] || [ -n "$WAITS" -a ! -e ended ]; do sleep 0.1; done
      test -s "$TELEPORT_IDENTITY_FILE" && echo found`;
    const one = cli.run(job, { env: { JOB: 'one', OTHER: 'two', WAITS: 'yes' } });
    const other = cli.run(job, { env: { JOB: 'two', OTHER: 'one' } });
    expect((await other).stdout).toBe('found\n');
    await writeFile(join(cli.folder, 'ended'), '');
    expect((await one).stdout).toBe('found\n');
    expect(await cli.left()).toEqual([]);
  });

  it(
    'keep the directory of a killed job for a day, and longer while a process uses it',
    needs('linux'),
    async () => {
      const job = `machine-id join --exports exports; kill -9 $$`;
      const { exit } = await cli.run(job);
      expect(exit).toBe('SIGKILL');
      const [path = ''] = await directories(1);
      await rm(join(cli.folder, 'exports'));
      const next = `machine-id join --exports exports 2>&1; machine-id scrub 2>/dev/null`;
      const removed = 'Removed a private directory that an earlier job left on this runner.';
      expect((await cli.run(next)).stdout).not.toContain(removed);
      expect(await directories(1)).toEqual([path]);

      const old = new Date(Date.now() - 25 * 3_600_000);
      for (const file of [path, join(path, '.machine-id-action.json')])
        await utimes(file, old, old);
      const { child, finished } = cli.start(`exec tail -f "${path}/identity/key.pub"`);
      await new Promise((resolve) => child.stdout?.once('data', resolve));
      expect((await cli.run(next)).stdout).not.toContain(removed);
      child.kill();
      await finished;
      expect((await cli.run(next)).stdout).toContain(removed);
      expect((await cli.left()).filter((name) => privateDirectory.test(name))).toEqual([]);

      const states = await cli.left();
      expect(states).toHaveLength(1);
      for (const name of states) await utimes(join(cli.temp, name), old, old);
      await cli.run('machine-id scrub');
      expect(await cli.left()).toEqual([]);
    },
  );
});
