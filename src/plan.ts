import type { Identity } from './methods/join-identity.ts';
import type { Inputs } from './inputs/inputs.ts';
import type { Tool } from './install/install.ts';
import type { Environment } from './ci/port.ts';
import { type TbotConfig, tbotConfig } from './tbot/config.ts';
import { tbotEnvironment } from './tbot/environment.ts';
import { checkAvailability, checkRequestedLifetimes } from './tbot/version-checks.ts';
import { descriptorOf } from './services/index.ts';
import { named } from './services/names.ts';
import type { PlannedService } from './services/requests.ts';
import { kubernetesSupport, requestsFor } from './services/shorthands.ts';

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
  /** Free loopback ports, as many as `portsNeeded` returns. */
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
  readonly background?: {
    /** The address of tbot's diagnostics, as `host:port`. */
    readonly diagnostics: string;
  };
}

/** Returns how many free loopback ports a plan for these inputs needs; 0 in oneshot mode. */
export function portsNeeded(inputs: Inputs): number {
  return inputs.mode === 'oneshot' ? 0 : 1;
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
  const services = requests.map(({ request: { service }, ...names }) => ({
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
    ...(inputs.mode === 'oneshot'
      ? {}
      : { background: { diagnostics: `127.0.0.1:${request.ports[0] ?? 0}` } }),
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
