import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { environment } from '../requirements.ts';

const execute = promisify(execFile);
const runner = fileURLToPath(import.meta.resolve('gitlab-ci-local/dist/index.js'));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A GitLab project on this machine, whose pipelines gitlab-ci-local runs. */
export interface Project extends AsyncDisposable {
  /** URL of a Git repository with machine-id, in place of the one on GitHub. */
  readonly repository: string;
  /** Runs the pipeline and returns its log, without the name of the job in front of each line. */
  readonly run: (pipeline: Pipeline) => Promise<string>;
}

export interface Pipeline {
  /** The content of .gitlab-ci.yml. */
  readonly yaml: string;
  readonly variables: Readonly<Record<string, string>>;
}

export async function openProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'gitlab-'));
  const project = join(folder, 'web');
  const git = async (cwd: string, ...args: readonly string[]) =>
    execute('git', ['-c', 'user.name=ci', '-c', 'user.email=ci@example.com', ...args], {
      cwd,
      env: environmentIn(folder),
    });
  const commit = async (cwd: string): Promise<void> => {
    await git(cwd, 'init', '--quiet', '--initial-branch=main');
    await git(cwd, 'add', '--all');
    await git(cwd, 'commit', '--quiet', '--message=Test');
  };
  const source = join(folder, 'machine-id-action');
  write(join(source, 'dist/machine-id.js'), `import '${join(root, 'src/entry/machine-id.ts')}';\n`);
  write(join(source, 'package.json'), '{ "type": "module" }\n');
  await commit(source);
  cpSync(join(root, 'templates'), join(project, 'templates'), { recursive: true });
  await commit(project);
  await git(project, 'remote', 'add', 'origin', 'git@gitlab.com:acme/web.git');
  return {
    repository: `file://${source}`,
    run: async ({ yaml, variables }) => {
      write(join(project, '.gitlab-ci.yml'), yaml);
      const options = Object.entries(variables).flatMap(([name, value]) => [
        '--variable',
        `${name}=${value}`,
      ]);
      const args = ['--no-color', '--no-json-schema-validation', '--concurrency=1', ...options];
      const { stdout, stderr } = await execute(process.execPath, [runner, ...args], {
        cwd: project,
        env: environmentIn(folder),
      }).catch((error: { stdout: string; stderr: string }) => error);
      return `${stdout}\n${stderr}`;
    },
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The Node that runs the tests is the first on PATH. */
function environmentIn(folder: string): Readonly<Record<string, string>> {
  return {
    ...environment,
    PATH: [dirname(process.execPath), environment.PATH].join(delimiter),
    HOME: folder,
    NODE_NO_WARNINGS: '1',
  };
}
