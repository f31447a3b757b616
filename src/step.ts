import { loadYaml } from './yaml/load.ts';
import { checkPlatform } from './background/platform.ts';
import { freePorts } from './background/ports.ts';
import { reportBackground } from './background/report-background.ts';
import { type Cluster, probeCluster } from './cluster/cluster.ts';
import { collect } from './collect.ts';
import {
  type Workdir,
  workdirRoot,
  createWorkdir,
  programsOf,
  writeToWorkdir,
} from './workdir/workdir.ts';
import { leftoverTitle } from './workdir/leftover.ts';
import { sweepWorkdirs } from './workdir/sweep.ts';
import { dryRun } from './dry-run.ts';
import { chooseIdentity } from './methods/choose.ts';
import { hasSecretToken, type Identity, maskVariables } from './methods/join-identity.ts';
import type { Inputs } from './inputs/inputs.ts';
import { proxyOf } from './cluster/endpoint.ts';
import { startEarly } from './install/early.ts';
import { install } from './install/install.ts';
import { onThisMachine } from './install/request.ts';
import { join, type JoinResult } from './join.ts';
import { type HttpClient, openHttpClient } from './http/client.ts';
import { makePlan, type Plan, portsNeeded } from './plan.ts';
import type { Joined } from './publish/outputs.ts';
import { publish } from './publish/publish.ts';
import type { CiPort } from './ci/port.ts';
import type { Stop } from './process/stop.ts';
import type { JoinContext } from './tbot/diagnosis/explain.ts';
import { rolesOf } from './services/requests.ts';

/**
 * Joins the cluster and publishes the requested credentials. Saves the path of the private directory
 * before it creates it, verifies the endpoint before tbot sends the job's identity, and checks all
 * credentials before it publishes one. Throws a Problem.
 */
export async function runStep(inputs: Inputs, ci: CiPort, stop: Stop): Promise<void> {
  if (inputs.dryRun) return dryRun({ inputs, ci, stop });
  if (inputs.mode === 'background') checkPlatform(process.platform);
  const identity = chooseIdentity(inputs, ci);
  await sweep(await workdirRoot(ci.directories), ci);
  const workdir = await createWorkdir(ci);
  const network = openHttpClient({ env: ci.env, extraCaFile: inputs.extraCaFile });
  try {
    await issue({ inputs, identity, workdir, network, ci, stop });
  } finally {
    network.close();
  }
}

/**
 * Removes private directories of earlier jobs, and warns about those that cannot be removed, and about
 * earlier calls of this job whose renewals fail.
 */
async function sweep(root: string, ci: CiPort): Promise<void> {
  const visit = async (call: Workdir): Promise<void> => reportBackground(call, ci);
  const { removed, left } = await sweepWorkdirs(
    root,
    ci.job.key,
    visit,
    ci.directories.tempIsShared,
  );
  if (removed > 0)
    ci.info(
      removed === 1
        ? 'Removed a private directory that an earlier job left on this runner.'
        : `Removed ${removed} private directories that earlier jobs left on this runner.`,
    );
  for (const text of left) ci.warning(leftoverTitle, text);
}

interface Issue {
  readonly inputs: Inputs;
  readonly identity: Identity;
  readonly workdir: Workdir;
  readonly network: HttpClient;
  readonly ci: CiPort;
  readonly stop: Stop;
}

async function issue(request: Issue): Promise<void> {
  const { inputs, identity, workdir, network, ci, stop } = request;
  maskVariables(identity, ci);
  const { cluster, tool } = await prepare(request);
  const caBundle = await caBundleOf(inputs, network, workdir);
  const joined = await joinWith(request, { cluster, tool, caBundle });
  const { plan, running } = joined;
  try {
    stop.during('publishing the credentials', 'Publish');
    const credentials = await collect(joined, inputs, cluster?.name, ci);
    const interval = plan.background?.renewalInterval ?? 0;
    const background = running && { ...running, interval };
    const result = { inputs, cluster, identity, tool, credentials, caBundle, background };
    await publish(result, joined.workdir, ci, stop.timeline);
  } catch (error) {
    await running?.end();
    throw error;
  }
}

/**
 * Queries the cluster, chooses the version of tbot and installs it. What does not depend on the
 * cluster's answer starts before it.
 */
async function prepare(request: Issue): Promise<Pick<Joined, 'cluster' | 'tool'>> {
  const { inputs, workdir, network, ci, stop } = request;
  const { signal, timeline } = stop;
  const options = { ...inputs, proxy: proxyOf(inputs.endpoint) };
  const directory = programsOf(workdir);
  const machine = onThisMachine({ inputs: options, network, directory, ci, signal });
  stop.during(`querying ${inputs.endpoint.address}`, 'Resolve');
  await using early = await startEarly(machine);
  const probed = probeCluster(inputs, { network, signal, info: ci.info });
  // The configuration of tbot needs it soon.
  void loadYaml().catch(() => undefined);
  const cluster = await probed;
  timeline.add({ cluster: cluster?.name, serverVersion: cluster?.serverVersion });
  let downloaded = 0;
  const tool = await install({
    ...machine,
    cluster,
    early,
    onVersion: (version) => {
      timeline.add({ version });
      stop.during('installing tbot', 'Install');
    },
    onBytes: (count) => timeline.add({ downloaded: (downloaded += count) }),
  });
  timeline.add({ source: tool.source });
  return { cluster, tool };
}

/** Joins the cluster with free ports, if the plan needs any. */
async function joinWith(
  request: Issue,
  { cluster, tool, caBundle }: Pick<Joined, 'cluster' | 'tool' | 'caBundle'>,
): Promise<JoinResult> {
  const { inputs, identity, workdir, network, ci, stop } = request;
  const { env, debugging } = ci;
  const serverVersion = cluster?.serverVersion;
  const place = { workdir: workdir.path, env, debugging };
  let ports = await freePorts(portsNeeded(inputs));
  const planned = (): Plan =>
    makePlan({ inputs, identity, tool, serverVersion, caBundle, ports, ...place });
  const plan = planned();
  for (const warning of plan.warnings) ci.warning('machine-id-action: ttl', warning);
  stop.during(`waiting for tbot to join through ${inputs.endpoint.address}`, 'Join');
  const context = contextOf(request, plan, cluster, tool.version);
  const replan = async (address: string): Promise<Plan | undefined> => {
    if (!ports.some((port) => address.endsWith(`:${port}`))) return undefined;
    ports = await freePorts(ports.length);
    return planned();
  };
  const { extraCaFile, summary } = inputs;
  const background = { extraCaFile, summary: summary !== 'never', during: stop.during, replan };
  const onAttempt = (attempts: number): void => stop.timeline.add({ attempts });
  return join(plan, context, { workdir, ci, network, signal: stop.signal, onAttempt, background });
}

/** Returns what the explanation of a failed join depends on. */
function contextOf(
  { inputs, identity, ci }: Issue,
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
    job: ci.job,
    requestedRoles: services.flatMap(({ service }) => rolesOf(service)),
  };
}

/** Writes all CA certificates to one file, because Go's SSL_CERT_FILE replaces those of the system. */
async function caBundleOf(
  inputs: Inputs,
  network: HttpClient,
  workdir: Workdir,
): Promise<string | undefined> {
  if (inputs.extraCaFile === undefined) return undefined;
  return writeToWorkdir(workdir.path, 'ca-bundle.pem', await network.caBundle());
}
