import { randomUUID } from 'node:crypto';
import type { SubjectAttribute } from '../certificate.ts';
import { Denial } from './denial.ts';
import type { Resources } from './resources.ts';

/** The resource that a certificate is requested for. */
export type RouteRequest =
  | { readonly type: 'identity' }
  | { readonly type: 'application'; readonly app: string }
  | {
      readonly type: 'database';
      readonly service: string;
      readonly database: string;
      readonly username: string;
    }
  | { readonly type: 'kubernetes'; readonly kubernetesCluster: string };

/** The resource that was found. */
export type Route =
  | { readonly type: 'identity' }
  | {
      readonly type: 'application';
      readonly app: string;
      readonly publicAddress: string;
      readonly cluster: string;
    }
  | {
      readonly type: 'database';
      readonly service: string;
      readonly protocol: string;
      readonly database: string;
      readonly username: string;
    }
  | { readonly type: 'kubernetes'; readonly kubernetesCluster: string };

/** Teleport's own attributes. Source: `lib/tlsca/ca.go`. */
export const routeOid = {
  kubernetesCluster: '1.3.9999.1.3',
  appSession: '1.3.9999.1.4',
  appCluster: '1.3.9999.1.5',
  appPublicAddress: '1.3.9999.1.6',
  appName: '1.3.9999.1.10',
  databaseService: '1.3.9999.2.1',
  databaseProtocol: '1.3.9999.2.2',
  databaseUser: '1.3.9999.2.3',
  databaseName: '1.3.9999.2.4',
} as const;

/** Finds the requested resource. Throws a Denial with a message recorded from 15.0.0-dev. */
export function resolveRoute(request: RouteRequest, resources: Resources, cluster: string): Route {
  switch (request.type) {
    case 'identity':
      return { type: 'identity' };
    case 'application': {
      const { app } = request;
      const found = resources.apps[app];
      if (!found) throw new Denial(`app ${JSON.stringify(app)} not found`);
      const publicAddress = publicAddressOf(app, resources, cluster);
      return { type: 'application', app, publicAddress, cluster };
    }
    case 'database': {
      const { service, database, username } = request;
      const found = resources.databases[service];
      if (!found) throw new Denial(`database ${JSON.stringify(service)} not found`);
      return { type: 'database', service, protocol: found.protocol, database, username };
    }
    case 'kubernetes': {
      const { kubernetesCluster } = request;
      checkKubernetesCluster(kubernetesCluster, resources);
      return { type: 'kubernetes', kubernetesCluster };
    }
    default:
      return request satisfies never;
  }
}

/** Returns the address of an application. */
export function publicAddressOf(app: string, resources: Resources, cluster: string): string {
  return resources.apps[app]?.publicAddress ?? `${app}.${cluster}`;
}

/** Throws a Denial for an unknown cluster. */
export function checkKubernetesCluster(name: string, resources: Resources): void {
  if (resources.kubernetesClusters[name]) return;
  throw new Denial(`kubernetes cluster ${JSON.stringify(name)} not found`);
}

/** Returns the attributes of a route. Those without a value are omitted later. */
export function routeAttributes(route: Route): SubjectAttribute[] {
  switch (route.type) {
    case 'identity':
      return [];
    case 'application':
      return [
        [routeOid.appSession, [randomUUID()]],
        [routeOid.appCluster, [route.cluster]],
        [routeOid.appPublicAddress, [route.publicAddress]],
        [routeOid.appName, [route.app]],
      ];
    case 'database':
      return [
        [routeOid.databaseService, [route.service]],
        [routeOid.databaseProtocol, [route.protocol]],
        [routeOid.databaseUser, route.username === '' ? [] : [route.username]],
        [routeOid.databaseName, route.database === '' ? [] : [route.database]],
      ];
    case 'kubernetes':
      return [[routeOid.kubernetesCluster, [route.kubernetesCluster]]];
    default:
      return route satisfies never;
  }
}
