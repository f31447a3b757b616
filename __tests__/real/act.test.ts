import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { needs, programPath } from '../requirements.ts';

const run = promisify(execFile);
const workflow = '.github/workflows/action.yml';

const [act, actionlint] = [programPath('act'), programPath('actionlint')];

// The jobs mostly wait for the package registry, so they run at the same time.
describe('the workflow of this repository under act', needs('act'), () => {
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
    ['background', ' and stopped process '],
    ['scrub', ' files and cleared TELEPORT_IDENTITY_FILE.'],
    [
      'several',
      'Issued `identity`, `application-hello`, `svid`, `host`, `kubernetes-prod`, `kubernetes-staging`, `application-api`, ',
    ],
  ])(
    'runs job %s without leftover files',
    async (job, told) => {
      const { stdout } = await run(
        act,
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

describe('the workflows of this repository', needs('actionlint'), () => {
  it('pass actionlint', async () => {
    await expect(run(actionlint, [])).resolves.toMatchObject({ stdout: '' });
  });
});
