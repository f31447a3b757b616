import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { setup } from '../../src/setup/setup.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { type Recording, recordingCi } from '../recording.ts';
import { needs } from '../requirements.ts';

let testbed: Testbed;
let temp: string;

beforeAll(async () => {
  testbed = await startTestbed({
    autoUpdate: { tools_version: '18.2.1', agent_version: '18.2.4' },
  });
  await testbed.tbot('18.2.1');
});
beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), 'setup-'));
  return async () => rm(temp, { recursive: true, force: true });
});
afterAll(async () => testbed[Symbol.asyncDispose]());

async function play(
  inputs: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Recording> {
  const usual = { mirror: testbed.downloads.url, 'extra-ca-file': testbed.caFile };
  const recording = recordingCi({
    inputs: { ...usual, ...inputs },
    env: { PATH: '/usr/bin:/bin', RUNNER_TEMP: temp, ...env },
  });
  await setup(recording.ci);
  process.exitCode = 0;
  return recording;
}

/** Names of the outputs in setup/action.yml. */
async function declaredOutputs(): Promise<readonly string[]> {
  const file = new URL('../../setup/action.yml', import.meta.url);
  const action: { readonly outputs: object } = parse(await readFile(file, 'utf8'));
  return Object.keys(action.outputs);
}

/** In the names of release archives. */
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

describe('./setup', () => {
  it(
    'puts tbot, tsh and tctl on PATH, in the tools_version of the cluster',
    needs('linux'),
    async () => {
      const recording = await play({ proxy: testbed.proxy.address });
      expect(recording.of('fail')).toEqual([]);
      const [folder = ''] = recording.of('addPath')[0] ?? [];
      expect(recording.values('output')).toEqual({ version: '18.2.1', path: folder });
      expect(recording.of('output').map(([name]) => name)).toEqual(await declaredOutputs());
      expect((await readdir(folder)).toSorted()).toEqual(['tbot', 'tctl', 'tsh']);
    },
  );

  it('reports that NODE_TLS_REJECT_UNAUTHORIZED has no effect', async () => {
    const recording = await play({ version: '18.2.4' }, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(recording.of('notice')).toEqual([
      ['machine-id-action', expect.stringContaining('always verifies TLS certificates')],
    ]);
  });

  it('reports a timeout', async () => {
    testbed.faults.proxy = { kind: 'silent' };
    const recording = await play({ proxy: testbed.proxy.address, timeout: '1s' });
    testbed.faults.proxy = { kind: 'none' };
    expect(recording.of('fail').flat().join()).toContain(
      `The step timed out after 1s while querying ${testbed.proxy.address}.`,
    );
  });

  it('stores them in the tool cache, and puts links to them on PATH', needs('linux'), async () => {
    const cache = await mkdtemp(join(tmpdir(), 'setup-cache-'));
    for (const source of ['archive', 'tool-cache']) {
      const recording = await play({ version: '18.2.4' }, { RUNNER_TOOL_CACHE: cache });
      const [path = ''] = recording.of('addPath')[0] ?? [];
      expect(dirname(path)).toBe(temp);
      const names = (await readdir(path)).toSorted();
      expect(names).toEqual(['tbot', 'tctl', 'tsh']);
      for (const name of names)
        expect((await stat(join(path, name))).ino).toBe(
          (await stat(join(cache, 'tbot', '18.2.4', process.arch, name))).ino,
        );
      expect(recording.of('info').join('\n')).toContain(`(${source})`);
    }
    await rm(cache, { recursive: true });
  });

  it.each([
    [{ enterprise: 'true' }, 'teleport-ent-v18.2.4'],
    [{ enterprise: 'false' }, 'teleport-v18.2.4'],
    [{ edition: 'cloud', tools: 'tbot' }, 'teleport-ent-v18.2.4'],
  ])('%j', needs('linux'), async (inputs, release) => {
    const recording = await play({ version: 'v18.2.4', ...inputs });
    expect(recording.of('fail')).toEqual([]);
    expect(testbed.downloads.requests.map(({ path }) => path)).toContain(
      `/${release}-linux-${architecture}-bin.tar.gz`,
    );
  });

  it.each([
    [{}, '`proxy`'],
    [{ version: 'installed' }, '`installed`'],
    [{ version: '18.2.4', enterprise: 'true', edition: 'oss' }, '`enterprise`'],
    [{ version: '18.2.4', enterprise: 'false', fips: 'true' }, '`fips`'],
    [{ version: '18.2.4', enterprize: 'true' }, '`enterprise`'],
  ])('rejects %j', async (inputs, words) => {
    const recording = await play(inputs);
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: inputs', expect.stringContaining(words)],
    ]);
    expect(await readdir(temp)).toEqual([]);
  });

  it('warns about an unknown input', async () => {
    const recording = await play({ version: '18.2.4', 'github-token': 'x' });
    expect(recording.of('warning').join()).toContain('github-token');
  });

  it('reports failures', async () => {
    testbed.faults.downloads = { kind: 'status', status: 404 };
    const recording = await play({ version: '18.2.4' });
    testbed.faults.downloads = { kind: 'none' };
    expect(recording.of('fail')[0]?.[0]).toBe('machine-id-action: download');
    const nowhere = await play({ version: '18.2.4' }, { RUNNER_TEMP: join(temp, 'none') });
    expect(nowhere.of('fail')[0]?.[0]).toBe('machine-id-action: platform');
  });
});
