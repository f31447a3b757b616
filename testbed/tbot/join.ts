import { checkAuthServer } from './address.ts';
import { azureProof } from './azure.ts';
import { type Cluster, post, secondWay } from './cluster.ts';
import type { BotConfig } from './config.ts';
import { bothStrategies, bothWays, Failure } from './failure.ts';
import { githubIdToken } from './github.ts';
import type { Validity } from './narration.ts';
import { tokenFor } from './oidc-token.ts';
import { knownByPins } from './pins.ts';

/** The joined bot. */
export interface Joined extends Validity {
  /** Bearer of the following requests. */
  readonly identity: string;
  readonly clusterName: string;
}

/** The endpoint that accepted the join. */
interface Entry {
  readonly joined: Joined;
  readonly cluster: Cluster;
}

/** Joins the cluster. Throws the Failure of the real program. */
export async function joinCluster(config: BotConfig, place: Omit<Cluster, 'web'>): Promise<Entry> {
  const { onboarding } = config;
  if (onboarding.token === '') {
    throw new Failure('no existing identity found on disk or join token configured');
  }
  return await rejoinCluster(config, place).catch((error: unknown) => {
    if (!(error instanceof Failure) || !place.version.indentsCauses) throw error;
    throw error.within(
      'building identity service',
      'initializing identity service',
      'joining with token',
    );
  });
}

/** Joins for a renewal. The Failure does not have the contexts of the first join. */
export async function rejoinCluster(
  config: BotConfig,
  { kind, ...place }: Omit<Cluster, 'web'>,
): Promise<Entry> {
  const proxy = { ...place, kind: 'proxy', web: place.reach } as const;
  return kind === 'auth' ? await byAuthServer(config, proxy) : await enter(config, proxy);
}

async function enter(config: BotConfig, cluster: Cluster): Promise<Entry> {
  return { cluster, joined: { ...(await register(config, cluster)), by: cluster.kind } };
}

// Source: lib/auth/join/join.go.
const registration = { component: 'AUTH', caller: 'join/join.go' };

/** Joins through the address in `auth_server`: first as an Auth Service, then as a proxy. */
async function byAuthServer(config: BotConfig, proxy: Cluster): Promise<Entry> {
  const { version, log } = proxy;
  log.debug(registration, 'Registering node to the cluster.', { auth_servers: proxy.address });
  const direct = await directly(config, proxy);
  if (direct && 'joined' in direct) return direct;
  const entry = await enter(config, proxy).catch((error: unknown) => {
    if (!(error instanceof Failure) || !direct) throw error;
    throw bothStrategies(direct.failure, error);
  });
  checkAuthServer(version, log);
  return entry;
}

/** Returns undefined if there is no Auth Service. The attempt with the proxy explains it. */
async function directly(
  config: BotConfig,
  proxy: Cluster,
): Promise<Entry | { readonly failure: Failure } | undefined> {
  const known = await knownByPins(proxy, config.onboarding.caPins).catch(failed);
  if (known === undefined) return undefined;
  if ('failure' in known)
    return proxy.version.triesTwoWays && !isOfPins(known.failure) ? undefined : known;
  const entry = await enter(config, known).catch(failed);
  if ('failure' in entry && proxy.version.endsAtDenial) throw entry.failure;
  return entry;
}

function failed(error: unknown): { readonly failure: Failure } {
  if (!(error instanceof Failure)) throw error;
  return { failure: error };
}

/** The recorded message of 15 for an address without a listener. */
function isOfPins({ message }: Failure): boolean {
  return /certificate/.test(message);
}

async function register(config: BotConfig, cluster: Cluster): Promise<Omit<Joined, 'by'>> {
  const { token, joinMethod: method } = config.onboarding;
  const request = { method, token, ttlSeconds: config.lifetime.ttl };
  switch (method) {
    case 'github': {
      const idToken = await githubIdToken(cluster.reach);
      return await post(cluster, '/testbed/join', { ...request, idToken }, { speech: 'http' });
    }
    case 'gitlab':
    case 'circleci':
    case 'azure_devops':
    case 'generic_oidc': {
      const idToken = await tokenFor(method, config.onboarding, cluster.reach);
      return await post(cluster, '/testbed/join', { ...request, idToken }, { speech: 'grpc' });
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
