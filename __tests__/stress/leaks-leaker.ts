/**
 * Stands in for the action and leaks the input `secret` through the channel that the input `channel`
 * names, in every form. Its encoders are not those of the hunt.
 */
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const {
  INPUT_SECRET: secret = '',
  INPUT_CHANNEL: channel = '',
  RUNNER_TEMP: temp = '',
} = process.env;
const around = (before: string): Buffer => Buffer.from(`${before}${secret}..`);
const leaks = [
  `plain ${secret}`,
  `part ${secret.slice(2, 30)}`,
  `base64 ${around('').toString('base64')}`,
  `base64 ${around('x').toString('base64')}`,
  `base64 ${around('xy').toString('base64')}`,
  `base64url ${around('').toString('base64url')}`,
  `hex ${around('x').toString('hex')}`,
  `HEX ${around('x').toString('hex').toUpperCase()}`,
  `uri ${encodeURIComponent(secret)}`,
  `json ${JSON.stringify({ secret })}`,
];
const text = leaks.join('\n');
const folders: Readonly<Record<string, string | undefined>> = {
  temp,
  home: process.env['HOME'],
  cache: process.env['RUNNER_TOOL_CACHE'],
  workspace: process.env['GITHUB_WORKSPACE'],
  'current folder': process.cwd(),
};

function lines(variable: string, lineOf: (leak: string, index: number) => string): void {
  appendFileSync(
    process.env[variable] ?? '',
    leaks.map((leak, index) => `${lineOf(leak, index)}\n`).join(''),
  );
}

function envOf(): Record<string, string> {
  return Object.fromEntries(leaks.map((leak, index) => [`LEAK_${index}`, leak]));
}

/** Writes the file and removes it at once. */
function briefly(path: string): void {
  writeFileSync(path, text);
  rmSync(path);
}

const ways: Readonly<Record<string, () => unknown>> = {
  stdout: () => process.stdout.write(`${text}\n`),
  stderr: () => process.stderr.write(`${text}\n`),
  debug: () =>
    process.stdout.write(leaks.map((leak) => `::debug::${leak.replaceAll('%', '%25')}\n`).join('')),
  annotation: () =>
    process.stdout.write(`::error::${text.replaceAll('%', '%25').replaceAll('\n', '%0A')}\n`),
  summary: () => lines('GITHUB_STEP_SUMMARY', (leak) => leak),
  output: () => lines('GITHUB_OUTPUT', (leak, index) => `out-${index}=${leak}`),
  env: () => lines('GITHUB_ENV', (leak, index) => `ENV_${index}=${leak}`),
  state: () => lines('GITHUB_STATE', (leak, index) => `state-${index}=${leak}`),
  path: () => lines('GITHUB_PATH', (leak) => leak),
  arguments: () => once(spawn('true', leaks), 'close'),
  'arguments of a shell': () => spawnSync('true', leaks, { shell: true }),
  environment: () => once(spawn('true', [], { env: envOf() }), 'close'),
  'environment, synchronous': () => spawnSync('true', [], { env: envOf() }),
  'file elsewhere': () => briefly(join(tmpdir(), `leak-${process.pid}`)),
  'file by a handle': async () => {
    const path = join(temp, 'handle');
    await using file = await open(path, 'w');
    await file.writev(leaks.map((leak) => Buffer.from(leak)));
    rmSync(path);
  },
  'file from the private directory': () => {
    const home = join(temp, 'machine-id-0123456789abcdef');
    mkdirSync(home);
    writeFileSync(join(home, 'key'), text);
    renameSync(join(home, 'key'), join(temp, 'key'));
    rmSync(join(temp, 'key'));
    rmSync(home, { recursive: true });
  },
  'file that stays': () => writeFileSync(join(temp, 'stays'), text),
  'file name': () =>
    leaks.filter((leak) => !leak.includes('/')).forEach((leak) => briefly(join(temp, leak))),
  post: () =>
    process.env['STATE_post'] === 'yes'
      ? process.stdout.write(`${text}\n`)
      : appendFileSync(process.env['GITHUB_STATE'] ?? '', 'post=yes\n'),
  ...Object.fromEntries(
    Object.entries(folders).map(([name, folder = '']) => [
      `file in ${name}`,
      () => briefly(join(folder, 'leak')),
    ]),
  ),
};
await ways[channel]?.();
