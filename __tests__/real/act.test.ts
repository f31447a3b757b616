import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const workflow = '.github/workflows/action.yml';

/** Where Go installs its programs is on nobody's PATH by itself. */
const directories = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  join(process.env['HOME'] ?? '', 'go', 'bin'),
];

async function find(program: string): Promise<string | undefined> {
  for (const directory of directories) {
    const path = join(directory, program);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

const act = await find('act');
const actionlint = await find('actionlint');
if (!act) console.log('skipped: act is not installed, so no workflow was run');
if (!actionlint) console.log('skipped: actionlint is not installed, so no workflow was checked');

// The jobs mostly wait for the package registry, so they run at the same time.
describe.runIf(act)('the workflow of this repository under act', () => {
  it.concurrent.each([
    [
      'github',
      'Joined rig.example.com as bot `ci` with join method `github`. Issued `identity`, valid until ',
    ],
    [
      'azure',
      'Joined rig.example.com as bot `ci` with join method `azure`. Issued `identity`, valid until ',
    ],
    ['denied', 'title=machine-id-action%3A claims-denied::'],
    [
      'several',
      'Issued `identity`, `application-hello`, `svid`, `host`, `kubernetes-prod`, `kubernetes-staging`, `application-api`, ',
    ],
  ])(
    'job %s succeeds and leaves nothing',
    async (job, told) => {
      const { stdout } = await run(
        act ?? '',
        [
          'push',
          '-W',
          workflow,
          '-j',
          job,
          '-P',
          'ubuntu-latest=-self-hosted',
          '--no-cache-server',
          '--artifact-server-addr',
          '127.0.0.1',
          '--cache-server-addr',
          '127.0.0.1',
          '--env',
          'npm_config_prefer_offline=true',
          '--env',
          'npm_config_audit=false',
        ],
        { maxBuffer: 1 << 26 },
      ).catch((error: { stdout?: string; stderr?: string }) => {
        throw new Error(`act failed:\n${error.stdout}\n${error.stderr}`);
      });
      expect(stdout).toContain(told);
      expect(stdout).toContain('No private directory, variable or process is left.');
      expect(stdout).toContain('Job succeeded');
    },
    300_000,
  );
});

describe.runIf(actionlint)('the workflows of this repository', () => {
  it('pass actionlint', async () => {
    await expect(run(actionlint ?? '', [])).resolves.toMatchObject({ stdout: '' });
  });
});
