import { Failure } from '../failure.ts';
import type { BackgroundService } from '../service/background.ts';
import { proxyApplications } from './application-proxy.ts';
import { tunnelApplication, tunnelDatabase } from './tunnel.ts';
import type { Running } from './service.ts';

/** Runs a service until tbot exits. Throws the Failure that makes it exit. */
export async function runService(service: BackgroundService, running: Running): Promise<never> {
  switch (service.type) {
    case 'application-tunnel':
      return await tunnelApplication(service, running);
    case 'database-tunnel':
      return await tunnelDatabase(service, running);
    case 'application-proxy':
      return await proxyApplications(service, running);
    case 'ssh-multiplexer': {
      const { multiplex } = await import('./multiplexer.ts');
      return await multiplex(service, running);
    }
    case 'identity/key-agent': {
      const { runKeyAgent } = await import('./key-agent.ts');
      return await runKeyAgent(service, running);
    }
    case 'workload-identity-api':
    case 'spiffe-workload-api': {
      const { serveWorkloadApi } = await import('./workload-api.ts');
      return await serveWorkloadApi(service, running);
    }
    case 'not-played':
      throw new Failure(`the stand-in does not play the type ${service.played}`);
    default:
      return service satisfies never;
  }
}
