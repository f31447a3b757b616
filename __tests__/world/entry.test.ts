import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const main = new URL('../../src/entry/main.ts', import.meta.url).pathname;

const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(97 + index));

/** So many misspelt inputs that what is said of them is more than a pipe holds (64 KiB). */
const misspelt = ['certificate-ttl', 'credential-ttl'].flatMap((name) =>
  letters.flatMap((one) => letters.map((other) => `${name}${one}${other}`)),
);

it.skipIf(process.platform === 'win32')(
  'says everything to a reader that is slow, and fails (not on Windows)',
  async () => {
    // The shell itself would drop variables with a `-`; `env` gives them to the program.
    const inputs = misspelt.map((name) => `INPUT_${name.toUpperCase()}=x`);
    // The reader sleeps until the pipe is full; Node's own children would have a socket instead.
    const slowly = '{ env "$@"; echo "exit code $?" >&2; } | { sleep 1; exec cat; }';
    const { stdout, stderr } = await promisify(execFile)(
      '/bin/sh',
      ['-c', slowly, 'sh', ...inputs, process.execPath, main],
      { env: { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1' }, maxBuffer: 2 ** 24 },
    );
    const said = stdout.split('\n');
    expect(said.filter((line) => line.includes('there is no such input'))).toHaveLength(1352);
    expect(said.at(-2)).toContain('is needed');
    expect(stderr).toBe('exit code 1\n');
  },
);
