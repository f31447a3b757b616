import type { Identity } from './identity/identity.ts';
import type { Inputs } from './inputs/inputs.ts';
import type { Tool } from './install/install.ts';
import type { Environment } from './runner.ts';
import { type TbotConfig, tbotConfig } from './tbot/config.ts';
import { tbotEnvironment } from './tbot/environment.ts';
import type { PlannedService, Service } from './tbot/services.ts';

export interface PlanRequest {
  readonly inputs: Inputs;
  readonly identity: Identity;
  readonly tool: Tool;
  /** The private directory of this call. */
  readonly home: string;
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
  const { inputs, identity, home, tool } = request;
  const services = plannedServices(servicesOf(inputs), home);
  return {
    services,
    config: tbotConfig({
      version: tool.version,
      proxy: inputs.proxy,
      token: inputs.token,
      identity,
      ttl: inputs.certificateTtl,
      services,
      fips: tool.fips ?? false,
    }),
    command: {
      path: tool.path,
      args: ['start', ...(request.debugging ? ['--debug'] : []), '-c', `${home}/${configName}`],
      env: tbotEnvironment({
        env: request.env,
        identity,
        anonymousTelemetry: inputs.anonymousTelemetry,
        caBundle: request.caBundle,
      }),
      cwd: home,
    },
  };
}

function servicesOf(inputs: Inputs): readonly Service[] {
  if (inputs.services === 'none') return [];
  return [{ type: 'identity', allowReissue: inputs.allowReissue }];
}

function plannedServices(services: readonly Service[], home: string): readonly PlannedService[] {
  return services.map((service) => ({
    name: service.type,
    service,
    dir: `${home}/${service.type}`,
  }));
}
