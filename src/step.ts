import { askCluster } from './cluster/cluster.ts';
import { checkExpected } from './cluster/expected.ts';
import { type Home, homeRoot, jobOf, makeHome, programsOf, writeIntoHome } from './home/home.ts';
import { sweepHomes } from './home/sweep.ts';
import { readEvent } from './identity/event.ts';
import { chooseIdentity } from './identity/identity.ts';
import { jobFacts } from './identity/job.ts';
import type { Inputs } from './inputs/inputs.ts';
import { install } from './install/install.ts';
import { join } from './join.ts';
import { checkLifetime } from './lifetime.ts';
import { type Network, openNetwork } from './network/network.ts';
import { makePlan, type Plan } from './plan.ts';
import { publish } from './publish/publish.ts';
import type { Runner } from './runner.ts';
import { type Credential, readCredential } from './tbot/credentials.ts';

/**
 * The line from inputs to credentials: prove nothing before the cluster is known, remember the home
 * before it is made, publish nothing before all of it is checked. Throws a Problem.
 */
export async function runStep(inputs: Inputs, runner: Runner, signal: AbortSignal): Promise<void> {
  const { env, debugging } = runner;
  const { proxy, token } = inputs;
  const event = await readEvent(env);
  const identity = chooseIdentity(inputs, env, event);
  const swept = await sweepHomes(await homeRoot(env), jobOf(env));
  if (swept > 0)
    runner.info(`Removed what ${swept} earlier ${swept === 1 ? 'run' : 'runs'} had to leave here.`);
  const home = await makeHome(runner);
  const network = openNetwork({ env, extraCaFile: inputs.extraCaFile });
  try {
    const cluster = await askCluster(proxy, { network, signal, info: runner.info });
    checkExpected(cluster.name, inputs.expectedCluster, `${proxy} is the proxy of`);
    const tool = await install({
      inputs,
      cluster,
      network,
      directory: programsOf(home),
      env,
      platform: process.platform,
      arch: process.arch,
      runner,
      signal,
    });
    const caBundle = await caBundleOf(inputs, network, home);
    const plan = makePlan({ inputs, identity, tool, home: home.path, env, debugging, caBundle });
    const job = jobFacts(env, event);
    const tbotVersion = tool.version;
    const context = { proxy, cluster: cluster.name, token, identity, tbotVersion, job };
    await join(plan, context, { home, runner, network, signal });
    const credentials = await collect(plan, inputs, runner);
    await publish({ inputs, cluster, identity, tool, credentials, caBundle }, home, runner);
  } finally {
    network.close();
  }
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
async function collect(plan: Plan, inputs: Inputs, runner: Runner): Promise<readonly Credential[]> {
  const credentials: Credential[] = [];
  for (const planned of plan.services) credentials.push(await readCredential(planned, runner.mask));
  for (const { certificate } of credentials)
    checkExpected(certificate.cluster, inputs.expectedCluster, 'The certificate is of');
  const notice = checkLifetime(credentials, inputs, Date.now());
  if (notice !== undefined) runner.notice('machine-id-action', notice);
  return credentials;
}
