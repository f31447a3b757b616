/**
 * Preloaded into the processes of a step by `node --import`. Reports every change of a file below the
 * runner's folder and every start of a program as an event, right after it happened, and stops the
 * step at the chosen event. All operations are the real ones.
 */
import childProcess from 'node:child_process';
import fs, { existsSync, readFileSync } from 'node:fs';
import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { appendEvent, labelOf, type ProbeFile, settingsOf } from './events.ts';
import { stop } from './stop.ts';

type Call = (...args: unknown[]) => unknown;

const [, program = '', , , executable = '', command = ''] = process.argv;

/** Which program of a step this is; undefined for any other. */
function roleOf(): string | undefined {
  if (program.endsWith('/dist/main.js')) return 'main';
  if (program.endsWith('/dist/post.js')) return 'post';
  if (!program.endsWith('/testbed/tbot/main.ts')) return undefined;
  return command === 'version' ? 'version' : 'tbot';
}

const role = roleOf();
const parent = process.ppid;
// tbot has an environment of its own, so it finds the runner by its own path.
const inside = role === 'main' || role === 'post' ? (process.env['RUNNER_TEMP'] ?? '') : executable;
const root = inside.split('/_work/')[0] ?? '';
const path = settingsOf(root);

async function listen(settings: ProbeFile): Promise<void> {
  const counts = new Map<string, number>();
  let waiting = false;
  const fire = (operation: string, changed: unknown): void => {
    const place = operation === 'spawn' ? basename(String(changed)) : below(changed);
    if (place === undefined || place === '') return;
    const name = `${role}: ${operation} ${labelOf(place)}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const label = `${name} #${count}`;
    appendEvent(settings.log, label);
    if (label === settings.event) waiting = true;
    // tbot is the child of the main step: the launcher replaces itself. It may outlive that step.
    const pid = role === 'main' || role === 'post' ? process.pid : parent;
    if (process.ppid !== parent) waiting = false;
    if (waiting) waiting = !stop(settings.way ?? 'SIGKILL', { pid, root, log: settings.log });
  };
  watchFunctions(fire);
  await watchHandles(fire);
  syncBuiltinESMExports();
  if (role === 'tbot' || role === 'version') fire('start', `${root}/program`);
}

/** Returns a path below the runner's folder, relative to it. */
function below(changed: unknown): string | undefined {
  const text = String(changed);
  return text.startsWith(`${root}/`) ? text.slice(root.length + 1) : undefined;
}

type Fire = (operation: string, path: unknown) => void;

/** Functions whose first or second argument is the path that they change. */
const changing: Readonly<Record<string, 0 | 1>> = {
  mkdir: 0,
  unlink: 0,
  rm: 0,
  rmdir: 0,
  chmod: 0,
  writeFile: 0,
  appendFile: 0,
  rename: 1,
  link: 1,
  symlink: 1,
  copyFile: 1,
};

function watchFunctions(fire: Fire): void {
  for (const [name, index] of Object.entries(changing)) {
    const done = (args: readonly unknown[]): void => fire(name, args[index]);
    wrap(promises, name, done);
    wrap(fs, `${name}Sync`, done);
  }
  wrap(childProcess, 'spawn', ([file]) => fire('spawn', file));
}

const paths = new WeakMap<object, unknown>();

async function watchHandles(fire: Fire): Promise<void> {
  const handle = await promises.open('/dev/null');
  const prototype: object = Object.getPrototypeOf(handle);
  await handle.close();
  wrap(promises, 'open', ([file, flags], opened) => {
    if (typeof opened !== 'object' || opened === null || !writes(flags)) return;
    paths.set(opened, file);
    fire('open', file);
  });
  for (const name of ['write', 'writeFile', 'sync', 'chmod'] satisfies (keyof FileHandle)[])
    wrap(prototype, name, (_, __, self) => fire(`${name} in`, paths.get(self)));
}

function writes(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & 3) !== 0;
  return typeof flags === 'string' && /[wax+]/.test(flags);
}

/** Counts calls within calls: `appendFileSync` calls `writeFileSync`. */
let depth = 0;

function attempt(call: () => unknown): unknown {
  try {
    return call();
  } finally {
    depth -= 1;
  }
}

async function after(result: Promise<unknown>, done: (value: unknown) => void): Promise<unknown> {
  const value = await result;
  done(value);
  return value;
}

/** Calls `done` after each call of a function that did not fail. */
function wrap(
  holder: object,
  name: string,
  done: (args: readonly unknown[], result: unknown, self: object) => void,
): void {
  const original: Call = Reflect.get(holder, name);
  const wrapped = function (this: object, ...args: unknown[]): unknown {
    depth += 1;
    const result = attempt(() => original.apply(this, args));
    if (!(result instanceof Promise)) {
      if (depth === 0) done(args, result, this);
      return result;
    }
    return after(result, (value) => done(args, value, this));
  };
  Reflect.set(holder, name, wrapped);
}

if (role !== undefined && existsSync(path)) await listen(JSON.parse(readFileSync(path, 'utf8')));
