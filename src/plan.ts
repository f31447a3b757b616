import type { Identity } from './methods/join-identity.ts';
import type { Inputs } from './inputs/inputs.ts';
import type { Tool } from './install/install.ts';
import type { Environment } from './ci/port.ts';
import { type Background, type TbotConfig, tbotConfig } from './tbot/config.ts';
import { tbotEnvironment } from './tbot/environment.ts';
import { checkAvailability, checkRequestedLifetimes } from './tbot/version-checks.ts';
import { needsPort, withAddresses } from './services/addresses.ts';
import { intervalFor } from './services/client-certificate.ts';
import { descriptorOf } from './services/index.ts';
import { named } from './services/names.ts';
import type { PlannedService } from './services/requests.ts';
import { kubernetesSupport, newestKubernetes, requestsFor } from './services/shorthands.ts';

export interface PlanRequest {
  readonly inputs: Inputs;
  readonly identity: Identity;
  readonly tool: Tool;
  /** Version of the cluster; undefined if it is unknown. */
  readonly serverVersion: string | undefined;
  /** Path of the private directory. */
  readonly workdir: string;
  readonly env: Environment;
  /** Whether step debug logging is on. */
  readonly debugging: boolean;
  /**
   * Path of a file with all trusted CA certificates; undefined if tbot uses those of the system.
   */
  readonly caBundle: string | undefined;
  /** Free loopback ports, as many as `portsNeeded` returns; 0 stands for a missing one. */
  readonly ports: readonly number[];
}

/** Name of the config file in the private directory. */
export const configName = 'tbot.yaml';

/** What is needed to run tbot, and which credentials it issues. */
export interface Plan {
  readonly services: readonly PlannedService[];
  /** Differences between the request and the credentials that will be issued. */
  readonly warnings: readonly string[];
  readonly config: TbotConfig;
  readonly command: {
    readonly path: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
  };
  /** Set in background mode only. */
  readonly background?: Background;
}

/**
 * Returns how many free loopback ports a plan for these inputs needs: in background mode one for tbot's
 * diagnostics and one for each tunnel without a port.
 */
export function portsNeeded(inputs: Inputs): number {
  if (inputs.mode === 'oneshot') return 0;
  const requests = requestsFor(inputs, newestKubernetes);
  return 1 + requests.filter(({ service }) => needsPort(service)).length;
}

/**
 * Returns the plan for these inputs with this version of tbot and of the cluster. Throws a Problem
 * `version` or `ttl` if they do not support it.
 */
export function makePlan(request: PlanRequest): Plan {
  const { inputs, identity, workdir, tool } = request;
  const { version } = tool;
  const { serverVersion } = request;
  const requests = named(requestsFor(inputs, kubernetesSupport(version, serverVersion)));
  const versioned = { version, serverVersion, services: requests };
  checkAvailability({ ...versioned, identity });
  const warning = checkRequestedLifetimes(versioned, inputs.certificateTtl);
  const [diagnosticsPort = 0, ...ports] = request.ports;
  const services = withAddresses(
    requests.map(({ request: { service }, ...names }) => ({
      ...names,
      service,
      dir: `${workdir}/${names.name}`,
    })),
    { workdir, ports },
  );
  const background = backgroundOf(inputs, diagnosticsPort);
  const { endpoint, token, certificateTtl: ttl } = inputs;
  const fips = tool.fips ?? false;
  return {
    services,
    warnings: warning === undefined ? [] : [warning],
    config: tbotConfig({ version, endpoint, token, identity, ttl, services, fips, background }),
    command: commandOf(request, services),
    ...(background === undefined ? {} : { background }),
  };
}

function backgroundOf(
  { mode, certificateTtl, renewalInterval }: Inputs,
  port: number,
): Background | undefined {
  if (mode === 'oneshot') return undefined;
  return {
    diagnostics: `127.0.0.1:${port}`,
    renewalInterval: renewalInterval ?? intervalFor(certificateTtl),
  };
}

function commandOf(request: PlanRequest, services: readonly PlannedService[]): Plan['command'] {
  const { inputs, identity, workdir, tool, env, caBundle, debugging } = request;
  return {
    path: tool.path,
    args: [
      'start',
      ...(debugging || needsDebugLog(inputs.endpoint) ? ['--debug'] : []),
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
 * Returns whether tbot logs the reason of a failed join only with `--debug`. After an Auth Service
 * denies a join, tbot tries its address as a proxy's and reports only the error of that attempt, an
 * untrusted certificate (lib/auth/join/join.go, lib/utils/cli.go).
 */
function needsDebugLog({ kind }: Inputs['endpoint']): boolean {
  return kind === 'auth-server';
}
