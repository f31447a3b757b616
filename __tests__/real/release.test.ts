import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { needs, programPath } from '../requirements.ts';

const execute = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

const folders: string[] = [];
// Not after each test, because they run at the same time.
afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('the workflows of a release under act', needs('act', 'strip'), () => {
  it.concurrent(
    'release accepts a tag that fits package.json, CHANGELOG.md and dist',
    async () => {
      const repository = await copyOfRepository();
      const log = await run(repository, 'release', 'verify', 'refs/tags/v1.0.0');
      expect(log).toContain('Success - Main Rebuild dist and compare');
      expect(log).toContain('Job succeeded');
      const { kept } = repository;
      await expect(readFile(join(kept, 'notes.md'), 'utf8')).resolves.toContain('first release');
      await expect(readFile(join(kept, 'sbom.json'), 'utf8')).resolves.toContain('"CycloneDX"');
      await execute('sha256sum', ['--check', 'machine-id-linux-x64.sha256'], { cwd: kept });
    },
    300_000,
  );

  it.concurrent(
    'release refuses a tag whose dist does not match its sources',
    async () => {
      const repository = await copyOfRepository();
      await change(repository, 'src/entry/post.ts');
      const log = await run(repository, 'release', 'verify', 'refs/tags/v1.0.0');
      expect(log).toContain('Failure - Main Rebuild dist and compare');
      expect(log).not.toContain('Job succeeded');
    },
    300_000,
  );

  it.concurrent(
    'dist fails if dist does not match its sources',
    async () => {
      const repository = await copyOfRepository();
      await change(repository, 'src/entry/post.ts');
      const log = await run(repository, 'dist', 'rebuild', 'refs/heads/main');
      // act can lose the output of a script that ends at once.
      expect(log).toContain('Failure - Main Compare');
      expect(log).not.toContain('Job succeeded');
    },
    300_000,
  );
});

describe('npm run release-notes', () => {
  it.each([
    ['v1.0.1', '2026-01-02', 'Tag v1.0.1 does not match version 1.0.0 in package.json.'],
    ['1.0.0', '2026-01-02', 'Tag 1.0.0 does not match version 1.0.0 in package.json.'],
    ['', '2026-01-02', 'Tag  does not match version 1.0.0 in package.json.'],
    ['v1.0.0', 'Unreleased', 'CHANGELOG.md has no section "## [1.0.0] - YYYY-MM-DD" with content.'],
  ])('refuses the tag "%s" with a section dated %s', async (tag, date, error) => {
    const { path } = await copyOfRepository(date);
    await expect(notes(path, tag)).rejects.toMatchObject({ stdout: '', stderr: `${error}\n` });
  });

  it('prints the section of the version', async () => {
    const { path } = await copyOfRepository();
    const { stdout } = await notes(path, 'v1.0.0');
    expect(stdout).toMatch(/^The first release\./);
    expect(stdout).not.toContain('[1.0.0]');
  });
});

interface Repository {
  readonly path: string;
  /** The files that the workflow uploaded. */
  readonly kept: string;
}

/** Copies the files of this repository, with a date for the release, and commits them. */
async function copyOfRepository(date = '2026-01-02'): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'release-'));
  folders.push(folder);
  const path = join(folder, 'repository');
  for (const file of await trackedFiles()) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await cp(join(root, file), join(path, file));
  }
  const changelog = join(path, 'CHANGELOG.md');
  const text = await readFile(changelog, 'utf8');
  await writeFile(changelog, text.replace(/^(## \[1\.0\.0\] - ).*/m, `$1${date}`));
  await execute('git', ['init', '--quiet', '--initial-branch=main'], { cwd: path });
  await commit(path);
  const kept = join(folder, 'kept');
  await mkdir(kept);
  return { path, kept };
}

async function trackedFiles(): Promise<readonly string[]> {
  const options = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '-z'];
  const { stdout } = await execute('git', options, { cwd: root, maxBuffer: 1 << 24 });
  const { stdout: deleted } = await execute('git', ['ls-files', '--deleted', '-z'], { cwd: root });
  const gone = new Set(deleted.split('\0'));
  return stdout.split('\0').filter((file) => file !== '' && !gone.has(file));
}

async function commit(path: string): Promise<void> {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  await execute('git', ['add', '--all'], { cwd: path });
  await execute('git', [...author, 'commit', '--quiet', '--message', 'test'], { cwd: path });
}

async function change({ path }: Repository, file: string): Promise<void> {
  await appendFile(join(path, file), "console.log('changed');\n");
  await commit(path);
}

/** Runs a job for a pushed ref. Returns the log, also of a failed job. */
async function run(
  { path, kept }: Repository,
  workflow: string,
  job: string,
  ref: string,
): Promise<string> {
  const event = join(dirname(path), 'event.json');
  await writeFile(event, JSON.stringify({ ref }));
  const options = [
    'push',
    `--workflows=.github/workflows/${workflow}.yml`,
    `--job=${job}`,
    `--eventpath=${event}`,
    '--platform=ubuntu-latest=-self-hosted',
    '--no-cache-server',
    '--artifact-server-addr=127.0.0.1',
    '--cache-server-addr=127.0.0.1',
    `--local-repository=${await uploadArtifact(dirname(path))}`,
    `--env=KEPT=${kept}`,
    '--env=npm_config_prefer_offline=true',
    '--env=npm_config_audit=false',
  ];
  const { stdout, stderr } = await execute(programPath('act'), options, {
    cwd: path,
    maxBuffer: 1 << 26,
  }).catch((error: { stdout: string; stderr: string }) => error);
  return `${stdout}\n${stderr}`;
}

/** Returns a stand-in for actions/upload-artifact, as act's `NAME@REF=FOLDER`. */
async function uploadArtifact(folder: string): Promise<string> {
  const workflow = await readFile(join(root, '.github/workflows/release.yml'), 'utf8');
  const [, action = ''] = /uses: (actions\/upload-artifact@\w+)/.exec(workflow) ?? [];
  const path = join(folder, 'upload-artifact');
  await mkdir(path);
  await writeFile(
    join(path, 'action.yml'),
    [
      'name: upload-artifact',
      'inputs: { name: {}, path: {}, if-no-files-found: {}, retention-days: {} }',
      'runs:',
      '  using: composite',
      '  steps:',
      '    - shell: bash',
      '      env: { FILES: "${{ inputs.path }}" }',
      '      run: while read -r file; do [ -z "$file" ] || cp -r "$file" "$KEPT"; done <<< "$FILES"',
    ].join('\n'),
  );
  return `${action}=${path}`;
}

function notes(cwd: string, tag: string): Promise<{ readonly stdout: string }> {
  return execute(process.execPath, ['release/notes.ts', tag], { cwd });
}
