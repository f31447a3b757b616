import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Registry, startRegistry } from '../../testbed/registry.ts';
import { putImage } from '../../testbed/registry-image.ts';
import type { Recording } from '../recording.ts';
import { needs } from '../requirements.ts';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture();
const { play } = fixture;

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry({ certificate: undefined });
  const content = await readFile(await fixture.testbed.tbot());
  const tbot = { name: 'usr/local/bin/tbot', content };
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  putImage(registry, { tag: '18.2.4', layers: [{ content: [tbot] }], architecture });
});
afterAll(async () => registry[Symbol.asyncDispose]());

/** Returns the end of the job summary, with `N` in place of durations and sizes. */
function timelineOf(recording: Recording): readonly string[] {
  const summaries = recording.of('summary').map(([text = '']) => text);
  expect(summaries).toHaveLength(1);
  const lines = (summaries[0] ?? '').split('\n');
  const start = lines.findIndex((line) => line.startsWith('<details>'));
  return lines
    .slice(start < 0 ? lines.length : start - 1)
    .map((line) => line.replaceAll(/\b\d+\.\d{1,2} (s|k?B|MB)\b/g, 'N $1'));
}

const open = ['', '<details><summary>Duration: N s</summary>', ''];
const header = ['| Phase | Duration | Details |', '|---|---|---|'];
const close = ['', '</details>', ''];
const cluster = 'cluster `rig.example.com`, Teleport `18.2.4`';

function timeline(...rows: readonly string[]): readonly string[] {
  return [...open, ...header, ...rows, ...close];
}

const always = { summary: 'always' };
const download = { ...always, 'tbot-path': '' };
const publish = '| Publish | N s |  |';
const joined = ['| Join | N s |  |', publish];

describe('the timeline of a successful join', () => {
  it('names the phases in their order', async () => {
    expect(timelineOf(await play({ inputs: always }))).toEqual(
      timeline(`| Resolve | N s | ${cluster} |`, '| Install | N s | `tbot-path` |', ...joined),
    );
  });

  it('shows the source of tbot and the bytes that were downloaded', needs('linux'), async () => {
    const env = { RUNNER_TOOL_CACHE: join(fixture.testbed.directory, 'tools') };
    const archive = { ...download, mirror: fixture.testbed.downloads.url };
    const resolve = `| Resolve | N s | ${cluster}, tbot \`18.2.4\` |`;
    expect(timelineOf(await play({ inputs: archive, env }))).toEqual(
      timeline(resolve, '| Install | N s | `archive`, N kB downloaded |', ...joined),
    );
    expect(timelineOf(await play({ inputs: archive, env }))).toEqual(
      timeline(resolve, '| Install | N s | `tool-cache` |', ...joined),
    );
    const image = { ...download, mirror: `${registry.address}/public` };
    expect(timelineOf(await play({ inputs: image }))).toEqual(
      timeline(resolve, '| Install | N s | `image`, N kB downloaded |', ...joined),
    );
  });

  it('counts the attempts to join', async () => {
    fixture.testbed.faults.join = { kind: 'reset', joins: 1 };
    expect(timelineOf(await play({ inputs: always }))).toContain('| Join | N s | 2 attempts |');
  });

  it('names no cluster if the endpoint is an Auth Service', async () => {
    const { authServer } = fixture.testbed.proxy;
    const inputs = { ...always, proxy: '', 'auth-server': authServer.address };
    const pinned = { ...inputs, 'ca-pins': authServer.caPin };
    expect(timelineOf(await play({ inputs: pinned }))).toContain('| Resolve | N s |  |');
  });

  it('is in the debug log as well, and in the job summary only with `summary: always`', async () => {
    const recording = await play();
    expect(recording.of('summary')).toEqual([]);
    expect(recording.of('debug').map(([line]) => line)).toContainEqual(
      expect.stringMatching(
        /^Duration: [\d.]+ s \(resolve [\d.]+ s, install [\d.]+ s, join [\d.]+ s, publish [\d.]+ s\)\.$/,
      ),
    );
  });
});

describe('the timeline of a failure', () => {
  const resolve = `| Resolve | N s | ${cluster} |`;
  const install = '| Install | N s | `tbot-path` |';

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['wrong-cluster', { 'expected-cluster': 'other' }, ['| Resolve | N s | failed |']],
    ['version', { 'tbot-path': '', version: '12.0.0' }, [`| Resolve | N s | failed, ${cluster} |`]],
    ['tbot', { 'tbot-path': '/bin/false' }, [resolve, '| Install | N s | failed |']],
    ['claims-denied', { token: 'other-repo' }, [resolve, install, '| Join | N s | failed |']],
    [
      'ttl',
      { 'certificate-ttl': '20h', 'min-ttl': '13h' },
      [resolve, install, '| Join | N s |  |', '| Publish | N s | failed |'],
    ],
  ])('ends with the phase that failed: %s', async (code, inputs, rows) => {
    const recording = await play({ inputs });
    expect(recording.of('fail')[0]?.[0]).toBe(`machine-id-action: ${code}`);
    expect(timelineOf(recording)).toEqual(timeline(...rows));
  });

  it('shows the bytes of an incomplete download', needs('linux'), async () => {
    fixture.testbed.faults.downloads = { kind: 'wrong-checksum' };
    const inputs = { 'tbot-path': '', mirror: fixture.testbed.downloads.url };
    expect(timelineOf(await play({ inputs }))).toContain(
      '| Install | N s | failed, N kB downloaded |',
    );
  });

  it('is absent before the first phase, and with `summary: never`', async () => {
    expect(timelineOf(await play({ inputs: { timeout: 'never' } }))).toEqual([]);
    const never = await play({ inputs: { 'expected-cluster': 'other', summary: 'never' } });
    expect(never.of('summary')).toEqual([]);
  });
});
