import type { Authority } from '../ca.ts';
import { defaultResources } from '../defaults.ts';
import type { Faults } from '../faults.ts';
import { createStrikes } from '../loopback.ts';
import { type AuthServer, startAuthServer } from './auth-server.ts';
import { type ClusterAuthorities, createClusterAuthorities } from './authorities.ts';
import type { ImdsTrust } from './azure.ts';
import { createJoinService, type JoinRecord } from './join.ts';
import { type DatabaseAddress, databaseProtocols, joinDatabase } from './database-access.ts';
import { type Faces, listenSwitched } from './listener.ts';
import type { OidcIssuers } from './oidc-job.ts';
import { joinNode, type NodeAddress } from './node-access.ts';
import type { Bot, JoinToken, Resources } from './resources.ts';
import { answer } from './routes.ts';
import { majorOf, type WebOptions } from './web.ts';

/** A cluster with one proxy. */
export interface ProxyOptions extends WebOptions {
  readonly bots: Readonly<Record<string, Bot>>;
  readonly tokens: Readonly<Record<string, JoinToken>>;
  /** Default: those of testbed/defaults.ts. */
  readonly resources?: Resources;
  readonly faults: Faults;
  /** Signs the proxy's TLS certificate. */
  readonly webAuthority: Authority;
  /** Signs the certificate for the fault 'untrusted'. */
  readonly strangerAuthority: Authority;
  /** URL of the issuer of OIDC tokens. */
  readonly githubIssuer: () => string;
  readonly imdsTrust: () => ImdsTrust;
  readonly issuers?: OidcIssuers;
  /** Response of `/v1/webapi/automaticupgrades/channel/default/version`. HTTP 404 if absent. */
  readonly channelVersion?: string;
}

/** A received HTTP request. */
export interface ProxyRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
}

/** A running proxy. */
export interface ProxyServer extends AsyncDisposable {
  /** `127.0.0.1:PORT`. The certificate is also valid for localhost, ::1 and the cluster. */
  readonly address: string;
  readonly requests: readonly ProxyRequest[];
  readonly joins: readonly JoinRecord[];
  /** The Auth Service behind it, which can be joined directly. */
  readonly authServer: AuthServer;
  /** The CAs of the cluster. */
  readonly authorities: ClusterAuthorities;
  /** The addresses of the nodes. A node without an address is offline. Can be changed at any time. */
  readonly nodes: Map<string, NodeAddress | undefined>;
  /** The addresses of databases. A database without an address is offline. Can be changed at any time. */
  readonly databases: Map<string, DatabaseAddress | undefined>;
  /** URLs of Kubernetes API servers. A cluster without one has a single pod. Can be changed at any time. */
  readonly apiServers: Map<string, string>;
  /** The join tokens. Can be changed at any time. */
  readonly tokens: Record<string, JoinToken>;
}

/** Starts the proxy on a port of loopback. */
export async function startProxy(options: ProxyOptions): Promise<ProxyServer> {
  const requests: ProxyRequest[] = [];
  const teleportMajor = majorOf(options.teleportVersion);
  const now = () => new Date(Date.now() + options.faults.clock.proxy * 1000);
  const { clusterName, faults } = options;
  const resources = options.resources ?? defaultResources;
  const nodes = new Map<string, NodeAddress | undefined>(
    resources.nodes.map((name) => [name, undefined]),
  );
  const databases = new Map<string, DatabaseAddress | undefined>();
  const apiServers = new Map<string, string>();
  const tokens = { ...options.tokens };
  const { authorities, faces } = await createFaces(options, teleportMajor);
  const joinService = createJoinService({ ...options, tokens, teleportMajor, now });
  const strikes = createStrikes();
  const address = () => `127.0.0.1:${listener.port}`;
  const web = { web: options, faults, address, authorities };
  const context = { ...web, resources, apiServers, joinService, now, strikes };
  const listener = await listenSwitched(
    faces,
    faults,
    (request, response) => {
      // The client expects an Auth Service. Recorded from tbot 15.0.0-dev.
      if (request.url === '/testbed/authority') {
        response.writeHead(302, { location: '/web' }).end();
      } else {
        requests.push({ method: request.method ?? '', path: request.url ?? '' });
        void answer(context, request, response);
      }
    },
    (request, socket) => joinNode(request, socket, clusterName, nodes),
    {
      protocols: databaseProtocols,
      serve: (socket) => void joinDatabase(socket, databases, authorities),
    },
  );
  const authServer = await startAuthServer(context);
  return {
    address: address(),
    requests,
    joins: joinService.joins,
    authServer,
    authorities,
    nodes,
    databases,
    apiServers,
    tokens,
    [Symbol.asyncDispose]: async () => {
      await authServer[Symbol.asyncDispose]();
      await listener[Symbol.asyncDispose]();
    },
  };
}

async function createFaces(
  options: ProxyOptions,
  teleportMajor: number,
): Promise<{ readonly authorities: ClusterAuthorities; readonly faces: Faces }> {
  const { clusterName } = options;
  const names = ['localhost', '127.0.0.1', '::1', clusterName, `*.${clusterName}`];
  const others = Object.values((options.resources ?? defaultResources).apps).flatMap(
    ({ publicAddress }) => publicAddress ?? [],
  );
  const authorities = await createClusterAuthorities(clusterName, teleportMajor);
  const ofProtocols = ['teleport.cluster.local', 'localhost', clusterName].flatMap((name) => [
    name,
    `kube-teleport-proxy-alpn.${name}`,
  ]);
  const [known, stranger, host] = await Promise.all([
    options.webAuthority.serverCertificate([...names, ...others]),
    options.strangerAuthority.serverCertificate(names),
    authorities.host.serverCertificate(ofProtocols),
  ]);
  return { authorities, faces: { known, stranger, host, clientAuthority: authorities.user.pem } };
}
