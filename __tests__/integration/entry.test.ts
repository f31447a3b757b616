import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { needs } from '../requirements.ts';

const main = new URL('../../src/entry/main.ts', import.meta.url).pathname;

const services = Array.from(
  { length: 97 },
  (_, index) => `- { type: identity, ${'x'.repeat(99)}${index}: 1 }`,
);

it('says everything to a reader that is slow, and fails', needs('posix'), async () => {
  // A pipe holds 64 KiB, and nearly as much is in it before; Node's own children would have a
  // socket instead.
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
  const said = stdout.split('\n').filter((line) => line.startsWith('- `services`: line '));
  expect(said).toHaveLength(services.length);
  expect(said.at(-1)).toContain('line 97, ');
  expect(stderr).toBe('exit code 1\n');
});
