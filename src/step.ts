import { type Cluster, probeCluster } from './cluster/cluster.ts';
import { checkIssuers } from './cluster/expected-cluster.ts';
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
import { install } from './install/install.ts';
import { onThisMachine } from './install/request.ts';
import { join } from './join.ts';
import { checkLifetime, revocationNotices } from './services/lifetime.ts';
import { type HttpClient, openHttpClient } from './http/client.ts';
import { makePlan, type Plan } from './plan.ts';
import { publish } from './publish/publish.ts';
import type { CiPort } from './ci/port.ts';
import type { Stop } from './process/stop.ts';
import type { Credential } from './services/credential.ts';
import { readCredential } from './services/verify.ts';
import type { JoinContext } from './tbot/diagnosis/explain.ts';
import { credentialNames, rolesOf } from './services/requests.ts';

/**
 * Joins the cluster and publishes the requested credentials. Saves the path of the private directory
 * before it creates it, verifies the endpoint before tbot sends the job's identity, and checks all
 * credentials before it publishes one. Throws a Problem.
 */
export async function runStep(inputs: Inputs, ci: CiPort, stop: Stop): Promise<void> {
  if (inputs.dryRun) return dryRun({ inputs, ci, stop });
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

/** Removes private directories of earlier jobs, and warns about those that cannot be removed. */
async function sweep(root: string, ci: CiPort): Promise<void> {
  const { removed, left } = await sweepWorkdirs(root, ci.job.key);
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
  const { signal } = stop;
  const { env, debugging } = ci;
  maskVariables(identity, ci);
  stop.during(`querying ${inputs.endpoint.address}`);
  const cluster = await probeCluster(inputs, { network, signal, info: ci.info });
  stop.during('installing tbot');
  const options = { ...inputs, proxy: proxyOf(inputs.endpoint) };
  const directory = programsOf(workdir);
  const tool = await install(
    onThisMachine({ inputs: options, cluster, network, directory, ci, signal }),
  );
  const caBundle = await caBundleOf(inputs, network, workdir);
  const serverVersion = cluster?.serverVersion;
  const place = { workdir: workdir.path, env, debugging };
  const plan = makePlan({ inputs, identity, tool, serverVersion, caBundle, ...place });
  for (const warning of plan.warnings) ci.warning('machine-id-action: ttl', warning);
  stop.during(`waiting for tbot to join through ${inputs.endpoint.address}`);
  const context = contextOf(request, plan, cluster, tool.version);
  await join(plan, context, { workdir, ci, network, signal });
  stop.during('publishing the credentials');
  const credentials = await collect(plan, inputs, cluster?.name, ci);
  await publish({ inputs, cluster, identity, tool, credentials, caBundle }, workdir, ci);
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

/** Reads the issued credentials and checks them against the inputs. */
async function collect(
  plan: Plan,
  inputs: Inputs,
  announced: string | undefined,
  ci: CiPort,
): Promise<readonly Credential[]> {
  const credentials: Credential[] = [];
  for (const planned of plan.services) {
    const credential = await readCredential(planned, ci.debug);
    credentials.push(...credentialNames(planned).map((name) => ({ ...credential, name })));
  }
  const clusters = credentials.map(({ cluster }) => cluster);
  checkIssuers(clusters, inputs.expectedCluster, inputs.endpoint, announced);
  const notice = checkLifetime(credentials, inputs, Date.now());
  for (const text of [...(notice === undefined ? [] : [notice]), ...revocationNotices(credentials)])
    ci.notice('machine-id-action', text);
  return credentials;
}
