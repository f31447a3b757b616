import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Order, Program } from './install/archive.ts';
import { version } from './install/archive.ts';
import type { Outcome, Task } from './install/contestant.ts';
import type { Served, Speed } from './install/server.ts';
import { median } from './measure.ts';

const execute = promisify(execFile);
const script = new URL('install/contestant.ts', import.meta.url).pathname;
const archive = `teleport-v${version}-linux-amd64-bin.tar.gz`;

/** Runs a task in a process with a new temporary folder and, unless one is given, a new tool cache. */
async function run(task: Task, caFile: string, cache?: string): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-install-'));
  try {
    const env = {
      PATH: '/usr/bin:/bin',
      NODE_NO_WARNINGS: '1',
      NODE_EXTRA_CA_CERTS: caFile,
      RUNNER_TEMP: folder,
      RUNNER_TOOL_CACHE: cache ?? join(folder, 'cache'),
    };
    const { stdout } = await execute(process.execPath, [script, JSON.stringify(task)], { env });
    return JSON.parse(/^outcome (.*)$/m.exec(stdout)?.[1] ?? '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Contestant {
  readonly name: string;
  readonly task: Task;
  readonly cache?: string;
}

/** Runs the contestants in turns, so that other load affects all of them, and prints medians. */
async function race(
  title: string,
  rounds: number,
  caFile: string,
  list: readonly Contestant[],
): Promise<void> {
  const all = list.map((): Outcome[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, { task, cache }] of list.entries())
      all[index]?.push(await run(task, caFile, cache));
  console.log(`\n${title}`);
  const times = all.map((outcomes) => median(outcomes.map(({ milliseconds }) => milliseconds)));
  for (const [index, { name }] of list.entries()) {
    const peak = Math.max(...(all[index] ?? []).map(({ peakMegabytes }) => peakMegabytes));
    const written = median((all[index] ?? []).map(({ writtenMegabytes }) => writtenMegabytes));
    const faster = ((times[0] ?? 0) / (times[index] ?? 1)).toFixed(2);
    console.log(
      `  ${(times[index] ?? 0).toFixed(0).padStart(6)} ms  ${faster.padStart(6)} times as fast  ${peak.toFixed(0).padStart(4)} MB peak  ${written.toFixed(0).padStart(4)} MB written  ${name}`,
    );
  }
}

/** Compares installing tbot from image and archive with the functions of @actions/tool-cache. */
export async function benchInstall(rounds = 5): Promise<void> {
  await withServer(async (served, folder) => {
    for (const order of ['first', 'middle', 'last'] as const)
      await race(`Unlimited, tbot ${order}`, rounds, served.caFile, [
        baseline(served, 'unlimited', order),
        ...(order === 'last' ? images(served, 'unlimited') : []),
        viaAction(served, 'unlimited', order),
        floor(served, 'unlimited', order),
      ]);
    await race('50 MB/s, tbot last', 3, served.caFile, [
      baseline(served, 'throttled', 'last'),
      ...images(served, 'throttled'),
      viaAction(served, 'throttled', 'last'),
    ]);
    await warm(served, folder);
    await crowd(served, folder);
  });
}

/** Compares ./setup with the functions of @actions/tool-cache, for all three programs. */
export async function benchSetup(rounds = 5): Promise<void> {
  const tools = ['tsh', 'tctl'] as const;
  await withServer(async (served) =>
    race('./setup: tbot, tsh and tctl, unlimited', rounds, served.caFile, [
      baseline(served, 'unlimited', 'last'),
      viaAction(served, 'unlimited', 'last', tools),
      floor(served, 'unlimited', 'last', ['tbot', ...tools]),
    ]),
  );
}

/** Starts the server with the release in a process of its own. */
async function withServer(work: (served: Served, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-install-site-'));
  const server = fork(new URL('install/server.ts', import.meta.url), [folder], {
    env: { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1' },
  });
  try {
    const [served]: Served[] = await once(server, 'message');
    if (!served) throw new Error('the server sent no message');
    const { archive: whole, layer } = served.bytes;
    console.log(
      `\nArchive: ${(whole / 1e6).toFixed(0)} MB; the image's layer: ${(layer / 1e6).toFixed(0)} MB`,
    );
    await work(served, folder);
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function baseline({ archives }: Served, speed: Speed, order: Order): Contestant {
  const url = `${archives[speed]}/${order}/${archive}`;
  return { name: 'downloadTool, extractTar, cacheDir', task: { kind: 'baseline', url } };
}

function viaAction(
  { archives }: Served,
  speed: Speed,
  order: Order,
  tools?: readonly ('tsh' | 'tctl')[],
): Contestant {
  const mirror = `${archives[speed]}/${order}`;
  return {
    name: 'this action, archive',
    task: { kind: 'action', from: 'archive', mirror, cached: false, ...(tools && { tools }) },
  };
}

function floor(
  { archives, ranges }: Served,
  speed: Speed,
  order: Order,
  programs: readonly Program[] = ['tbot'],
): Contestant {
  const url = `${archives[speed]}/${order}/${archive}`;
  const task: Task = { kind: 'floor', url, programs: programs.map((name) => ranges[order][name]) };
  return { name: 'lower bound for the archive: no tar, no checks', task };
}

function images({ images: repositories, layer, layerRange }: Served, speed: Speed): Contestant[] {
  const mirror = repositories[speed];
  const [host = '', repository = ''] = mirror.split('/');
  const url = `https://${host}/v2/${repository}/blobs/${layer}`;
  const authorization = 'Bearer anonymous-token-of-the-testbed';
  return [
    { name: 'this action, image', task: { kind: 'action', from: 'image', mirror, cached: false } },
    {
      name: 'lower bound for the image: its layer only',
      task: { kind: 'floor', url, programs: [layerRange], authorization },
    },
  ];
}

async function warm(served: Served, folder: string): Promise<void> {
  const cache = join(folder, 'warm');
  const mirror = served.images.unlimited;
  const task = { kind: 'action', from: 'image', mirror } as const;
  await run({ ...task, cached: false }, served.caFile, cache);
  const file = join(cache, 'tbot', version, 'x64', 'tbot');
  await race('Warm', 9, served.caFile, [
    { name: 'SHA-256 of the file only', task: { kind: 'sha256', file } },
    {
      name: 'tool cache hit with SHA-256 and `tbot version`',
      task: { ...task, cached: true },
      cache,
    },
  ]);
}

/** Runs 16 installations at once with one tool cache and prints the files in it. */
async function crowd(served: Served, folder: string): Promise<void> {
  const cache = join(folder, 'crowd');
  const task: Task = {
    kind: 'action',
    from: 'image',
    mirror: served.images.unlimited,
    cached: false,
  };
  const start = performance.now();
  const outcomes = await Promise.all(
    Array.from({ length: 16 }, () => run(task, served.caFile, cache)),
  );
  const left = await readdir(join(cache, 'tbot', version, 'x64'));
  const kept = left.map((name) => name.replace(/[0-9a-f]{64}/, '<sha256>')).join(', ');
  console.log(
    `\n16 installations at once: ${outcomes.length} succeeded in ${(performance.now() - start).toFixed(0)} ms; in the tool cache: ${kept}`,
  );
}
