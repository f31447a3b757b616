import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { issued, type Secret } from '../../testbed/issued.ts';
import { type Faults, noFaults } from '../../testbed/faults.ts';
import type { JobEnd, RunnerOptions, StepResult } from '../../testbed/runner/runner.ts';
import type { UsesStep } from '../../testbed/runner/plan.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { openFixture } from '../action/action.fixture.ts';
import { type Channel, channelsOf, type Sheet, snapshot } from './leaks-channels.ts';
import { type Form, seeker } from './leaks-forms.ts';
import { secretsIn } from './leaks-keys.ts';

/** One step on the testbed with a fault, and the secrets that come from outside the testbed. */
export interface Trial extends Partial<Omit<UsesStep, 'inputs'>> {
  readonly faults?: Partial<Faults>;
  /** Added to the inputs of a good join; undefined takes one away. */
  readonly with?: Readonly<Record<string, string | undefined>>;
  /** Replaces the variables that GitHub gives to a job that may join. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly runner?: Pick<RunnerOptions, 'job' | 'secrets'>;
  readonly secrets?: readonly Secret[];
}

/** A secret in a channel. */
export interface Leak {
  readonly channel: Channel['name'];
  readonly kind: string;
  readonly form: Form;
  /** Where it is: a path, a variable, or the text around it. */
  readonly where: string;
}

/** What one job let out. */
export interface Haul {
  readonly step: StepResult;
  readonly end: JobEnd;
  readonly leaks: readonly Leak[];
  readonly secrets: readonly Secret[];
  /** Programs that the action started, with their arguments. */
  readonly started: readonly string[];
  /** The arguments of each tbot, as it got them. */
  readonly tbots: readonly string[];
  /** How many characters were searched. */
  readonly searched: number;
}

/** A testbed whose every process is recorded. */
export interface Hunt extends AsyncDisposable {
  readonly testbed: Testbed;
  run(trial: Trial, debug: boolean): Promise<Haul>;
}

const recorderSource = new URL('./leaks-recorder.ts', import.meta.url);

/** Every join method is known to this release. */
const version = '18.11.0';

export async function openHunt(): Promise<Hunt> {
  const fixture = await openFixture({ teleportVersion: version });
  const { testbed } = fixture;
  const record = join(testbed.directory, 'record');
  const folders = { action: join(record, 'action'), tbot: join(record, 'tbot') };
  const loading = await writeRecorder(testbed.directory);
  await recordTbot(await testbed.tbot(), loading(folders.tbot));
  const run = async (trial: Trial, debug: boolean): Promise<Haul> => {
    Object.assign(testbed.faults, noFaults(), trial.faults);
    for (const folder of Object.values(folders)) await emptied(folder);
    const sheet = await job(trial, debug);
    return haulOf(trial, sheet);
  };
  const job = async (trial: Trial, debug: boolean): Promise<Sheet> => {
    const { with: changes = {}, environment, runner: options, faults: _, ...step } = trial;
    const requests = requestsTo(testbed);
    const since = issued.length;
    await using runner = await fixture.runner({
      ...options,
      environment: {
        ...(environment ?? testbed.github.environment),
        NODE_OPTIONS: `--import=${loading(folders.action)}`,
      },
      debug,
    });
    const inputs = Object.entries({ ...fixture.inputs, ...changes }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    const result = await fixture.uses(runner, { ...step, inputs: Object.fromEntries(inputs) });
    const afterMain = await snapshot(runner.root);
    let afterPost: ReadonlyMap<string, string> = new Map();
    const inspect = async (): Promise<void> => {
      afterPost = await snapshot(runner.root);
    };
    const end = await runner.finish({ inspect });
    return {
      step: result,
      end,
      temp: runner.temp,
      files: { main: afterMain, post: afterPost },
      action: await recordsIn(folders.action),
      tbot: await recordsIn(folders.tbot),
      requests: requestsTo(testbed).slice(requests.length),
      issued: issued.slice(since),
    };
  };
  return {
    testbed,
    run,
    [Symbol.asyncDispose]: async () => fixture[Symbol.asyncDispose](),
  };

  function haulOf(trial: Trial, sheet: Sheet): Haul {
    const token = testbed.github.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    const written = sheet.tbot.flatMap((entry) =>
      entry.kind === 'write' ? secretsIn(entry.data) : [],
    );
    const requestToken = { kind: 'request token', text: token };
    const secrets = [requestToken, ...sheet.issued, ...written, ...(trial.secrets ?? [])];
    const channels = channelsOf(sheet);
    const seek = seeker(unique(secrets));
    return {
      step: sheet.step,
      end: sheet.end,
      secrets: unique(secrets),
      leaks: channels.flatMap(({ name, where, text }) =>
        seek(text).map(({ kind, form, at }) => ({
          channel: name,
          kind,
          form,
          where: `${where}: ${text.slice(Math.max(0, at - 80), at + 40)}`,
        })),
      ),
      started: sheet.action.flatMap((entry) =>
        entry.kind === 'start' ? [entry.argv.slice(2).join(' ')] : [],
      ),
      tbots: sheet.tbot.flatMap((entry) =>
        entry.kind === 'process' ? [entry.argv.slice(5).join(' ')] : [],
      ),
      searched: channels.reduce((sum, { text }) => sum + text.length, 0),
    };
  }
}

/** Writes the recorder to a folder; returns its URL, which contains the folder of the records. */
export async function writeRecorder(directory: string): Promise<(folder: string) => string> {
  // Without types it loads in half the time, and it is loaded a thousand times.
  const recorder = join(directory, 'recorder.mjs');
  await writeFile(recorder, stripTypeScriptTypes(await readFile(recorderSource, 'utf8')));
  return (folder) => `${pathToFileURL(recorder).href}?record=${folder}`;
}

/** Has the launcher of the stand-in tbot load the recorder; its download is made from the launcher. */
export async function recordTbot(launcher: string, recorder: string): Promise<void> {
  const text = await readFile(launcher, 'utf8');
  const recorded = text.replace(/ exec '([^']+)'/, (found) => `${found} --import '${recorder}'`);
  if (recorded === text) throw new Error('the launcher has another form');
  await writeFile(launcher, recorded);
  await chmod(launcher, 0o755);
}

async function emptied(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

/** Returns the records in a folder. */
export async function recordsIn(folder: string): Promise<Sheet['action']> {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    text.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line)] : [])),
  );
}

/** What reached servers that have no need of a secret, in order. */
function requestsTo({ downloads, proxy, imds }: Testbed): readonly string[] {
  return [...downloads.requests, ...proxy.requests, ...imds.requests].map((request) =>
    JSON.stringify(request),
  );
}

function unique(secrets: readonly Secret[]): readonly Secret[] {
  return [...new Map(secrets.toReversed().map((secret) => [secret.text, secret])).values()];
}
