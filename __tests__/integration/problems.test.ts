import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHttpClient } from '../../src/http/client.ts';
import { checkNode } from '../../src/main.ts';
import { post } from '../../src/post.ts';
import { problemCodes } from '../../src/problem.ts';
import { report } from '../../src/report.ts';
import { scrub } from '../../src/scrub.ts';
import { explain, type JoinContext } from '../../src/tbot/diagnosis/explain.ts';
import { checkPlatform } from '../../src/background/platform.ts';
import type { Marker } from '../../src/workdir/marker.ts';
import { changeMarker, createWorkdir } from '../../src/workdir/workdir.ts';
import { type AzureDevops, startAzureDevops } from '../../testbed/azure-devops.ts';
import { startRegistry } from '../../testbed/registry.ts';
import { noFaults } from '../../testbed/faults.ts';
import { type Recording, recordingCi } from '../recording.ts';
import { gone, pidIn } from './background.fixture.ts';
import { mainFixture } from './main.fixture.ts';
import { type Diagnosed, diagnosed } from './problems-diagnosed.fixture.ts';
import { failedSteps } from './problems-steps.fixture.ts';
import { needs } from '../requirements.ts';

const fixture = mainFixture();
let folder: string;
let azureDevops: AzureDevops;
beforeAll(async () => {
  azureDevops = await startAzureDevops();
  folder = await mkdtemp(join(tmpdir(), 'problems-'));
});
afterAll(async () => {
  await azureDevops[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** One Problem as it is shown to the user. */
interface Shown {
  readonly code: string;
  readonly title: string;
  /** The annotation and the lines of the log. */
  readonly log: string;
  /** The job summary. */
  readonly summary: string;
}

const base: Omit<JoinContext, 'job'> = {
  endpoint: { kind: 'proxy', address: 'example.teleport.sh:443' },
  cluster: 'example.teleport.sh',
  token: 'example-bot',
  identity: { method: 'github' },
  tbotVersion: '18.2.4',
};

/** Returns the report of a failed tbot. */
async function explained(failure: Diagnosed): Promise<Recording> {
  const { testbed } = fixture;
  const { error, claims = {}, job = {} } = failure;
  const before = { ...testbed.github.claims };
  Object.assign(testbed.github.claims, claims);
  Object.assign(testbed.faults, noFaults(), failure.faults);
  const env = {
    GITHUB_EVENT_NAME: 'push',
    ...testbed.github.environment,
    ...testbed.imds.environment,
    ...azureDevops.environment,
    ...failure.env,
  };
  const recording = recordingCi({ env, job: { publicRepository: false, ...job } });
  const network = openHttpClient({ env: {}, extraCaFile: undefined });
  try {
    const { problem } = await explain(
      {
        exit: failure.exit ?? { kind: 'code', code: 1 },
        log: [...(failure.log ?? []), ...(error === undefined ? [] : [`ERROR: ${error}`])],
      },
      { ...base, job: recording.ci.job, ...failure.context },
      { env, network, mask: () => undefined, signal: new AbortController().signal },
    );
    await report(problem, recording.ci, true);
    return recording;
  } finally {
    network.close();
    Object.assign(testbed.github.claims, before);
  }
}

/** Returns the calls of the post step after the private directory was changed. */
async function postAfter(change: (path: string) => Promise<void>): Promise<Recording> {
  const env = { RUNNER_TEMP: fixture.temp };
  const main = recordingCi({ env });
  const { path } = await createWorkdir(main.ci);
  await writeFile(join(path, 'key'), '');
  await change(path);
  const recording = recordingCi({ env, state: main.values('saveState') });
  await post(recording.ci);
  await rm(path, { recursive: true, force: true });
  return recording;
}

/** Returns the calls of ./scrub on a runner that takes no variables, for a private directory. */
async function scrubAfter(
  change: (path: string, marker: Marker) => Promise<unknown>,
  destination: (path: string) => string,
): Promise<Recording> {
  const env = { RUNNER_TEMP: fixture.temp, [proxy.name]: proxy.value };
  const { path, marker } = await createWorkdir(recordingCi({ env }).ci);
  await writeFile(join(path, 'key'), '');
  await change(path, marker);
  const recording = recordingCi({ env, inputs: { 'destination-dir': destination(path) } });
  await scrub({ ...recording.ci, exportVariable: refuse });
  await rm(path, { recursive: true, force: true });
  return recording;
}

const proxy = { name: 'TELEPORT_PROXY', value: 'example.teleport.sh:443', before: '' };

function refuse(): never {
  throw new Error('Missing file at path: /github/env');
}

async function exportProxy(path: string, marker: Marker): Promise<void> {
  await changeMarker(path, { ...marker, exported: [proxy] });
}

async function giveAway(path: string, marker: Marker): Promise<void> {
  await changeMarker(path, { ...marker, job: 'another' });
}

async function scrubs(): Promise<readonly (readonly [title: string, Recording])[]> {
  return [
    ['scrub: not a private directory', await scrubAfter(exportProxy, () => '/etc')],
    ['scrub: a directory of another job', await scrubAfter(giveAway, (path) => path)],
    ['scrub: the private directory has no marker', await scrubAfter(removeMarker, () => '')],
    ['scrub: the variables cannot be restored', await scrubAfter(exportProxy, () => '')],
  ];
}

async function removeMarker(path: string): Promise<void> {
  for (const name of await readdir(path))
    if (name !== 'key') await rm(join(path, name), { recursive: true });
}

async function replaceByLink(path: string): Promise<void> {
  await rm(path, { recursive: true });
  await symlink(folder, path);
}

async function endedBeforePost(): Promise<Recording> {
  Object.assign(fixture.testbed.faults, noFaults());
  const begun = await fixture.begin({ inputs: { mode: 'background' } });
  process.kill(pidIn(begun), 'SIGKILL');
  await gone(pidIn(begun));
  return begun.end();
}

/** Returns the report of a check that fails. */
async function reportOf(check: () => void): Promise<Recording> {
  const recording = recordingCi();
  try {
    check();
  } catch (error) {
    await report(error, recording.ci, true);
  }
  return recording;
}

async function everything(): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  const add = (title: string, recording: Recording): void => {
    shown.push({ title, ...asShown(recording) });
  };
  add('runner: an older Node', await reportOf(() => checkNode('20.20.2')));
  add('runner: background mode on Windows', await reportOf(() => checkPlatform('win32')));
  add('runner: the private directory has no marker', await postAfter(removeMarker));
  add('runner: the private directory is a link', await postAfter(replaceByLink));
  const { downloads } = fixture.testbed;
  await using registry = await startRegistry({ certificate: undefined });
  const at = { temp: fixture.temp, folder, downloads, registry };
  for (const step of await failedSteps(at)) {
    Object.assign(fixture.testbed.faults, noFaults(), step.faults);
    add(step.title, await fixture.play(step));
  }
  add('tbot: it ended before the job did', await endedBeforePost());
  for (const failure of diagnosed) add(failure.title, await explained(failure));
  for (const [title, recording] of await scrubs()) add(title, recording);
  return shown;
}

/** Returns the report of a recording: from the annotation to the summary, without the post step. */
function asShown({ said }: Recording): Omit<Shown, 'title'> {
  const start = said.findIndex(
    ([what, title]) =>
      what === 'fail' || (what === 'warning' && title?.startsWith('machine-id-action: ')),
  );
  const [what = '', title = '', text = ''] = said[start] ?? [];
  const end = said.findIndex(([kind]) => kind === 'summary');
  const below = said.slice(start + 1, end < 0 ? undefined : end);
  const level = what === 'fail' ? 'error' : what;
  const lines = below.flatMap(([kind, line = '']) => (kind === 'info' ? [line] : []));
  const groups = below.flatMap(([kind, name, ...group]) =>
    kind === 'group' ? part(`log, group "${name}"`, group) : [],
  );
  const log = [
    ...part(`annotation (${level}), ${title}`, [text]),
    ...part('log', lines),
    ...groups,
  ];
  return {
    code: title.replace('machine-id-action: ', ''),
    log: withoutChance(log.join('\n')),
    summary: withoutChance(part('summary', [(said[end]?.[1] ?? '').trimEnd()]).join('\n')),
  };
}

/** Formats a sample of a code; only the first one contains the job summary. */
function sectionOf({ code, title, log, summary }: Shown, index: number): string {
  const heading = `${code} (${title})`;
  const text = index === 0 && summary !== '' ? `${log}\n${summary}` : log;
  return `${heading}\n${'='.repeat(heading.length)}\n${text}\n`;
}

function part(name: string, texts: readonly string[]): readonly string[] {
  return texts.join('') === '' ? [] : [`${name}:`, ...texts.flatMap(indented)];
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`.trimEnd());
}

/** Replaces paths, ports, names and times that differ from one run to another. */
function withoutChance(text: string): string {
  return text
    .replaceAll(folder, '/FOLDER')
    .replaceAll(fixture.testbed.directory, '/TESTBED')
    .replaceAll(fixture.temp, '/TEMP')
    .replaceAll(/(127\.0\.0\.1|localhost):\d{4,5}\b/g, '$1:PORT')
    .replaceAll(/process \d+/g, 'process PID')
    .replaceAll(/(Duration: |\| )\d+\.\d{1,2} s\b/g, '$1N s')
    .replaceAll(/\d+\.\d [kM]B downloaded/g, 'SIZE downloaded')
    .replaceAll(/a path of \d+ bytes/g, 'a path of LENGTH bytes')
    .replaceAll('EAI_AGAIN', 'ENOTFOUND')
    .replaceAll(/sha256:(?!abab)[0-9a-f]{64}/g, 'sha256:DIGEST')
    .replaceAll(/sha256-[0-9a-f]{64}/g, 'sha256-DIGEST')
    .replaceAll(/(teleport-v[\d.]+)-\w+-\w+-bin/g, '$1-OS-ARCHITECTURE-bin')
    .replaceAll(/machine-id-[0-9a-f]{16}/g, 'machine-id-0123456789abcdef')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]{8}Z/g, (time) =>
      Math.abs(Date.parse(time) - Date.now()) < 3 * 24 * 3_600_000 ? 'TIME' : time,
    );
}

describe('the report of every Problem', needs('linux'), () => {
  let shown: readonly Shown[];
  beforeAll(async () => {
    shown = await everything();
  }, 180_000);

  it('has a sample', () => {
    const codes = new Set(shown.map(({ code }) => code));
    expect(problemCodes.filter((code) => !codes.has(code))).toEqual([]);
    expect(shown.filter(({ code }) => !problemCodes.some((known) => known === code))).toEqual([]);
  });

  it('equals problems.txt', async () => {
    const sections = problemCodes.flatMap((code) =>
      shown.filter((sample) => sample.code === code).map(sectionOf),
    );
    await expect(sections.join('\n')).toMatchFileSnapshot('problems.txt');
  });
});

it('README contains the report of a denied job', async () => {
  const { said } = await explained({
    title: 'README',
    error: 'id token claims did not match any allow rules',
  });
  const annotation = said.find(([what]) => what === 'fail')?.[2] ?? '';
  const paste = said.find(([what, text]) => what === 'info' && text?.startsWith('\n'))?.[1] ?? '';
  const sample = `Error: ${annotation.replace(/\nSee .*/, '')}\n${paste.trimEnd()}\n`;
  expect(await readFile(new URL('../../README.md', import.meta.url), 'utf8')).toContain(
    `\n\`\`\`text\n${sample}\`\`\`\n`,
  );
});
