import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Recording } from '../recording.ts';
import { needs } from '../requirements.ts';
import { configIn, fencesOf, stepsIn, valuesOf, type WrittenConfig } from '../structure/fences.ts';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture();
const run = promisify(execFile);

/** The fences of the page, with resources of the testbed. */
const fences = fencesOf('docs/moving-over.md').map((fence) =>
  fence.replaceAll('grafana', 'hello').replaceAll('orders', 'pg'),
);
const scripts = [...fences.entries()].filter(([, fence]) => fence.includes('tbot start'));
const oneshot = scripts.flatMap(([index, fence]) => {
  const config = configIn(fence);
  return fence.includes('--oneshot') && config ? [[index, config] as const] : [];
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-steps-'));
});
afterEach(async () => rm(folder, { recursive: true }));

/** Runs tbot as the script does, with the addresses of the testbed. Returns the files of each output. */
async function filesOfScript(config: WrittenConfig): Promise<readonly (readonly string[])[]> {
  const { proxy, caFile, github } = fixture.testbed;
  const onboarding = { ...config.onboarding, token: 'ci-github' };
  const text = stringify({ ...config, onboarding, proxy_server: proxy.address });
  await writeFile(join(folder, 'tbot.yaml'), text);
  const env = { PATH: process.env['PATH'], SSL_CERT_FILE: caFile, ...github.environment };
  const tbot = await fixture.testbed.tbot();
  await run(tbot, ['start', '-c', 'tbot.yaml', '--oneshot'], { cwd: folder, env });
  const written = [...(config.outputs ?? []), ...(config.services ?? [])];
  return Promise.all(
    written.map(({ destination }) => readdir(join(folder, `${destination?.path}`))),
  );
}

/** Runs the step that replaces the script in fence `index`. */
async function replacementOf(
  index: number,
  changes: Readonly<Record<string, string>> = {},
): Promise<Recording> {
  const [step] = stepsIn(valuesOf(fences[index + 1] ?? ''));
  const given = { proxy: fixture.testbed.proxy.address, token: 'ci-github' };
  const recording = await fixture.play({ inputs: { ...step?.inputs, ...given, ...changes } });
  expect(recording.of('fail')).toEqual([]);
  expect(recording.of('warning')).toEqual([]);
  return recording;
}

type Issued = Readonly<Record<string, { readonly files: Readonly<Record<string, string>> }>>;

describe('the replacement of hand-written steps', () => {
  it.each(oneshot)('issues the files of the configuration in fence %i', async (index, config) => {
    const recording = await replacementOf(index);
    const issued: Issued = JSON.parse(recording.values('output')['credentials'] ?? '{}');
    const written = await filesOfScript(config);
    const files = Object.values(issued).map((one) => Object.values(one.files));
    expect(files).toHaveLength(written.length);
    for (const [position, paths] of files.entries())
      expect(written[position]).toEqual(
        expect.arrayContaining(paths.map((path) => basename(path))),
      );
  });

  it('sets the variables and adds tsh to PATH, in place of flags', async () => {
    const [index] = scripts.find(([, fence]) => fence.includes('--token=')) ?? [-1];
    const download = { 'tbot-path': '', mirror: fixture.testbed.downloads.url };
    const recording = await replacementOf(index, download);
    expect(recording.values('exportVariable')).toMatchObject({
      TELEPORT_PROXY: fixture.testbed.proxy.address,
      TELEPORT_IDENTITY_FILE: expect.stringMatching(/\/identity$/),
    });
    expect(recording.of('addPath')).toHaveLength(1);
    expect(recording.of('info').join('\n')).toContain('Downloading tbot, tsh 18.2.4');
  });
});

describe('the replacement of a tbot in the background', needs('posix'), () => {
  it('opens the tunnel and ends it after the job', async () => {
    const [index] = scripts.find(([, fence]) => fence.includes('nohup')) ?? [-1];
    const recording = await replacementOf(index);
    expect(recording.values('output')['tunnel-port']).toMatch(/^\d+$/);
    expect(recording.of('info').join('\n')).toContain('tbot keeps running in the background');
  });
});
