import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workdir } from '../../src/workdir/workdir.ts';
import type { Identity } from '../../src/methods/join-identity.ts';
import { join } from '../../src/join.ts';
import { openHttpClient } from '../../src/http/client.ts';
import type { Plan } from '../../src/plan.ts';
import { recordingCi } from '../recording.ts';
import { needs } from '../requirements.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(pathOf(tmpdir(), 'join-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const joined =
  'INFO [TBOT]      Fetched new bot identity. identity:valid: roles=[bot-ci] tbot/tbot.go:298';
const reset = 'ERROR: read tcp 10.0.0.1:443: read: connection reset by peer';
const spent = 'ERROR: token expired or not found';

/** What a shell script in place of tbot prints in each run; later runs repeat the last. */
interface Script {
  readonly runs: readonly (readonly string[])[];
  readonly identity?: Identity;
}

/** Returns the code of the error, the number of runs, and the messages. */
async function play({ runs, identity = { method: 'github' } }: Script): Promise<{
  readonly code: unknown;
  readonly ran: number;
  readonly messages: readonly string[];
}> {
  for (const [index, lines] of runs.entries())
    await writeFile(pathOf(folder, `says-${index + 1}`), lines.map((line) => `${line}\n`).join(''));
  const script = `
    n=$(( $(cat count 2>/dev/null || echo 0) + 1 )); echo $n >count
    while [ ! -e says-$n ]; do n=$(( n - 1 )); done
    cat says-$n >&2; test ! -s says-$n`;
  const command = { path: '/bin/sh', args: ['-c', script], env: { PATH: '/usr/bin:/bin' } };
  const plan: Plan = {
    services: [],
    warnings: [],
    config: {},
    command: { ...command, cwd: folder },
  };
  const workdir: Workdir = { path: folder, marker: { job: '', processes: [], exported: [] } };
  const network = openHttpClient({ env: {}, extraCaFile: undefined });
  const recording = recordingCi({});
  const context = {
    endpoint: { kind: 'proxy', address: 'rig.example.com:443' },
    cluster: 'rig.example.com',
    token: 'ci',
    identity,
    tbotVersion: '18.2.4',
    job: recording.ci.job,
  } as const;
  const error: unknown = await join(plan, context, {
    workdir,
    ci: recording.ci,
    network,
    signal: new AbortController().signal,
    retryPolicy: { attempts: 3, pause: 20, longest: 1000 },
  }).catch((reason: unknown) => reason);
  network.close();
  return {
    code: error instanceof Error && 'code' in error ? error.code : error,
    ran: Number(await readFile(pathOf(folder, 'count'), 'utf8')),
    messages: recording.of('info').map(([text]) => text ?? ''),
  };
}

describe('join', needs('posix'), () => {
  it('retries temporary failures until it has joined', async () => {
    const { code, ran, messages } = await play({ runs: [[reset], []] });
    expect({ code, ran }).toEqual({ code: undefined, ran: 2 });
    expect(messages).toEqual([
      expect.stringMatching(/connection reset by peer\. Retrying in 0\.0 s\.$/),
    ]);
  });

  it('gives up if the failure persists', async () => {
    const { code, ran, messages } = await play({ runs: [[reset]] });
    expect({ code, ran }).toEqual({ code: 'proxy-unreachable', ran: 3 });
    expect(messages).toHaveLength(2);
  });

  it('never retries a denial', async () => {
    expect(await play({ runs: [[spent]] })).toEqual({
      code: 'token-unknown',
      ran: 1,
      messages: [],
    });
  });

  it('retries after the join if the token is valid for another join', async () => {
    const { code, ran } = await play({ runs: [[joined, reset], []] });
    expect({ code, ran }).toEqual({ code: undefined, ran: 2 });
  });

  it.each<Identity>([
    { method: 'token', onboarding: {} },
    { method: 'bound_keypair', onboarding: { bound_keypair: { registration_secret: 'a' } } },
  ])('reports the first failure if the join has used up the token: $method', async (identity) => {
    const { code, ran } = await play({ runs: [[joined, reset], [spent]], identity });
    expect({ code, ran }).toEqual({ code: 'proxy-unreachable', ran: 1 });
  });

  it('retries with a key pair that outlives the join', async () => {
    const identity = {
      method: 'bound_keypair',
      variables: ['TBOT_BOUND_KEYPAIR_STATIC_KEY'],
    } as const;
    const { code, ran } = await play({ runs: [[joined, reset], []], identity });
    expect({ code, ran }).toEqual({ code: undefined, ran: 2 });
  });

  it('retries before the join has used up the token', async () => {
    const identity = { method: 'token', onboarding: {} } as const;
    expect(await play({ runs: [[reset], []], identity })).toMatchObject({ ran: 2 });
  });
});
