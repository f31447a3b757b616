import type { Cluster } from './cluster/cluster.ts';
import { checkIssuers } from './cluster/expected.ts';
import { reachCluster } from './cluster/reach.ts';
import { type Home, homeRoot, jobOf, makeHome, programsOf, writeIntoHome } from './home/home.ts';
import { leftoverTitle } from './home/leftover.ts';
import { sweepHomes } from './home/sweep.ts';
import { dryRun } from './dry-run.ts';
import { readEvent } from './identity/event.ts';
import { chooseIdentity, type Identity } from './identity/identity.ts';
import { jobFacts } from './identity/job.ts';
import { maskProof } from './identity/methods.ts';
import type { Inputs } from './inputs/inputs.ts';
import { proxyOf } from './cluster/way.ts';
import { install } from './install/install.ts';
import { onThisMachine } from './install/request.ts';
import { join } from './join.ts';
import { checkLifetime, outliving } from './lifetime.ts';
import { type Network, openNetwork } from './network/network.ts';
import { makePlan, type Plan } from './plan.ts';
import { publish } from './publish/publish.ts';
import type { Runner } from './runner.ts';
import type { Stop } from './stop.ts';
import { type Credential, readCredential } from './tbot/credentials/credential.ts';
import type { JoinContext } from './tbot/explain.ts';
import { rolesOf } from './tbot/services/service.ts';

/**
 * The line from inputs to credentials: prove nothing before the cluster is known, remember the home
 * before it is made, publish nothing before all of it is checked. Throws a Problem.
 */
export async function runStep(inputs: Inputs, runner: Runner, stop: Stop): Promise<void> {
  const { env } = runner;
  const event = await readEvent(env);
  if (inputs.dryRun) return dryRun({ inputs, event, runner, stop });
  const identity = chooseIdentity(inputs, env, event);
  await sweep(await homeRoot(env), runner);
  const home = await makeHome(runner);
  const network = openNetwork({ env, extraCaFile: inputs.extraCaFile });
  try {
    await issue({ inputs, identity, event, home, network, runner, stop });
  } finally {
    network.close();
  }
}

/** Removes what earlier runs left behind, and warns about what it can't remove. */
async function sweep(root: string, runner: Runner): Promise<void> {
  const { removed, left } = await sweepHomes(root, jobOf(runner.env));
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
  readonly home: Home;
  readonly network: Network;
  readonly runner: Runner;
  readonly stop: Stop;
}

async function issue(request: Issue): Promise<void> {
  const { inputs, identity, home, network, runner, stop } = request;
  const { signal } = stop;
  const { env, debugging } = runner;
  maskProof(identity, runner);
  stop.during(`asking ${inputs.way.address} for its cluster`);
  const cluster = await reachCluster(inputs, { network, signal, info: runner.info });
  stop.during('getting tbot');
  const wishes = { ...inputs, proxy: proxyOf(inputs.way) };
  const directory = programsOf(home);
  const tool = await install(
    onThisMachine({ inputs: wishes, cluster, network, directory, runner, signal }),
  );
  const caBundle = await caBundleOf(inputs, network, home);
  const serverVersion = cluster?.serverVersion;
  const place = { home: home.path, env, debugging };
  const plan = makePlan({ inputs, identity, tool, serverVersion, caBundle, ...place });
  for (const warning of plan.warnings) runner.warning('machine-id-action: ttl', warning);
  stop.during(`waiting for tbot, which joins by ${inputs.way.address}`);
  const context = contextOf(request, plan, cluster, tool.version);
  await join(plan, context, { home, runner, network, signal });
  stop.during('handing the credentials over');
  const credentials = await collect(plan, inputs, cluster?.name, runner);
  await publish({ inputs, cluster, identity, tool, credentials, caBundle }, home, runner);
}

/** What explains a refusal. */
function contextOf(
  { inputs, identity, event, runner }: Issue,
  { services }: Plan,
  cluster: Cluster | undefined,
  tbotVersion: string,
): JoinContext {
  return {
    way: inputs.way,
    cluster: cluster?.name,
    token: identity.method === 'token' ? undefined : inputs.token,
    identity,
    tbotVersion,
    job: jobFacts(runner.env, event),
    askedRoles: services.flatMap(({ service }) => rolesOf(service)),
  };
}

/** Go's SSL_CERT_FILE replaces the system's certificates, so tbot is given all of them in one file. */
async function caBundleOf(
  inputs: Inputs,
  network: Network,
  home: Home,
): Promise<string | undefined> {
  if (inputs.extraCaFile === undefined) return undefined;
  return writeIntoHome(home.path, 'ca-bundle.pem', await network.caBundle());
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
  checkIssuers(clusters, inputs.expectedCluster, inputs.way, announced);
  const notice = checkLifetime(credentials, inputs, Date.now());
  for (const text of [...(notice === undefined ? [] : [notice]), ...outliving(credentials)])
    runner.notice('machine-id-action', text);
  return credentials;
}
