import { azureProof } from './azure.ts';
import { type Cluster, post, secondWay } from './cluster.ts';
import type { BotConfig } from './config.ts';
import { bothWays, Failure } from './failure.ts';
import { githubIdToken } from './github.ts';
import type { Validity } from './narration.ts';

/** The bot once it joined. */
export interface Joined extends Validity {
  /** Bearer for what follows. */
  readonly identity: string;
  readonly clusterName: string;
}

/** Proves who this is and joins; throws the Failure the real program would end with. */
export async function joinCluster(config: BotConfig, cluster: Cluster): Promise<Joined> {
  const { onboarding } = config;
  if (onboarding.token === '') {
    throw new Failure('no existing identity found on disk or join token configured');
  }
  return await register(config, cluster).catch((error: unknown) => {
    if (!(error instanceof Failure) || !cluster.version.indentsCauses) throw error;
    throw error.within(
      'building identity service',
      'initializing identity service',
      'joining with token',
    );
  });
}

async function register(config: BotConfig, cluster: Cluster): Promise<Joined> {
  const { token, joinMethod: method } = config.onboarding;
  const request = { method, token, ttlSeconds: config.lifetime.ttl };
  switch (method) {
    case 'github': {
      const idToken = await githubIdToken(cluster.reach);
      return await post(cluster, '/testbed/join', { ...request, idToken }, { speech: 'http' });
    }
    case 'azure':
      return await registerByAzure(config, cluster, request);
    default:
      throw new Failure(`the stand-in does not play the join method ${method} yet`);
  }
}

async function registerByAzure(
  config: BotConfig,
  cluster: Cluster,
  request: object,
): Promise<Joined> {
  const speech = 'grpc';
  const { session, challenge }: { session: string; challenge: string } = await post(
    cluster,
    '/testbed/join/challenge',
    {},
    { speech },
  );
  const proof = await azureProof(challenge, config.onboarding.azureClientId, cluster.reach).catch(
    (error: unknown) => {
      if (!(error instanceof Failure) || !cluster.version.triesTwoWays) throw error;
      throw bothWays(error, secondWay(speech));
    },
  );
  return await post(cluster, '/testbed/join', { ...request, session, ...proof }, { speech });
}
