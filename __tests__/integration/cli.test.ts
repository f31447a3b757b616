import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../requirements.ts';
import { cliFixture, type Shell, shells } from './cli.fixture.ts';

const cli = cliFixture();

const names: readonly Shell[] = ['bash', 'dash', 'busybox'];

describe('the shells of the tests', () => {
  it('are all that the fixture knows', () => {
    expect(Object.keys(shells)).toEqual(names);
  });
});

describe.each(names)('in %s', (shell) => {
  it('a job joins, uses the credentials, fails and leaves nothing', needs(shell), async () => {
    const { exit, stdout, stderr } = await cli.run(
      `set -e
      trap 'machine-id scrub' EXIT
      machine-id join --exports exports
      . ./exports
      stat -c %a exports
      test -s "$TELEPORT_IDENTITY_FILE" && echo "$MACHINE_ID_OUTPUT_CLUSTER"
      tbot version | cut -c 1-16
      exit 7`,
      { shell },
    );
    expect(stdout).toBe('600\nrig.example.com\nTeleport v18.2.4\n');
    expect(stderr).toContain(
      'Joined rig.example.com as bot `ci` with join method `github`. Issued `identity`',
    );
    expect(stderr).toMatch(/\nRemoved 17 files\.\n$/);
    expect(exit).toBe(7);
    expect(await cli.left()).toEqual([]);
    expect(await readdir(cli.folder)).toEqual(['tmp']);
  });

  it('a job that cannot join stops with `set -e`', needs(shell), async () => {
    const { exit, stdout, stderr } = await cli.run(
      `set -e
      trap 'machine-id scrub' EXIT
      machine-id join --token other-repo --exports exports --json
      echo not reached`,
      { shell },
    );
    expect(exit).toBe(1);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'claims-denied',
      message: 'Join token `other-repo` exists, but none of its allow rules match this job.',
      errors: [],
      documentation: 'docs/problems.md#claims-denied',
      paste: expect.stringContaining('repository: "acme/web"'),
    });
    expect(stderr).toContain('error (claims-denied): Join token `other-repo` exists');
    expect(await cli.left()).toEqual([]);
    expect(await readdir(cli.folder)).toEqual(['tmp']);
  });

  it('exports change nothing but their values', needs(shell), async () => {
    const hostile = join(cli.folder, 'tmp', '$(touch a) `touch b` \' " ! \\ \n;touch c');
    const { exit, stdout, stderr } = await cli.run(
      `mkdir "$HOSTILE"; export TMPDIR="$HOSTILE"
      machine-id join --exports exports && . ./exports
      printf '%s\\n' "$TELEPORT_IDENTITY_FILE"
      test -s "$TELEPORT_IDENTITY_FILE" && echo found
      command -v tbot >/dev/null && tbot version | cut -c 1-16
      machine-id scrub`,
      { shell, env: { HOSTILE: hostile } },
    );
    expect(stderr).toMatch(/\nRemoved 17 files\.\n$/);
    expect(exit).toBe(0);
    expect(stdout.startsWith(`${hostile}/machine-id-`)).toBe(true);
    expect(stdout).toMatch(/\nfound\nTeleport v18\.2\.4\n$/);
    expect((await readdir(cli.folder)).toSorted()).toEqual(['tmp']);
  });
});

describe('a dry run', () => {
  it('shows what a join would do', async () => {
    const { exit, stdout, stderr } = await cli.run('machine-id dry-run');
    expect([exit, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Without `dry-run`, this command would:\n- use tbot 18.2.4\n');
    expect(stderr).toContain('Inputs:\n  proxy: 127.0.0.1:');
    expect(await cli.left()).toEqual([]);
  });

  it('names a method of the shell if the job has no token', async () => {
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: '' };
    const { stderr } = await cli.run('machine-id dry-run', { env });
    expect(stderr).toContain(
      'This job cannot join. No variable contains an OIDC token of this job',
    );
  });
});

describe('`join-method: auto`', () => {
  it('chooses the method whose variables are set', async () => {
    const env = {
      ACTIONS_ID_TOKEN_REQUEST_URL: '',
      BITBUCKET_STEP_OIDC_TOKEN: 'eyJzZWNyZXQ.e30.x',
    };
    const { stderr } = await cli.run('machine-id dry-run', { env });
    expect(stderr).toContain('with join method `bitbucket` and join token `ci-github`');
  });

  it('explains how to join without a token', async () => {
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: '' };
    const { exit, stderr } = await cli.run('machine-id join', { env });
    expect(exit).toBe(1);
    expect(stderr)
      .toBe(`error (no-identity): No variable contains an OIDC token of this job and \`azure-client-id\` is not set, so it cannot join.
Set \`join-method\` to a method that this machine can join with.
See docs/problems.md#no-identity
On a machine with a managed identity or an instance profile, set \`join-method\` to \`azure\`, \`iam\` or \`gcp\`.
With an OIDC token in a variable, set \`join-method: generic_oidc\` and, in \`onboarding\`, \`generic_oidc: { env: VARIABLE }\`.
`);
  });
});

describe('setup', () => {
  it('installs programs until scrub removes them', async () => {
    const { url } = cli.testbed.downloads;
    const { exit, stdout, stderr } = await cli.run(
      `machine-id setup --version 18.2.4 --edition oss --install-from archive --mirror ${url} --exports exports || exit
      . ./exports
      tsh version | cut -c 1-16
      machine-id scrub`,
    );
    expect(stderr).toMatch(/\nRemoved \d+ files\.\n$/);
    expect([exit, stdout]).toEqual([0, 'Teleport v18.2.4\n']);
    expect(await cli.left()).toEqual([]);
  });
});

describe('secrets', () => {
  it('are neither printed nor exported', async () => {
    const { stdout, stderr } = await cli.run(
      `machine-id join --token s3cret-join-token --join-method token --debug --json
      machine-id dry-run --token s3cret-join-token --join-method token --json`,
    );
    expect(stderr).toContain('error (tbot)');
    expect(stderr).toContain('token: ***');
    expect(`${stdout}${stderr}`).not.toContain('s3cret');
  });
});

it('the state is private', async () => {
  await cli.run('machine-id join --exports exports');
  const modes = await Promise.all(
    (await cli.left()).map(async (name) =>
      ((await stat(join(cli.temp, name))).mode & 0o777).toString(8),
    ),
  );
  expect(modes.toSorted()).toEqual(['600', '700']);
});
