import { Failure } from '../failure.ts';
import { labelOf, type Narration } from '../narration.ts';
import type { OutputService, Service } from '../service/service.ts';
import type { PlayedVersion } from '../versions.ts';
import { generateApplication } from './application.ts';
import { generateAwsCredentials } from './aws-credentials.ts';
import type { OutputContext } from './context.ts';
import { generateDatabase } from './database.ts';
import { generateIdentity } from './identity.ts';
import { generateKubernetes, generateKubernetesV2 } from './kubernetes.ts';
import { generateSshHost } from './ssh-host.ts';
import { generateJwtSvid, generateX509Svid } from './svid.ts';

type Context = Omit<OutputContext, 'cancelled'>;

/**
 * Generates all outputs in order or, depending on the version, concurrently: then the first failure
 * cancels the others, which may have written some files. Source: `lib/tbot/bot/bot.go`.
 */
export async function generateAll(
  services: readonly Service[],
  context: Context,
  narration: Narration,
): Promise<void> {
  const controller = new AbortController();
  const one = async (service: Service) => {
    if (service.type === 'long-running') return narration.skipped(service);
    narration.generating(service);
    try {
      await generate(service, { ...context, cancelled: controller.signal });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      narration.failed(service, error);
      throw wrap(error, service, context.cluster.version);
    }
    narration.generated(service);
  };
  if (context.cluster.version.entry === 'output') {
    for (const service of services) await one(service);
    return;
  }
  const failures: unknown[] = [];
  await Promise.all(
    services.map((service) =>
      one(service).catch((error: unknown) => {
        failures.push(error);
        controller.abort();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
}

function wrap(error: Failure, service: OutputService, version: PlayedVersion): Failure {
  const label = labelOf(service, version);
  if (version.entry === 'service') return error.within(`service(${label})`);
  // Recorded from 15.0.0-dev: the activity is not printed.
  const cause = new Failure(error.message, [], error.kind);
  return cause.within(`generating impersonated certs for output: ${label}`);
}

/** Generates one output. */
export async function generate(service: OutputService, context: OutputContext): Promise<void> {
  if (context.fault.kind === 'not-issued') throw new Failure(context.fault.message);
  switch (service.type) {
    case 'identity':
      return generateIdentity(service, context);
    case 'application':
      return generateApplication(service, context);
    case 'database':
      return generateDatabase(service, context);
    case 'kubernetes':
      return generateKubernetes(service, context);
    case 'kubernetes/v2':
      return generateKubernetesV2(service, context);
    case 'ssh_host':
      return generateSshHost(service, context);
    case 'workload-identity-x509':
      return generateX509Svid(service, context);
    case 'workload-identity-jwt':
      return generateJwtSvid(service, context);
    case 'workload-identity-aws-roles-anywhere':
      return generateAwsCredentials(service, context);
    default:
      return service satisfies never;
  }
}
