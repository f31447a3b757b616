import type { Cluster } from './cluster/cluster.ts';
import { checkIssuers } from './cluster/expected.ts';
import { probeCluster } from './cluster/probe.ts';
import {
  type Workdir,
  workdirRoot,
  jobOf,
  createWorkdir,
  programsOf,
  writeToWorkdir,
} from './workdir/workdir.ts';
import { leftoverTitle } from './workdir/leftover.ts';
import { sweepWorkdirs } from './workdir/sweep.ts';
import { dryRun } from './dry-run.ts';
import { readEvent } from './ci/github/event.ts';
import { chooseIdentity } from './methods/choose.ts';
import { hasSecretToken, type Identity, maskVariables } from './methods/join-identity.ts';
import { jobFacts } from './ci/github/job.ts';
import type { Inputs } from './inputs/inputs.ts';
import { proxyOf } from './cluster/endpoint.ts';
import { install } from './install/install.ts';
import { onThisMachine } from './install/request.ts';
import { join } from './join.ts';
import { checkLifetime, revocationNotices } from './services/lifetime.ts';
import { type HttpClient, openHttpClient } from './http/client.ts';
import { makePlan, type Plan } from './plan.ts';
import { publish } from './publish/publish.ts';
import type { Runner } from './ci/port.ts';
import type { Stop } from './stop.ts';
import { type Credential, readCredential } from './services/verify/credential.ts';
import type { JoinContext } from './tbot/diagnosis/explain.ts';
import { rolesOf } from './services/service.ts';

/**
 * The line from inputs to credentials: prove nothing before the cluster is known, remember the home
 * before it is made, publish nothing before all of it is checked. Throws a Problem.
 */
export async function runStep(inputs: Inputs, runner: Runner, stop: Stop): Promise<void> {
  const { env } = runner;
  const event = await readEvent(env);
  if (inputs.dryRun) return dryRun({ inputs, event, runner, stop });
  const identity = chooseIdentity(inputs, env, event);
  await sweep(await workdirRoot(env), runner);
  const workdir = await createWorkdir(runner);
  const network = openHttpClient({ env, extraCaFile: inputs.extraCaFile });
  try {
    await issue({ inputs, identity, event, workdir, network, runner, stop });
  } finally {
    network.close();
  }
}

/** Removes what earlier runs left behind, and warns about what it can't remove. */
async function sweep(root: string, runner: Runner): Promise<void> {
  const { removed, left } = await sweepWorkdirs(root, jobOf(runner.env));
  if (removed > 0)
    runner.info(
      `Removed what ${removed} earlier ${removed === 1 ? 'run' : 'runs'} had to leave here.`,
    );
  for (const text of left) runner.warning(leftoverTitle, text);
}

interface Issue {
  readonly inputs: Inputs;
  readonly identity: Identity;
  readonly event: unknown;
  readonly workdir: Workdir;
  readonly network: HttpClient;
  readonly runner: Runner;
  readonly stop: Stop;
}

async function issue(request: Issue): Promise<void> {
  const { inputs, identity, workdir, network, runner, stop } = request;
  const { signal } = stop;
  const { env, debugging } = runner;
  maskVariables(identity, runner);
  stop.during(`asking ${inputs.endpoint.address} for its cluster`);
  const cluster = await probeCluster(inputs, { network, signal, info: runner.info });
  stop.during('getting tbot');
  const options = { ...inputs, proxy: proxyOf(inputs.endpoint) };
  const directory = programsOf(workdir);
  const tool = await install(
    onThisMachine({ inputs: options, cluster, network, directory, runner, signal }),
  );
  const caBundle = await caBundleOf(inputs, network, workdir);
  const serverVersion = cluster?.serverVersion;
  const place = { workdir: workdir.path, env, debugging };
  const plan = makePlan({ inputs, identity, tool, serverVersion, caBundle, ...place });
  for (const warning of plan.warnings) runner.warning('machine-id-action: ttl', warning);
  stop.during(`waiting for tbot, which joins by ${inputs.endpoint.address}`);
  const context = contextOf(request, plan, cluster, tool.version);
  await join(plan, context, { workdir, runner, network, signal });
  stop.during('handing the credentials over');
  const credentials = await collect(plan, inputs, cluster?.name, runner);
  await publish({ inputs, cluster, identity, tool, credentials, caBundle }, workdir, runner);
}

/** What explains a refusal. */
function contextOf(
  { inputs, identity, event, runner }: Issue,
  { services }: Plan,
  cluster: Cluster | undefined,
  tbotVersion: string,
): JoinContext {
  return {
    endpoint: inputs.endpoint,
    cluster: cluster?.name,
    token: hasSecretToken(identity) ? undefined : inputs.token,
    identity,
    tbotVersion,
    job: jobFacts(runner.env, event),
    askedRoles: services.flatMap(({ service }) => rolesOf(service)),
  };
}

/** Go's SSL_CERT_FILE replaces the system's certificates, so tbot is given all of them in one file. */
async function caBundleOf(
  inputs: Inputs,
  network: HttpClient,
  workdir: Workdir,
): Promise<string | undefined> {
  if (inputs.extraCaFile === undefined) return undefined;
  return writeToWorkdir(workdir.path, 'ca-bundle.pem', await network.caBundle());
}

/** Reads what was issued and holds it against what was asked for. */
async function collect(
  plan: Plan,
  inputs: Inputs,
  announced: string | undefined,
  runner: Runner,
): Promise<readonly Credential[]> {
  const credentials: Credential[] = [];
  for (const planned of plan.services) credentials.push(await readCredential(planned));
  const clusters = credentials.map(({ cluster }) => cluster);
  checkIssuers(clusters, inputs.expectedCluster, inputs.endpoint, announced);
  const notice = checkLifetime(credentials, inputs, Date.now());
  for (const text of [...(notice === undefined ? [] : [notice]), ...revocationNotices(credentials)])
    runner.notice('machine-id-action', text);
  return credentials;
}
