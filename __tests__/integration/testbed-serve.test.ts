import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const serve = fileURLToPath(new URL('../../testbed/serve.ts', import.meta.url));
const env = { PATH: '/usr/bin:/bin', HOME: tmpdir() };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serve-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

async function start(...args: string[]): Promise<Record<string, string>> {
  const file = join(folder, 'env');
  await run(process.execPath, [serve, '--environment', file, '--daemon', ...args], { env });
  return variables(await readFile(file, 'utf8'));
}

function variables(text: string): Record<string, string> {
  const pairs = text.trim().split('\n');
  return Object.fromEntries(pairs.map((line) => [line.split('=')[0], line.replace(/^\w+=/, '')]));
}

async function gone(path: string): Promise<boolean> {
  return await access(path).then(
    () => false,
    () => true,
  );
}

describe('serve.ts', () => {
  it('returns when the testbed is ready, which leaves no files after SIGTERM', async () => {
    await writeFile(join(folder, 'env'), 'BEFORE=kept\n');
    const pidFile = join(folder, 'pid');
    const got = await start('--pid-file', pidFile, '--tbot-version', '15.0.0-dev');
    const { TESTBED_CA: ca = '', TESTBED_TBOT: tbot = '', TESTBED_PID: pid = '' } = got;
    expect(Object.keys(got)).toEqual([
      'BEFORE',
      'TESTBED_PROXY',
      'TESTBED_CA',
      'TESTBED_TBOT',
      'TESTBED_DOWNLOADS',
      'TESTBED_PID',
      'ACTIONS_ID_TOKEN_REQUEST_URL',
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      'AZURE_POD_IDENTITY_AUTHORITY_HOST',
    ]);
    expect((await readFile(pidFile, 'utf8')).trim()).toBe(pid);
    expect((await run(tbot, ['version'], { env })).stdout).toContain('15.0.0-dev');
    const answer = await fetch(got['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '', {
      headers: { Authorization: `Bearer ${got['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` },
    });
    expect(answer.status).toBe(200);
    process.kill(Number(pid), 'SIGTERM');
    await expect.poll(async () => await gone(dirname(ca)), { timeout: 5000 }).toBe(true);
    await expect.poll(async () => await gone(pidFile), { timeout: 5000 }).toBe(true);
  });

  it('exits after its lifetime', async () => {
    const { TESTBED_CA: ca = '' } = await start('--lifetime', '0.2');
    await expect.poll(async () => await gone(dirname(ca)), { timeout: 5000 }).toBe(true);
  });

  it('writes lines for a shell, also in the foreground', async () => {
    const file = join(folder, 'env');
    const child = spawn(process.execPath, [serve, '--environment', file], { env, stdio: 'ignore' });
    await expect
      .poll(async () => await readFile(file, 'utf8').catch(() => ''), { timeout: 10_000 })
      .toContain('AZURE_POD');
    const script = `. '${file}'; printf %s "$ACTIONS_ID_TOKEN_REQUEST_URL"`;
    const { stdout } = await run('/bin/sh', ['-c', script], { env });
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/.*\?api-version=2\.0$/);
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
  });

  it.each([
    [[], '--environment FILE is required'],
    [
      ['--environment', 'x', '--lifetime', 'soon'],
      '--lifetime must be a positive number of seconds',
    ],
    [['--environment', 'x', '--nonsense'], "Unknown option '--nonsense'"],
    [['--environment', 'x', '--daemon', '--tbot-version', '99.0.0'], '99.0.0'],
  ])('explains what is wrong with %j', async (args, message) => {
    await expect(
      run(process.execPath, [serve, ...args], { env, cwd: folder }),
    ).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});
