/**
 * Loaded by `--import` into the action's processes and into the stand-in tbot, before anything else.
 * Appends a line of JSON for every process that this one starts and for everything that it writes to
 * files, to a file of its own below the folder that the query `record` names.
 *
 * It sees all of them, because it stands between the JavaScript of Node and its native code: each of
 * spawn, exec, fork and their synchronous forms, and each function of `fs` and its promises, calls
 * these few functions. It is synchronous, so nothing is lost when a process is killed. The tests prove
 * both with a program that leaks (leaks-leaker.ts).
 */
import { appendFileSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

type Native = (this: unknown, ...args: unknown[]) => unknown;
type Binding = Record<string, Native>;

const folder = new URL(import.meta.url).searchParams.get('record') ?? '';
const file = join(folder, `${process.pid}-${process.hrtime.bigint()}.jsonl`);
let busy = false;

function note(entry: () => object): void {
  if (busy) return;
  busy = true;
  try {
    appendFileSync(file, `${JSON.stringify(entry())}\n`);
  } finally {
    busy = false;
  }
}

/** Calls `before` with the arguments of every call. */
function observe(target: Binding, name: string, before: (...args: unknown[]) => void): void {
  const native = target[name];
  if (native === undefined) throw new Error(`this Node has no ${name}`);
  target[name] = function observed(...args) {
    before(...args);
    return Reflect.apply(native, this, args);
  };
}

function textOf(data: unknown): string {
  if (Array.isArray(data)) return data.map(textOf).join('');
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1')
    : String(data);
}

function pathOf(target: unknown): string {
  if (typeof target !== 'number') return textOf(target);
  try {
    return readlinkSync(`/proc/self/fd/${target}`);
  } catch {
    return `descriptor ${target}`;
  }
}

const write = (target: unknown, data: unknown): void =>
  note(() => ({ kind: 'write', path: pathOf(target), data: textOf(data) }));

/** A file that gets another name or a copy, with what is in it. */
const copy = (from: unknown, to: unknown): void =>
  note(() => ({ kind: 'write', path: textOf(to), data: contentOf(textOf(from)) }));

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

// The only way to the native functions that does not need a flag.
// oxlint-disable-next-line typescript/no-deprecated, typescript/no-unsafe-type-assertion
const native = (process as unknown as { binding(name: string): Binding }).binding.bind(process);

const files = native('fs');
for (const name of ['writeBuffer', 'writeBuffers', 'writeString', 'writeFileUtf8'])
  observe(files, name, write);
for (const name of ['copyFile', 'rename', 'link']) observe(files, name, copy);
for (const name of ['mkdir', 'open', 'openFileHandle'])
  observe(files, name, (path) => note(() => ({ kind: 'open', path: textOf(path) })));
observe(files, 'symlink', (target, path) => write(path, target));

const start = (...args: unknown[]): void => note(() => ({ kind: 'start', ...invocationOf(args) }));

/** `file, arguments, folder, environment ...`, or an object with the same. */
function invocationOf(given: readonly unknown[]): object {
  const [first] = given;
  if (typeof first !== 'object' || first === null)
    return { argv: [textOf(first), ...listOf(given[1])], env: listOf(given[3]) };
  const { file: path, args, envPairs }: Record<string, unknown> = { ...first };
  return { argv: [textOf(path), ...listOf(args)], env: listOf(envPairs) };
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { Process } = native('process_wrap') as unknown as { Process: { prototype: Binding } };
observe(Process.prototype, 'spawn', start);
observe(native('spawn_sync'), 'spawn', start);

note(() => ({ kind: 'process', argv: process.argv, env: Object.entries(process.env).map(pair) }));

function pair([name, value = '']: [string, string | undefined]): string {
  return `${name}=${value}`;
}
