import type { Authority } from '../ca.ts';
import type { Faults } from '../faults.ts';
import { createStrikes } from '../loopback.ts';
import { type ClusterAuthorities, createClusterAuthorities } from './authorities.ts';
import type { ImdsTrust } from './azure.ts';
import { createJoinService, type JoinRecord } from './join.ts';
import { listenSwitched } from './listener.ts';
import type { Bot, JoinToken } from './resources.ts';
import { answer } from './routes.ts';
import { majorOf, type WebOptions } from './web.ts';

/** A cluster of one proxy: its name and version, what is in it, and whom it trusts. */
export interface ProxyOptions extends WebOptions {
  readonly bots: Readonly<Record<string, Bot>>;
  readonly tokens: Readonly<Record<string, JoinToken>>;
  readonly faults: Faults;
  /** Signs the proxy's TLS certificate. */
  readonly webAuthority: Authority;
  /** Signs the one that nobody trusts, for the fault 'untrusted'. */
  readonly strangerAuthority: Authority;
  /** URL of the issuer of job id tokens, its discovery document below it. */
  readonly githubIssuer: () => string;
  readonly imdsTrust: () => ImdsTrust;
  /** What `/v1/webapi/automaticupgrades/channel/default/version` says; 404 when absent. */
  readonly channelVersion?: string;
}

/** One HTTP request that arrived, in order of arrival. */
export interface ProxyRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
}

/** A running proxy. */
export interface ProxyServer extends AsyncDisposable {
  /** `127.0.0.1:PORT`; its certificate also names localhost, ::1 and the cluster. */
  readonly address: string;
  readonly requests: readonly ProxyRequest[];
  readonly joins: readonly JoinRecord[];
  /** What it signs with, to check certificates against. */
  readonly authorities: ClusterAuthorities;
}

/** Starts the proxy on a port of loopback. */
export async function startProxy(options: ProxyOptions): Promise<ProxyServer> {
  const requests: ProxyRequest[] = [];
  const teleportMajor = majorOf(options.teleportVersion);
  const now = () => new Date(Date.now() + options.faults.clock.proxy * 1000);
  const names = ['localhost', '127.0.0.1', '::1', options.clusterName];
  const [authorities, known, stranger] = await Promise.all([
    createClusterAuthorities(options.clusterName, teleportMajor),
    options.webAuthority.serverCertificate(names),
    options.strangerAuthority.serverCertificate(names),
  ]);
  const joinService = createJoinService({ ...options, teleportMajor, now });
  const strikes = createStrikes();
  const address = () => `127.0.0.1:${listener.port}`;
  const { faults } = options;
  const context = { web: options, faults, address, authorities, joinService, now, strikes };
  const listener = await listenSwitched(
    { known, stranger },
    options.faults,
    (request, response) => {
      requests.push({ method: request.method ?? '', path: request.url ?? '' });
      void answer(context, request, response);
    },
  );
  return {
    address: address(),
    requests,
    joins: joinService.joins,
    authorities,
    [Symbol.asyncDispose]: async () => await listener[Symbol.asyncDispose](),
  };
}
