import type { SubjectAttribute } from '../certificate.ts';
import type { BotSession } from './admission.ts';
import { type Route, routeAttributes } from './route.ts';

/** The facts that the subject depends on, besides the bot. */
export interface SubjectRequest {
  readonly session: BotSession;
  readonly roles: readonly string[];
  readonly issuingCluster: string;
  /** The leaf cluster, or the issuing cluster. */
  readonly routeToCluster: string;
  readonly allowReissue: boolean;
  readonly withInstanceId: boolean;
  readonly route: Route;
}

/** A login that no host accepts, so that the list is never empty. Recorded from 15.0.0-dev. */
const internalJoin = '-teleport-internal-join';

/** Teleport's own attributes. Source: `lib/tlsca/ca.go`. */
const oid = {
  kubernetesGroups: '1.3.9999.1.2',
  teleportCluster: '1.3.9999.1.7',
  databaseNames: '1.3.9999.2.5',
  databaseUsers: '1.3.9999.2.6',
  impersonator: '1.3.9999.2.7',
  disallowReissue: '1.3.9999.2.9',
  botInstance: '1.3.9999.2.20',
} as const;

/** Returns the subject of an identity's TLS certificate. */
export function identitySubject(request: SubjectRequest): SubjectAttribute[] {
  const { session, roles } = request;
  const attributes: SubjectAttribute[] = [
    ['O', roles],
    ['L', [...session.bot.logins, internalJoin]],
    // street and postalCode (RFC 4519) contain the route and the traits.
    ['2.5.4.9', [request.routeToCluster]],
    ['2.5.4.17', [JSON.stringify(traitsOf(session))]],
    ['CN', [session.user]],
    [oid.kubernetesGroups, session.bot.kubernetesGroups ?? []],
    [oid.teleportCluster, [request.issuingCluster]],
    [oid.databaseNames, session.bot.databaseNames ?? []],
    [oid.databaseUsers, session.bot.databaseUsers ?? []],
    [oid.impersonator, [session.user]],
    [oid.disallowReissue, request.allowReissue ? [] : ['true']],
    ...routeAttributes(request.route),
    [oid.botInstance, request.withInstanceId ? [session.instanceId] : []],
  ];
  return attributes.filter(([, values]) => values.length > 0);
}

/** Returns the extensions of an identity's SSH certificate. Recorded from 15.0.0-dev. */
export function identityExtensions(request: SubjectRequest): Record<string, string> {
  return {
    'permit-pty': '',
    'permit-port-forwarding': '',
    'teleport-roles': JSON.stringify({ version: 'v1', roles: request.roles }),
    'teleport-traits': JSON.stringify(traitsOf(request.session)),
    'teleport-route-to-cluster': request.routeToCluster,
    impersonator: request.session.user,
    ...(request.allowReissue ? {} : { 'disallow-reissue': '' }),
  };
}

function traitsOf(session: BotSession): Record<string, readonly string[]> {
  return { logins: session.bot.logins };
}
