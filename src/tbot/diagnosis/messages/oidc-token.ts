import {
  type MessageFacts,
  type CauseOf,
  command,
  joinToken,
  sentence,
  type Text,
  tokenRef,
} from '../message.ts';

type Reason = Exclude<CauseOf<'claims-denied'>['reason'], 'rules'>;

/** The join token and the job's OIDC token do not fit together, whatever the rules say. */
export function oidcTokenText(reason: Reason, message: string, about: MessageFacts): Text {
  const { context } = about;
  const { method } = context.identity;
  const edit = command('tctl', 'edit', tokenRef(context));
  switch (reason) {
    case 'issuer':
      return issuerText(about);
    case 'unusable':
      return {
        what: `The rules of the ${joinToken(context)} cannot be used: ${sentence(message)}`,
        fix: `Ask the Teleport administrator to run ${edit} and to correct the rules in \`spec.${method}\`.`,
      };
    case 'signature':
      return {
        what: `The signature of this job's OIDC token does not match the keys of the ${joinToken(context)}: ${sentence(message)}`,
        fix: `Ask the Teleport administrator to run ${edit} and to replace \`static_jwks\` in \`spec.${method}\` by the current keys of the issuer, or to remove it so that the Auth Service fetches them.`,
      };
    case 'audience':
      return {
        what: `The audience of this job's OIDC token is not the one that the ${joinToken(context)} requires: ${sentence(message)}`,
        fix: `Request the OIDC token for the audience that the join token requires: the name of the cluster, unless ${command('tctl', 'get', tokenRef(context))} shows another \`audience\`.`,
      };
    default:
      return reason satisfies never;
  }
}

function issuerText({ context }: MessageFacts): Text {
  const { job, identity } = context;
  const edit = command('tctl', 'edit', tokenRef(context));
  const what = `The ${joinToken(context)} expects id tokens of another issuer than this job's`;
  if (identity.method !== 'github')
    return {
      what: `${what}.`,
      fix: `Run ${edit} and correct the issuer in \`spec.${identity.method}\`.`,
    };
  return {
    what: `${what} GitHub.`,
    fix: job.enterpriseServer
      ? `Run ${edit} and set \`spec.github.enterprise_server_host\` to \`${job.enterpriseServer}\` (this needs Teleport Enterprise).`
      : `Run ${edit} and remove \`enterprise_server_host\` under \`spec.github\`, or correct \`enterprise_slug\`.`,
  };
}
