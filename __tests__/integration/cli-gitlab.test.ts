import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliFixture } from './cli.fixture.ts';

const cli = cliFixture();

/** The variables of a job (GitLab's documentation, "Predefined CI/CD variables"). */
function job(id: string, changes: Readonly<Record<string, string>> = {}) {
  return {
    GITLAB_CI: 'true',
    CI_SERVER_HOST: 'gitlab.com',
    CI_JOB_ID: id,
    CI_PROJECT_DIR: join(cli.folder, 'web'),
    CI_PROJECT_PATH: 'acme/web',
    CI_PROJECT_VISIBILITY: 'private',
    CI_COMMIT_REF_NAME: 'main',
    CI_PIPELINE_SOURCE: 'push',
    MACHINE_ID_JOIN_METHOD: 'github',
    ...changes,
  };
}

/** Returns the names of what is in the folder for files of jobs. */
const left = async () => await readdir(join(cli.folder, 'web.tmp'));

describe('in a GitLab job', () => {
  it('credentials are beside the project, and the log of tbot in a section', async () => {
    const script =
      'machine-id join --exports exports && . ./exports && echo "$TELEPORT_IDENTITY_FILE"';
    const { exit, stdout, stderr } = await cli.run(script, { env: job('1') });
    expect(stderr).toMatch(
      // oxlint-disable-next-line no-control-regex
      /\u001b\[0Ksection_start:\d+:(machine_id_\w+)\[collapsed=true\]\r\u001b\[0KLog of tbot 18\.2\.4\n[^]*\n\u001b\[0Ksection_end:\d+:\1\r\u001b\[0K\n/,
    );
    expect(exit).toBe(0);
    expect(stdout.startsWith(join(cli.folder, 'web.tmp/machine-id-'))).toBe(true);
    const { stderr: scrubbed } = await cli.run('machine-id scrub', { env: job('1') });
    expect(scrubbed).toBe('Removed 17 files.\n');
    expect(await left()).toEqual([]);
    expect(await cli.left()).toEqual([]);
  });

  it('the next job removes what a cancelled job left', async () => {
    await cli.run('machine-id join --exports exports', { env: job('1') });
    expect(await left()).toHaveLength(2);
    const { stderr } = await cli.run('machine-id join --exports exports && machine-id scrub', {
      env: job('2'),
    });
    expect(stderr).toContain('Removed 17 files.');
    // The state of the earlier job has no secrets.
    expect(await left()).toEqual([expect.stringMatching(/^machine-id-\w+\.state$/)]);
  });

  it('a missing OIDC token is explained in the words of GitLab', async () => {
    const env = job('1', { MACHINE_ID_JOIN_METHOD: 'auto' });
    const { exit, stdout } = await cli.run('machine-id join --json', { env });
    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'no-identity',
      message: 'This job has no OIDC token (TBOT_GITLAB_JWT is not set), so it cannot join.',
      paste: expect.stringContaining('id_tokens:\n  TBOT_GITLAB_JWT:'),
    });
    expect(await left()).toEqual([]);
  });

  it.each(['Option `--proxy`', 'MACHINE_ID_'])('an error names %s', async (words) => {
    const env = job('1', { MACHINE_ID_PROXY: 'https://example.teleport.sh/web' });
    const { exit, stderr } = await cli.run('machine-id join', { env });
    expect(exit).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/with:|RUNNER_TEMP|GitHub/);
  });
});
