import type { Cluster } from './cluster/cluster.ts';
import { probeCluster } from './cluster/probe.ts';
import { proxyOf } from './cluster/endpoint.ts';
import { chooseIdentity, intendedIdentity } from './methods/choose.ts';
import { hasSecretToken, type Identity } from './methods/join-identity.ts';
import type { Inputs } from './inputs/inputs.ts';
import { inputLines } from './inputs/listing.ts';
import { previewTool, type Tool } from './install/install.ts';
import { onThisMachine } from './install/request.ts';
import { openHttpClient } from './http/client.ts';
import { makePlan, type Plan } from './plan.ts';
import { Problem } from './problem.ts';
import type { Runner } from './ci/port.ts';
import type { Stop } from './stop.ts';
import { type TbotConfig, renderConfig } from './tbot/config.ts';
import { secretKeys } from './methods/onboarding.ts';

export interface DryRunRequest {
  readonly inputs: Inputs;
  readonly event: unknown;
  readonly runner: Runner;
  readonly stop: Stop;
}

interface Seen extends DryRunRequest {
  /** Undefined where no proxy was asked. */
  readonly cluster: Cluster | undefined;
  /** The tbot that would be used. */
  readonly tool: Pick<Tool, 'version' | 'fips'>;
}

/**
 * Asks what may be asked by everybody, shows what the step would do, and does nothing of it. Throws
 * a Problem.
 */
export async function dryRun(request: DryRunRequest): Promise<void> {
  const { inputs, runner, stop } = request;
  const { signal } = stop;
  const network = openHttpClient({ env: runner.env, extraCaFile: inputs.extraCaFile });
  try {
    stop.during(`asking ${inputs.endpoint.address} for its cluster`);
    const cluster = await probeCluster(inputs, { network, signal, info: runner.info });
    stop.during('finding out which tbot there would be');
    const options = { ...inputs, proxy: proxyOf(inputs.endpoint) };
    const tool = await previewTool(
      onThisMachine({ inputs: options, cluster, network, directory: '', runner, signal }),
    );
    await show({ ...request, cluster, tool });
  } finally {
    network.close();
  }
}

async function show(request: Seen): Promise<void> {
  const { inputs, cluster, tool, runner } = request;
  const { version } = tool;
  const { identity, obstacle } = identityOf(request);
  const plan = makePlan({
    inputs,
    identity,
    tool: { path: 'tbot', source: 'archive', ...tool },
    serverVersion: cluster?.serverVersion,
    workdir: `${runner.env['RUNNER_TEMP'] ?? ''}/machine-id-...`,
    env: runner.env,
    debugging: runner.debugging,
    caBundle: undefined,
  });
  for (const warning of plan.warnings) runner.warning('machine-id-action: ttl', warning);
  if (obstacle) runner.notice('machine-id-action', `This job could not join. ${obstacle}`);
  const secret = new Set(hasSecretToken(identity) ? ['token'] : []);
  runner.group('Dry run: the inputs as they are understood', inputLines(runner.inputs, secret));
  runner.group('Dry run: what this step would do', story(request, identity, plan));
  const config = await renderConfig(withoutSecrets(plan.config, identity));
  runner.group(`Dry run: the configuration of tbot ${version}`, config.trimEnd().split('\n'));
  runner.info('Dry run: nothing was joined, nothing was issued.');
}

/** A job that could not join can see the plan all the same. */
function identityOf({ inputs, event, runner }: DryRunRequest): {
  readonly identity: Identity;
  readonly obstacle?: string;
} {
  try {
    return { identity: chooseIdentity(inputs, runner.env, event) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { identity: intendedIdentity(inputs), obstacle: error.message };
  }
}

function story(
  { inputs, cluster, tool }: Seen,
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
    ...services.map(({ name, service }) => `Issue \`${name}\` (${service.type})`),
    ...(services.length === 0 ? ['Issue nothing'] : []),
  ];
}

/** The config with what is secret in it blanked. */
function withoutSecrets(config: TbotConfig, identity: Identity): TbotConfig {
  const onboarding = Object.entries(config['onboarding'] ?? {}).map(
    ([key, value]: [string, unknown]) =>
      key === 'token' && hasSecretToken(identity) ? [key, '***'] : [key, blanked(value)],
  );
  return { ...config, onboarding: Object.fromEntries(onboarding) };
}

function blanked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, secretKeys.has(key) ? '***' : inner]),
  );
}
