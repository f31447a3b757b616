import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { constants, getPriority, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CrowdJob, endings, type JobReport, type Mode } from './crowd-job.ts';
import { type CrowdResult, type CrowdTask, isCrowdResult } from './crowd-task.ts';
import { type Lane, startLane } from './lane.ts';
import { listeners } from './listeners.ts';
import { openStand, type Stand } from './stand.ts';

/** Accounts without privileges that the jobs run as, if this process is root. */
const accounts: readonly (number | undefined)[] =
  process.getuid?.() === 0 ? [64_001, 64_002, 64_003] : [undefined];

/** What a crowd of jobs did. */
export interface CrowdReport {
  readonly jobs: readonly JobReport[];
  /** What is wrong, as one line each. */
  readonly failures: readonly string[];
  readonly accounts: number;
  /** The files that other accounts tried to read. */
  readonly guarded: number;
  /** Of all jobs together. */
  readonly milliseconds: number;
}

type CrowdLane = Lane<CrowdTask, CrowdResult>;

/** Runs jobs at once on one host, with one tool cache; each has a temporary directory of its own. */
export async function runCrowd(count: number): Promise<CrowdReport> {
  await using stack = new AsyncDisposableStack();
  const stand = stack.use(await openStand());
  await chmod(stand.testbed.directory, 0o755);
  const folder = await mkdtemp(join(tmpdir(), 'crowd-'));
  stack.defer(async () => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o1777);
  const toolCache = join(folder, 'tool-cache');
  await mkdir(toolCache);
  await chmod(toolCache, 0o1777);
  const lanes = await Promise.all(accounts.map(startCrowdLane));
  for (const lane of lanes) stack.defer(async () => lane.end());
  stack.defer(preferThisProcess());
  const jobs = planJobs(stand, count, { folder, toolCache });
  const started = performance.now();
  const mains = await Promise.all(
    lanes.map(async (lane, index) => {
      const own = jobs.filter((_, job) => job % lanes.length === index);
      return await lane.run({ kind: 'start', jobs: own });
    }),
  );
  const read = await readByOthers(lanes, mains);
  const posts = await Promise.all(lanes.map(async (lane) => lane.run({ kind: 'finish' })));
  const milliseconds = performance.now() - started;
  const reports = [...mains, ...posts].flatMap((result) => result.jobs);
  const guarded = lanes.length < 2 ? 0 : mains.flatMap(({ files }) => files).length;
  const failures = [
    ...reports.flatMap((report) => report.failures),
    ...read.map((path) => `another account could read ${path}`),
    ...(await openPorts(reports)),
    ...(reports.length === count ? [] : [`${reports.length} of ${count} jobs have ended`]),
    ...(await wrongReuse(lanes, planJobs(stand, lanes.length, { folder, toolCache }, 'later'))),
  ];
  return { jobs: reports, failures, accounts: lanes.length, guarded, milliseconds };
}

/**
 * Gives the testbed, which is in this process, precedence over the jobs, because a real cluster does
 * not share a host with them. Needs root. Returns a function that ends the precedence.
 */
function preferThisProcess(): () => void {
  if (process.getuid?.() !== 0) return () => undefined;
  const before = getPriority();
  setPriority(constants.priority.PRIORITY_HIGH);
  return () => setPriority(before);
}

async function startCrowdLane(uid: number | undefined): Promise<CrowdLane> {
  return await startLane<CrowdTask, CrowdResult>({
    program: 'crowd-lane.ts',
    isResult: isCrowdResult,
    ...(uid === undefined ? {} : { uid }),
  });
}

function planJobs(
  stand: Stand,
  count: number,
  { folder, toolCache }: { readonly folder: string; readonly toolCache: string },
  prefix = 'job',
): readonly CrowdJob[] {
  const { inputs, environment } = stand.join('archive');
  return Array.from({ length: count }, (_, index) => {
    const name = `${prefix}-${index + 1}`;
    const ending = prefix === 'job' ? (endings[index % endings.length] ?? 'success') : 'success';
    const token = ending === 'denied' ? 'other-repo' : 'ci-github';
    const root = join(folder, name);
    const mode = prefix === 'job' ? modeOf(index) : 'oneshot';
    const tunnel = { mode, 'application-tunnel': 'hello' };
    const all = { ...inputs, token, ...(mode === 'background' ? tunnel : {}) };
    return { name, ending, mode, root, toolCache, environment, inputs: all };
  });
}

/** Alternates the modes, so that half of the jobs with each ending run in each. */
function modeOf(index: number): Mode {
  const round = Math.floor(index / endings.length);
  return (index + round) % 2 === 0 ? 'oneshot' : 'background';
}

/** Returns the tunnels that are still open after their jobs. */
async function openPorts(reports: readonly JobReport[]): Promise<readonly string[]> {
  const uids = new Set(accounts.map((uid) => uid ?? process.getuid?.()));
  const open = (await listeners()).filter(({ uid }) => uids.has(uid));
  const ports = new Set(open.map(({ port }) => port));
  return reports
    .filter(({ port }) => port !== undefined && ports.has(port))
    .map(({ name, port }) => `${name}: port ${port} is still open`);
}

/** Lets each account try to read the files of the others; returns what it could read. */
async function readByOthers(
  lanes: readonly CrowdLane[],
  mains: readonly CrowdResult[],
): Promise<readonly string[]> {
  const reads = lanes.map(async (lane, index) => {
    const others = mains.filter((_, other) => other !== index).flatMap(({ files }) => files);
    return (await lane.run({ kind: 'read', files: others })).files;
  });
  return (await Promise.all(reads)).flat();
}

/** Runs one more job in each account; the account that filled the tool cache must use it. */
async function wrongReuse(
  lanes: readonly CrowdLane[],
  jobs: readonly CrowdJob[],
): Promise<readonly string[]> {
  const results = await Promise.all(
    lanes.map(async (lane, index) =>
      lane.run({ kind: 'start', jobs: jobs.slice(index, index + 1) }),
    ),
  );
  const reports = results.flatMap((result) => result.jobs);
  const sources = reports.map(({ tbotSource }) => tbotSource);
  return [
    ...reports.flatMap(({ failures }) => failures),
    ...(sources.includes('tool-cache') ? [] : [`later jobs took tbot from ${sources.join(', ')}`]),
  ];
}

/** Returns the report as lines to print. */
export function crowdLines(report: CrowdReport): readonly string[] {
  const { jobs, accounts: count, guarded, milliseconds } = report;
  const ends = [...new Set(endings)].map((ending) => {
    return `${jobs.filter((job) => job.ending === ending).length} ${ending}`;
  });
  const background = jobs.filter(({ mode }) => mode === 'background').length;
  const slowest = jobs.toSorted((one, other) => other.milliseconds - one.milliseconds)[0];
  return [
    `${jobs.length} jobs at once as ${count} accounts, ${background} of them in the background: ${ends.join(', ')}`,
    `${guarded} files were guarded from other accounts`,
    `${(jobs.length / (milliseconds / 1000)).toFixed(2)} jobs/s; the slowest job, ${slowest?.name} (${slowest?.mode}, ${slowest?.ending}), took ${((slowest?.milliseconds ?? 0) / 1000).toFixed(1)} s`,
  ];
}
