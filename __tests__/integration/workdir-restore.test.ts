import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanUp } from '../../src/cleanup.ts';
import { callsOf } from '../../src/workdir/calls.ts';
import type { ExportedVariable, Marker } from '../../src/workdir/marker.ts';
import { correctLaterCalls, restoredVariables } from '../../src/workdir/restore.ts';
import { changeMarker, type Workdir } from '../../src/workdir/workdir.ts';
import { recordingCi } from '../recording.ts';
import { runnerFolders } from './workdir.fixture.ts';

const runner = runnerFolders();

function variable(changes: Partial<ExportedVariable> = {}): ExportedVariable {
  return { name: 'TELEPORT_PROXY', value: 'a:443', before: '', ...changes };
}

function kubeconfig(value: string, before: string): ExportedVariable {
  return { name: 'KUBECONFIG', value, before };
}

function marker(...exported: readonly ExportedVariable[]): Marker {
  return { job: '', processes: [], exported, position: 1 };
}

/** Creates the private directory of a call at a position of the job. */
async function call(position: number, ...exported: readonly ExportedVariable[]): Promise<Workdir> {
  const { path, marker: created } = await runner.workdir();
  return changeMarker(path, { ...created, exported, position });
}

const callsOfJob = async (): Promise<readonly Workdir[]> =>
  (await callsOf(runner.ci().job.key, runner.temp)).own;

describe('restoredVariables', () => {
  it('clears a variable that still has the exported value', async () => {
    expect(await restoredVariables(marker(variable()), [], { TELEPORT_PROXY: 'a:443' })).toEqual([
      { name: 'TELEPORT_PROXY', value: '' },
    ]);
  });

  it('restores the previous value', async () => {
    const removed = marker(variable({ before: 'b:443' }));
    expect(await restoredVariables(removed, [], { TELEPORT_PROXY: 'a:443' })).toEqual([
      { name: 'TELEPORT_PROXY', value: 'b:443' },
    ]);
  });

  it('skips a variable that already has the previous value', async () => {
    const removed = marker(variable({ before: 'a:443' }));
    expect(await restoredVariables(removed, [], { TELEPORT_PROXY: 'a:443' })).toEqual([]);
  });

  it.each([{ TELEPORT_PROXY: 'c:443' }, { TELEPORT_PROXY: '' }, {}])(
    'skips a variable that has changed since: %j',
    async (env) => {
      const removed = marker(variable({ before: 'b:443' }));
      expect(await restoredVariables(removed, [], env)).toEqual([]);
    },
  );

  it('restores a path in another private directory only while that exists', async () => {
    const { path } = await runner.workdir();
    const before = join(path, 'identity', 'identity');
    const removed = marker(variable({ name: 'TELEPORT_IDENTITY_FILE', value: '/mine', before }));
    const env = { TELEPORT_IDENTITY_FILE: '/mine' };
    expect(await restoredVariables(removed, [], env)).toEqual([
      { name: 'TELEPORT_IDENTITY_FILE', value: before },
    ]);
    await rm(path, { recursive: true });
    expect(await restoredVariables(removed, [], env)).toEqual([
      { name: 'TELEPORT_IDENTITY_FILE', value: '' },
    ]);
  });

  it('restores those of several paths that exist', async () => {
    const { path } = await runner.workdir();
    const kept = [join(path, 'a', 'kubeconfig.yaml'), '/etc/kubeconfig'];
    const gone = join(runner.temp, 'machine-id-0011223344556677', 'kubeconfig.yaml');
    const before = [kept[0], gone, kept[1]].join(delimiter);
    const removed = marker(variable({ name: 'KUBECONFIG', value: '/mine', before }));
    expect(await restoredVariables(removed, [], { KUBECONFIG: '/mine' })).toEqual([
      { name: 'KUBECONFIG', value: kept.join(delimiter) },
    ]);
  });

  it('restores a path of the user that does not exist', async () => {
    const removed = marker(variable({ before: '/home/runner/identity' }));
    expect(await restoredVariables(removed, [], { TELEPORT_PROXY: 'a:443' })).toEqual([
      { name: 'TELEPORT_PROXY', value: '/home/runner/identity' },
    ]);
  });
});

describe('correctLaterCalls', () => {
  it('corrects only the next call, and keeps the rest of its marker', async () => {
    const first = await call(1, variable(), kubeconfig('/a', '/user'));
    const second = await call(2, variable({ before: 'a:443' }), kubeconfig('/b', '/a'));
    const third = await call(3, kubeconfig('/a', '/b'), variable({ before: 'a:443' }));
    await correctLaterCalls(first.marker, await callsOfJob());
    expect((await callsOfJob()).map(({ marker: { exported } }) => exported)).toEqual([
      first.marker.exported,
      [variable(), kubeconfig('/b', '/user')],
      third.marker.exported,
    ]);
    expect((await callsOfJob())[1]).toEqual({
      path: second.path,
      marker: { ...second.marker, exported: [variable(), kubeconfig('/b', '/user')] },
    });
  });

  it('changes nothing if a step has set the variable between two calls', async () => {
    const first = await call(1, kubeconfig('/a', '/user'));
    const second = await call(2, kubeconfig('/b', '/step'));
    const file = join(second.path, '.machine-id-action.json');
    const before = await readFile(file, 'utf8');
    await correctLaterCalls(first.marker, await callsOfJob());
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('does not change an earlier call, or one without a position', async () => {
    const earlier = await call(1, kubeconfig('/a', '/b'));
    const unknown = await call(0, kubeconfig('/c', '/b'));
    const { marker: removed } = await call(2, kubeconfig('/b', '/user'));
    await correctLaterCalls(removed, await callsOfJob());
    expect((await callsOfJob()).slice(0, 2)).toEqual([unknown, earlier]);
  });

  it('ignores a marker that cannot be written', async () => {
    const first = await call(1, kubeconfig('/a', '/user'));
    const second = await call(2, kubeconfig('/b', '/a'));
    const calls = await callsOfJob();
    await rm(second.path, { recursive: true });
    await writeFile(second.path, '');
    await correctLaterCalls(first.marker, calls);
    expect(await readFile(second.path, 'utf8')).toBe('');
  });
});

/** What happens to one variable during a job. */
type Event =
  | { readonly kind: 'call'; readonly value: 'p' | 'q' | undefined }
  | { readonly kind: 'step' }
  | { readonly kind: 'removal'; readonly index: number };

/** Mostly calls that set the variable, because removals need several of them. */
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('call' as const),
      value: fc.constantFrom<'p' | 'q' | undefined>('p', 'p', 'q', undefined),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('step' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('removal' as const), index: fc.nat(3) }),
  },
);

/** A value that is set; `path` is the private directory of the call that set it. */
interface Layer {
  readonly value: string;
  readonly path?: string;
}

/** A job with one variable. `layers` is what its value should be: that of the last one. */
class Job {
  readonly #env: Record<string, string | undefined> = runner.env({ KUBECONFIG: 'user' });
  #layers: readonly Layer[] = [{ value: 'user' }];
  #paths: readonly string[] = [];
  #steps = 0;

  get value(): string | undefined {
    return this.#env['KUBECONFIG'];
  }

  get expected(): string | undefined {
    return this.#layers.at(-1)?.value;
  }

  get paths(): readonly string[] {
    return this.#paths;
  }

  async call(value: string | undefined): Promise<void> {
    const exported = value === undefined ? [] : [kubeconfig(value, this.value ?? '')];
    const calls = await callsOfJob();
    const position = 1 + Math.max(0, ...calls.map(({ marker: of }) => of.position ?? 0));
    const { path } = await call(position, ...exported);
    this.#paths = [...this.#paths, path];
    if (value !== undefined) this.#set({ value, path });
  }

  step(): void {
    this.#steps += 1;
    this.#set({ value: `step ${this.#steps}` });
  }

  async remove(paths: readonly string[]): Promise<void> {
    const recording = recordingCi({ env: { ...this.#env } });
    await cleanUp({ paths, root: runner.temp, moment: 'this step' }, recording.ci);
    Object.assign(this.#env, recording.values('exportVariable'));
    this.#paths = this.#paths.filter((path) => !paths.includes(path));
    this.#layers = this.#layers.filter(({ path }) => path === undefined || !paths.includes(path));
  }

  #set(layer: Layer): void {
    this.#env['KUBECONFIG'] = layer.value;
    this.#layers = [...this.#layers, layer];
  }
}

async function play(job: Job, happens: Event): Promise<void> {
  switch (happens.kind) {
    case 'call':
      return job.call(happens.value);
    case 'step':
      return job.step();
    case 'removal': {
      // An index that names no call stands for all calls.
      const path = job.paths[happens.index];
      return job.remove(path === undefined ? job.paths : [path]);
    }
    default:
      return happens satisfies never;
  }
}

describe('calls of one job, removed in any order', () => {
  it('each variable has the value of the last remaining call, or the value from before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 4, maxLength: 10, size: 'max' }),
        async (events) => {
          const job = new Job();
          for (const one of events) {
            await play(job, one);
            expect(job.value).toBe(job.expected);
          }
          for (const path of job.paths.toReversed()) await job.remove([path]);
          expect(job.value).toBe(job.expected);
          expect(await readdir(runner.temp)).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });
});
