import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { needs } from '../requirements.ts';

const main = new URL('../../src/entry/main.ts', import.meta.url).pathname;

const services = Array.from(
  { length: 97 },
  (_, index) => `- { type: identity, ${'x'.repeat(99)}${index}: 1 }`,
);

it('prints everything to a slow reader, and fails', needs('posix'), async () => {
  // The pipe is nearly full before: it holds 64 KiB. A child process of Node would have a socket.
  const before = 'head -c 65000 /dev/zero';
  const slowly = `{ ${before}; "$@"; echo "exit code $?" >&2; } | { sleep 1; exec cat; }`;
  const { stdout, stderr } = await promisify(execFile)(
    '/bin/sh',
    ['-c', slowly, 'sh', process.execPath, main],
    {
      env: { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1', INPUT_SERVICES: services.join('\n') },
      maxBuffer: 2 ** 24,
    },
  );
  const said = stdout.split('\n').filter((line) => line.startsWith('- `services`, line '));
  expect(said).toHaveLength(services.length);
  expect(said.at(-1)).toContain('line 97, ');
  expect(stderr).toBe('exit code 1\n');
});
