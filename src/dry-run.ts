import { type Cluster, probeCluster } from './cluster/cluster.ts';
import { proxyOf } from './cluster/endpoint.ts';
import { chooseIdentity, intendedIdentity } from './methods/choose.ts';
import { hasSecretToken, type Identity } from './methods/join-identity.ts';
import { inputLines, type Inputs } from './inputs/inputs.ts';
import { previewTool, type Tool } from './install/install.ts';
import { onThisMachine } from './install/request.ts';
import { openHttpClient } from './http/client.ts';
import { makePlan, type Plan } from './plan.ts';
import { Problem } from './problem.ts';
import type { CiPort } from './ci/port.ts';
import type { Stop } from './process/stop.ts';
import { type TbotConfig, renderConfig } from './tbot/config.ts';
import { secretKeys, secretsOf } from './methods/onboarding.ts';
import { writeSummary } from './publish/publish.ts';
import { dryRunSummary } from './publish/summary.ts';
import { descriptorOf } from './services/index.ts';
import { credentialNames, type PlannedService } from './services/requests.ts';
import { formatDuration } from './text/time.ts';

export interface DryRunRequest {
  readonly inputs: Inputs;
  readonly ci: CiPort;
  readonly stop: Stop;
}

interface Preview extends DryRunRequest {
  /** Undefined if the endpoint is an Auth Service. */
  readonly cluster: Cluster | undefined;
  readonly tool: Pick<Tool, 'version' | 'fips'>;
}

/**
 * Shows what the step would do, without a join: sends only requests that need no identity. Throws a
 * Problem.
 */
export async function dryRun(request: DryRunRequest): Promise<void> {
  const { inputs, ci, stop } = request;
  const { signal } = stop;
  const network = openHttpClient({ env: ci.env, extraCaFile: inputs.extraCaFile });
  try {
    stop.during(`querying ${inputs.endpoint.address}`);
    const cluster = await probeCluster(inputs, { network, signal, info: ci.info });
    stop.during('selecting the tbot version');
    const options = { ...inputs, proxy: proxyOf(inputs.endpoint) };
    const tool = await previewTool(
      onThisMachine({ inputs: options, cluster, network, directory: '', ci, signal }),
    );
    await show({ ...request, cluster, tool });
  } finally {
    network.close();
  }
}

async function show(request: Preview): Promise<void> {
  const { inputs, cluster, tool, ci } = request;
  const { version } = tool;
  const { identity, obstacle } = identityOf(request);
  const plan = makePlan({
    inputs,
    identity,
    tool: { path: 'tbot', source: 'archive', ...tool },
    serverVersion: cluster?.serverVersion,
    workdir: `${ci.directories.temp ?? ''}/machine-id-...`,
    env: ci.env,
    debugging: ci.debugging,
    caBundle: undefined,
    ports: [],
  });
  for (const warning of plan.warnings) ci.warning('machine-id-action: ttl', warning);
  if (obstacle) ci.notice('machine-id-action', obstacle);
  const heading = `${obstacle ? 'If this job could join' : 'Without `dry-run`'}, this step would:`;
  const actions = actionsOf(request, identity, plan);
  const config = (await renderConfig(withoutSecrets(plan.config, identity))).trimEnd();
  for (const line of [heading, ...actions.map((action) => `- ${action}`)]) ci.info(line);
  ci.group('Inputs', inputLines(ci.inputs, await maskedInputs(inputs, identity)));
  ci.group(`Configuration of tbot ${version}`, config.split('\n'));
  ci.info('Dry run: this step did not join the cluster and issued no credentials.');
  if (inputs.summary === 'always')
    await writeSummary(dryRunSummary({ obstacle, heading, actions, config }), ci);
}

/** Returns the identity to show, and why this job cannot join with it. */
function identityOf({ inputs, ci }: DryRunRequest): {
  readonly identity: Identity;
  readonly obstacle?: string;
} {
  try {
    return { identity: chooseIdentity(inputs, ci) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return {
      identity: intendedIdentity(inputs, ci),
      obstacle: `This job cannot join. ${error.message}`,
    };
  }
}

function actionsOf(
  { inputs, cluster, tool }: Preview,
  identity: Identity,
  { services, background }: Plan,
): readonly string[] {
  const { address } = inputs.endpoint;
  const token = hasSecretToken(identity) ? 'a secret join token' : `join token \`${inputs.token}\``;
  const where =
    cluster === undefined
      ? `through Auth Service ${address} (not contacted by a dry run)`
      : `${cluster.name} (Teleport ${cluster.serverVersion}) through ${address}`;
  return [
    `use tbot ${tool.version}${tool.fips ? ' (FIPS build)' : ''}`,
    `join ${where} with join method \`${identity.method}\` and ${token}`,
    ...services.flatMap((planned) =>
      credentialNames(planned).map((name) => actionFor(name, planned)),
    ),
    ...(services.length === 0 ? ['issue no credentials'] : []),
    ...(background === undefined
      ? []
      : [
          `keep tbot running until the job ends, with renewals every ${formatDuration(background.renewalInterval)}`,
        ]),
  ];
}

function actionFor(name: string, { service: { type }, listen }: PlannedService): string {
  const { serves } = descriptorOf(type);
  const at = listen?.replace(/:0$/, ' on a free port');
  return `${serves ? 'serve' : 'issue'} \`${name}\` (${type})${at === undefined ? '' : ` at ${at}`}`;
}

/** Returns the texts to show in place of inputs that contain secrets. */
async function maskedInputs(
  { onboarding = {} }: Inputs,
  identity: Identity,
): Promise<Readonly<Record<string, string>>> {
  return {
    ...(hasSecretToken(identity) ? { token: '***' } : {}),
    ...(secretsOf(onboarding).length > 0
      ? { onboarding: await renderConfig(withMaskedValues(onboarding)) }
      : {}),
  };
}

/** Returns the config with `***` in place of secrets. */
function withoutSecrets(config: TbotConfig, identity: Identity): TbotConfig {
  const onboarding = withMaskedValues(config['onboarding'] ?? {});
  const token = hasSecretToken(identity) ? { token: '***' } : {};
  return { ...config, onboarding: { ...onboarding, ...token } };
}

function withMaskedValues(onboarding: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(onboarding).map(([key, value]: [string, unknown]) => [key, masked(value)]),
  );
}

function masked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, secretKeys.has(key) ? '***' : inner]),
  );
}
