import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tar } from '../../testbed/downloads/tar.ts';
import { type Registry, startRegistry } from '../../testbed/registry.ts';
import { putImage } from '../../testbed/registry-image.ts';
import { installTbot } from '../../testbed/tbot/install.ts';
import { isMet, needs, type Requirement } from '../requirements.ts';
import { codesOf, type Fixture, openFixture } from './action.fixture.ts';
import { arm64Node, emulation } from './arm64.fixture.ts';
import type { PlatformResult } from './platform-job.ts';
import { expectUsed, laterSteps, runOn, severalCredentials } from './platforms.fixture.ts';

const emulator: readonly Requirement[] = ['qemu-aarch64', 'arm64-libraries', 'binfmt'];
const ready = emulator.every(isMet);

let fixture: Fixture;
let registry: Registry;
let folder: string;
let node: string;

// Longer than usual, because the first run downloads Node.
beforeAll(async () => {
  if (!ready) return;
  fixture = await openFixture();
  registry = await startRegistry({ certificate: undefined });
  folder = await mkdtemp(join(tmpdir(), 'arm64-'));
  node = await arm64Node();
  const { path } = await installTbot({ version: '18.2.4', directory: folder, arm64: true });
  const content = await readFile(path);
  const tbot = { name: 'usr/local/bin/tbot', content };
  putImage(registry, { tag: '18.2.4', layers: [{ content: [tbot] }], architecture: 'arm64' });
  const archive = gzipSync(tar([{ name: 'teleport/tbot', content }]));
  fixture.testbed.downloads.publish('teleport-v18.2.4-linux-arm64-bin.tar.gz', archive);
}, 300_000);
afterAll(async () => {
  if (!ready) return;
  await fixture[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a job whose action runs with Node for arm64. */
async function job(
  changes: Readonly<Record<string, string>>,
  later: readonly string[] = [],
): Promise<PlatformResult> {
  const { github, caFile } = fixture.testbed;
  // One CA certificate instead of all those of the system, which take seconds to read with qemu.
  const system = { SSL_CERT_FILE: caFile, SSL_CERT_DIR: join(folder, 'no-certificates') };
  return await runOn(emulation(folder), {
    inputs: { ...fixture.inputs, 'tbot-path': '', ...changes },
    environment: { ...github.environment, ...system },
    arm64Node: node,
    later,
  });
}

describe('Linux arm64', { ...needs(...emulator), timeout: 300_000 }, () => {
  it('joins with tbot from the image', needs('ssh', 'kubectl', 'openssl'), async () => {
    const mirror = `${registry.address}/mirrored/tbot-distroless`;
    const look = 'node -p process.arch; echo "$RUNNER_ARCH"; ls "$RUNNER_TOOL_CACHE/tbot/18.2.4"';
    const result = await job({ mirror, ...severalCredentials }, [...laterSteps, look]);
    const { later, ...rest } = result;
    expectUsed({ ...rest, later: later.slice(0, -1) });
    expect(result.step.outputs['tbot-source']).toBe('image');
    expect(later.at(-1)?.raw).toBe('arm64\nARM64\narm64\narm64.complete');
  });

  it('joins with tbot from the release archive', async () => {
    const { downloads } = fixture.testbed;
    const name = 'teleport-v18.2.4-linux-arm64-bin.tar.gz';
    const { step, end } = await job({ mirror: downloads.url, services: '[]' });
    expect(step).toMatchObject({ outcome: 'success', outputs: { 'tbot-source': 'archive' } });
    expect(step.log).toContain(name);
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it('reports a tbot for x64', async () => {
    const { step, end } = await job({ 'tbot-path': process.execPath });
    expect(codesOf(step)).toEqual(['tbot']);
    expect(step.log).toContain(
      `${process.execPath} cannot be used as tbot: it is built for ${process.arch}, but this runner is arm64.`,
    );
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });
});
