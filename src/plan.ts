import type { Identity } from './methods/join-identity.ts';
import type { Inputs } from './inputs/inputs.ts';
import type { Tool } from './install/install.ts';
import type { Environment } from './ci/port.ts';
import { type TbotConfig, tbotConfig } from './tbot/config.ts';
import { tbotEnvironment } from './tbot/environment.ts';
import { checkAvailability } from './tbot/versions/fit.ts';
import { checkLongest } from './tbot/versions/longest.ts';
import { descriptorOf } from './services/index.ts';
import { named } from './services/names.ts';
import type { PlannedService } from './services/requests.ts';
import { kubernetesSupport, requestsFor } from './services/shorthands.ts';

export interface PlanRequest {
  readonly inputs: Inputs;
  readonly identity: Identity;
  readonly tool: Tool;
  /** Of the cluster; undefined where nobody told it. */
  readonly serverVersion: string | undefined;
  /** The private directory of this call. */
  readonly workdir: string;
  readonly env: Environment;
  /** Step debug logging is on. */
  readonly debugging: boolean;
  readonly caBundle: string | undefined;
}

/** The config's file in the home. */
export const configName = 'tbot.yaml';

/** Everything that will happen between here and the credentials. */
export interface Plan {
  readonly services: readonly PlannedService[];
  /** What will not come as it was asked for. */
  readonly warnings: readonly string[];
  readonly config: TbotConfig;
  readonly command: {
    readonly path: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
  };
}

/** What is to be done for these inputs with this tbot and this cluster; nothing is done yet. */
export function makePlan(request: PlanRequest): Plan {
  const { inputs, identity, workdir, tool } = request;
  const { version } = tool;
  const { serverVersion } = request;
  const wanted = named(requestsFor(inputs, kubernetesSupport(version, serverVersion)));
  const asked = { version, serverVersion, services: wanted };
  checkAvailability({ ...asked, identity });
  const warning = checkLongest(asked, inputs.certificateTtl);
  const services = wanted.map(({ request: { service }, ...names }) => ({
    ...names,
    service,
    dir: `${workdir}/${names.name}`,
  }));
  const { endpoint, token, certificateTtl: ttl } = inputs;
  const fips = tool.fips ?? false;
  return {
    services,
    warnings: warning === undefined ? [] : [warning],
    config: tbotConfig({ version, endpoint, token, identity, ttl, services, fips }),
    command: commandOf(request, services),
  };
}

function commandOf(request: PlanRequest, services: readonly PlannedService[]): Plan['command'] {
  const { inputs, identity, workdir, tool, env, caBundle, debugging } = request;
  return {
    path: tool.path,
    args: [
      'start',
      ...(debugging || hidesFailures(inputs.endpoint) ? ['--debug'] : []),
      '-c',
      `${workdir}/${configName}`,
    ],
    env: tbotEnvironment({
      env,
      identity,
      endpoint: inputs.endpoint,
      anonymousTelemetry: inputs.anonymousTelemetry,
      serviceVariables: services.flatMap(
        ({ service }) => descriptorOf(service.type).variables ?? [],
      ),
      caBundle,
    }),
    cwd: workdir,
  };
}

/**
 * When an Auth Service refuses, tbot tries the same address as a proxy's, and tells of that alone:
 * of a certificate that nobody knows. What came before is in its debug log (lib/auth/join/join.go,
 * lib/utils/cli.go).
 */
function hidesFailures({ kind }: Inputs['endpoint']): boolean {
  return kind === 'auth-server';
}
