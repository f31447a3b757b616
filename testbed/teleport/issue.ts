import type { IncomingMessage } from 'node:http';
import { createClusterAuthorities } from './authorities.ts';
import { issueIdentity } from './certificates.ts';
import { issueHostCertificate } from './host-certificate.ts';
import { matchKubernetesClusters } from './kubernetes.ts';
import { createAwsSession } from './roles-anywhere.ts';
import type { Context } from './routes.ts';
import { majorOf } from './web.ts';
import { issueSvids } from './workload-identity.ts';

/** Responds to a request for a credential. Throws a Denial. All except AWS require the bearer of a joined bot. */
export async function issue(
  context: Context,
  request: IncomingMessage,
  body: string,
): Promise<object> {
  const { resources, web, joinService } = context;
  const asked = JSON.parse(body);
  const now = context.now();
  if (request.url === '/testbed/aws-session') {
    return createAwsSession(asked, context.authorities, now);
  }
  const session = joinService.session(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
  const teleportMajor = majorOf(web.teleportVersion);
  const authorities =
    asked.pretendCluster === undefined
      ? context.authorities
      : await createClusterAuthorities(asked.pretendCluster, teleportMajor);
  const issuing = { authorities, resources, now, teleportMajor };
  const issuer = `https://${context.address()}/workload-identity`;
  switch (`${request.url}`) {
    case '/testbed/kubernetes-clusters':
      return matchKubernetesClusters(asked.selectors, resources);
    case '/testbed/host-certificate':
      return issueHostCertificate(session, asked, issuing);
    case '/testbed/svids':
      return await issueSvids(session, asked, { ...issuing, issuer });
    default:
      return await issueIdentity(session, asked, issuing);
  }
}
