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
import { secretKeys } from './methods/onboarding.ts';
import { credentialNames } from './services/requests.ts';

export interface DryRunRequest {
  readonly inputs: Inputs;
  readonly ci: CiPort;
  readonly stop: Stop;
}

interface Preview extends DryRunRequest {
  /** Undefined if there is no proxy to ask. */
  readonly cluster: Cluster | undefined;
  /** The tbot that would be used. */
  readonly tool: Pick<Tool, 'version' | 'fips'>;
}

/**
 * Shows what the step would do, without joining: sends only requests that need no identity. Throws a
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
  });
  for (const warning of plan.warnings) ci.warning('machine-id-action: ttl', warning);
  if (obstacle) ci.notice('machine-id-action', `This job could not join. ${obstacle}`);
  const secret = new Set(hasSecretToken(identity) ? ['token'] : []);
  ci.group('Dry run: the inputs as they are understood', inputLines(ci.inputs, secret));
  ci.group('Dry run: what this step would do', actionsOf(request, identity, plan));
  const config = await renderConfig(withoutSecrets(plan.config, identity));
  ci.group(`Dry run: the configuration of tbot ${version}`, config.trimEnd().split('\n'));
  ci.info('Dry run: nothing was joined, nothing was issued.');
}

/** Returns the identity to show; a job that cannot join sees its plan as well. */
function identityOf({ inputs, ci }: DryRunRequest): {
  readonly identity: Identity;
  readonly obstacle?: string;
} {
  try {
    return { identity: chooseIdentity(inputs, ci) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { identity: intendedIdentity(inputs), obstacle: error.message };
  }
}

function actionsOf(
  { inputs, cluster, tool }: Preview,
  identity: Identity,
  { services }: Plan,
): readonly string[] {
  const token = hasSecretToken(identity) ? 'the token given' : `the token ${inputs.token}`;
  return [
    cluster === undefined
      ? `Auth Service ${inputs.endpoint.address}, which was not asked anything`
      : `Cluster ${cluster.name}, version ${cluster.serverVersion}, by ${inputs.endpoint.address}`,
    `Use tbot ${tool.version}${tool.fips ? ', a FIPS build' : ''}`,
    `Join by ${identity.method} with ${token}`,
    ...services.flatMap((planned) =>
      credentialNames(planned).map((name) => `Issue \`${name}\` (${planned.service.type})`),
    ),
    ...(services.length === 0 ? ['Issue nothing'] : []),
  ];
}

/** Returns the config with `***` in place of secrets. */
function withoutSecrets(config: TbotConfig, identity: Identity): TbotConfig {
  const onboarding = Object.entries(config['onboarding'] ?? {}).map(
    ([key, value]: [string, unknown]) =>
      key === 'token' && hasSecretToken(identity) ? [key, '***'] : [key, masked(value)],
  );
  return { ...config, onboarding: Object.fromEntries(onboarding) };
}

function masked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, secretKeys.has(key) ? '***' : inner]),
  );
}
