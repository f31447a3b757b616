import { chown, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/ci/port.ts';
import { scrub } from '../../src/scrub.ts';
import { markProcess } from '../../src/workdir/processes.ts';
import { changeMarker, writeToWorkdir } from '../../src/workdir/workdir.ts';
import { recordingCi, type Said } from '../recording.ts';
import { needs } from '../requirements.ts';
import { idle, nobody, runnerFolders } from './workdir.fixture.ts';

const runner = runnerFolders();
const fake = 'machine-id-0011223344556677';

/** Runs ./scrub; returns its calls. */
async function scrubbed(destination?: string, env: Environment = {}): Promise<readonly Said[]> {
  const inputs = destination === undefined ? {} : { 'destination-dir': destination };
  const { ci, said } = recordingCi({ inputs, env: runner.env(env) });
  await scrub(ci);
  return said;
}

/** Creates the private directory of a call that exported TELEPORT_PROXY. */
async function call(position = 1, value = 'a:443', before = ''): Promise<string> {
  const { path, marker } = await runner.workdir();
  const exported = [{ name: 'TELEPORT_PROXY', value, before }];
  await changeMarker(path, { ...marker, exported, position });
  await writeToWorkdir(path, 'key', 'secret');
  return path;
}

function refuse(): never {
  throw new Error('Missing file at path: /github/env');
}

const remaining = async (): Promise<readonly string[]> => (await readdir(runner.temp)).toSorted();

describe('./scrub without `destination-dir`', () => {
  it('cleans up after all calls of this job, and sets each variable once', async () => {
    await call(1, 'a:443', 'before:443');
    await call(2, 'b:443', 'a:443');
    await call(3, 'c:443', 'b:443');
    expect(await scrubbed(undefined, { TELEPORT_PROXY: 'c:443' })).toEqual([
      ['exportVariable', 'TELEPORT_PROXY', 'before:443'],
      ['info', 'Removed 6 files and restored TELEPORT_PROXY.'],
    ]);
    expect(await remaining()).toEqual([]);
  });

  it('finds nothing the second time', async () => {
    await call();
    await scrubbed();
    expect(await scrubbed()).toEqual([['info', 'Nothing to clean up.']]);
    expect(await scrubbed('')).toEqual([['info', 'Nothing to clean up.']]);
  });

  it('keeps everything that is not a private directory of this job', async () => {
    const other = await runner.workdir({ GITHUB_JOB: 'deploy' });
    await mkdir(join(runner.temp, 'machine-id-0000000000000000'));
    await writeFile(join(runner.temp, fake), '');
    const elsewhere = `${runner.temp}-elsewhere`;
    await mkdir(elsewhere);
    await changeMarker(elsewhere, (await runner.workdir()).marker);
    await symlink(elsewhere, join(runner.temp, 'machine-id-1111111111111111'));
    expect(await scrubbed()).toEqual([['info', 'Removed 1 file.']]);
    expect(await remaining()).toEqual(
      [
        basename(other.path),
        'machine-id-0000000000000000',
        'machine-id-1111111111111111',
        fake,
      ].toSorted(),
    );
    expect(await readdir(elsewhere)).toHaveLength(1);
  });

  it('keeps a directory with a damaged marker, and warns', async () => {
    const path = await call();
    await writeFile(join(path, '.machine-id-action.json'), '{');
    expect(await scrubbed()).toEqual([
      ['warning', 'machine-id-action: leftover', expect.stringContaining('its job is unknown')],
    ]);
    expect(await remaining()).toEqual([basename(path)]);
  });

  it('stops the processes of the calls', async () => {
    const { path, marker } = await runner.workdir();
    const { pid, exited } = await runner.start(idle);
    await changeMarker(path, { ...marker, processes: [await markProcess(pid)] });
    expect(await scrubbed()).toEqual([['info', `Removed 1 file and stopped process ${pid}.`]]);
    expect(await exited).toEqual([null, 'SIGTERM']);
  });

  it('stops the processes of all calls at once', async () => {
    const stubborn = await runner.start(
      `process.on('SIGTERM', () => {}).on('SIGUSR2', () => process.exit(7)); ${idle}`,
    );
    const second = await runner.start(
      `process.on('SIGTERM', () => { process.kill(${stubborn.pid}, 'SIGUSR2'); process.exit(); }); ${idle}`,
    );
    for (const [index, { pid }] of [stubborn, second].entries()) {
      const { path, marker } = await runner.workdir();
      const processes = [await markProcess(pid)];
      await changeMarker(path, { ...marker, position: index + 1, processes });
    }
    expect(await scrubbed()).toEqual([
      ['info', `Removed 2 files and stopped processes ${stubborn.pid} and ${second.pid}.`],
    ]);
    // It was not killed, because the second process received its signal in time.
    expect(await stubborn.exited).toEqual([7, null]);
  });

  it('reports that the credentials had already expired', async () => {
    const { path, marker } = await runner.workdir();
    const expiresAt = new Date(Date.now() - 90_000).toISOString();
    await changeMarker(path, { ...marker, expiresAt });
    expect((await scrubbed()).at(-1)).toEqual([
      'notice',
      'machine-id-action: ttl',
      expect.stringContaining('The credentials expired 1 minute before this step'),
    ]);
  });

  it('fails if the variables cannot be restored', async () => {
    await call();
    const { ci, said } = recordingCi({ env: runner.env({ TELEPORT_PROXY: 'a:443' }) });
    await scrub({ ...ci, exportVariable: refuse });
    expect(said).toEqual([
      ['info', 'Removed 2 files.'],
      ['fail', 'machine-id-action: leftover', expect.stringContaining('Missing file at path')],
    ]);
    expect(await remaining()).toEqual([]);
  });

  it('fails if RUNNER_TEMP is not set', async () => {
    expect(await scrubbed(undefined, { RUNNER_TEMP: '' })).toEqual([
      ['fail', 'machine-id-action: platform', expect.stringContaining('RUNNER_TEMP is not set')],
    ]);
  });
});

describe('./scrub with `destination-dir`', () => {
  it.each(['', '/', '/identity', '/identity/key', '//identity/./', '/absent/file'])(
    'cleans up after the call with the private directory that contains it: %j',
    async (below) => {
      const [path, other] = [await call(1, 'a:443'), await call(2, 'b:443', 'a:443')];
      expect(await scrubbed(`${path}${below}`, { TELEPORT_PROXY: 'b:443' })).toEqual([
        ['info', 'Removed 2 files.'],
      ]);
      expect(await remaining()).toEqual([basename(other)]);
      // The marker of the other call no longer names a value of the removed call.
      expect(await scrubbed(other, { TELEPORT_PROXY: 'b:443' })).toEqual([
        ['exportVariable', 'TELEPORT_PROXY', ''],
        ['info', 'Removed 2 files and cleared TELEPORT_PROXY.'],
      ]);
    },
  );

  it('stops only the processes of that call', async () => {
    const processes = [await runner.start(idle), await runner.start(idle)] as const;
    const paths: string[] = [];
    for (const { pid } of processes) {
      const { path, marker } = await runner.workdir();
      await changeMarker(path, { ...marker, processes: [await markProcess(pid)] });
      paths.push(path);
    }
    const [first, second] = processes;
    expect(await scrubbed(paths[0])).toEqual([
      ['info', `Removed 1 file and stopped process ${first.pid}.`],
    ]);
    expect(await first.exited).toEqual([null, 'SIGTERM']);
    expect(second.child.signalCode).toBeNull();
    expect(await scrubbed(paths[1])).toEqual([
      ['info', `Removed 1 file and stopped process ${second.pid}.`],
    ]);
  });

  it('accepts RUNNER_TEMP as it is written, even if it is a link', async () => {
    const link = `${runner.temp}-link`;
    await symlink(runner.temp, link);
    const path = await call();
    const said = await scrubbed(join(link, basename(path), 'identity'), { RUNNER_TEMP: link });
    expect(said).toEqual([['info', 'Removed 2 files.']]);
    expect(await remaining()).toEqual([]);
  });

  it('succeeds if the directory no longer exists', async () => {
    const kept = await call();
    const path = join(runner.temp, fake, 'identity');
    expect(await scrubbed(path)).toEqual([['info', 'Nothing to clean up.']]);
    expect(await remaining()).toEqual([basename(kept)]);
  });

  it.each([
    '/',
    '/etc',
    '.',
    'identity',
    `/${fake}/identity`,
    '$TEMP',
    '$TEMP/other',
    '$TEMP/machine-id-xyz',
    '$TEMP/identity/$OWN',
    '$TEMP/$OWN/..',
    '$TEMP/$OWN/../other',
    '$TEMP/../$TEMP/$OWN',
    '$TEMP/$OWN\n/',
  ])('removes nothing, and fails with %j', async (form) => {
    const own = basename(await call());
    const path = form.replaceAll('$TEMP', runner.temp).replaceAll('$OWN', own);
    expect(await scrubbed(path)).toEqual([
      ['fail', 'machine-id-action: inputs', expect.stringContaining('destination-dir')],
    ]);
    expect(await remaining()).toEqual([own]);
  });

  const foreign: readonly (readonly [string, () => Promise<string>])[] = [
    ['of another job', async () => (await runner.workdir({ GITHUB_JOB: 'deploy' })).path],
    ['of another attempt', async () => (await runner.workdir({ GITHUB_RUN_ATTEMPT: '2' })).path],
    [
      'that is a link to one of this job',
      async () => {
        await symlink(await call(), join(runner.temp, fake));
        return join(runner.temp, fake);
      },
    ],
    [
      'that is a file',
      async () => {
        await writeFile(join(runner.temp, fake), '');
        return join(runner.temp, fake);
      },
    ],
    [
      'without a marker',
      async () => {
        const path = await call();
        await rm(join(path, '.machine-id-action.json'));
        return path;
      },
    ],
  ];

  it.each(foreign)('removes nothing, and fails with a directory %s', async (_, create) => {
    const path = await create();
    const before = await remaining();
    expect(await scrubbed(join(path, 'identity'))).toEqual([
      [
        'fail',
        'machine-id-action: inputs',
        expect.stringContaining('is not a private directory of this job'),
      ],
    ]);
    expect(await remaining()).toEqual(before);
  });

  it(
    'removes nothing of another user, even if the marker names this job',
    needs('root'),
    async () => {
      const path = await call();
      await chown(path, nobody, nobody);
      expect((await scrubbed(path)).map(([what]) => what)).toEqual(['fail']);
      expect(await scrubbed()).toEqual([['info', 'Nothing to clean up.']]);
      expect(await readdir(path)).toContain('key');
    },
  );

  it('suggests the name of a mistyped input', async () => {
    const { ci, said } = recordingCi({ inputs: { 'destination-dirs': 'x' }, env: runner.env() });
    await scrub(ci);
    expect(said.map(([what, , text]) => [what, text])).toEqual([
      ['fail', expect.stringContaining('did you mean `destination-dir`?')],
    ]);
  });
});
