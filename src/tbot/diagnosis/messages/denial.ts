import { allowEntry, claimLines } from '../../../methods/github-allow.ts';
import { azureAllowEntry, imdsCommand } from '../../../methods/azure.ts';
import { type JoinMethod, methodOf } from '../../../methods/index.ts';
import type { Method } from '../../../methods/method.ts';
import {
  type MessageFacts,
  type CauseOf,
  command,
  joinToken,
  theJoinToken,
  sentence,
  type Text,
  tokenRef,
} from './message.ts';

/** The join token exists, but does not permit this job. */
export function denialMessage(
  cause: CauseOf<'claims-denied' | 'azure-denied'>,
  facts: MessageFacts,
): Text {
  switch (cause.code) {
    case 'claims-denied':
      return cause.reason === 'rules'
        ? claimsText(cause.message, facts)
        : oidcTokenText(cause.reason, cause.message ?? '', facts);
    case 'azure-denied':
      return azureText(cause, facts);
    default:
      return cause satisfies never;
  }
}

function azureText({ reason, message = '' }: CauseOf<'azure-denied'>, facts: MessageFacts): Text {
  switch (reason) {
    case 'rules':
      return machineText(facts);
    case 'machine':
      return strangerText();
    case 'resource-type':
      return {
        what: `The managed identity belongs to an Azure resource that Teleport does not accept: ${sentence(message)}`,
        fix: 'Run the job on a virtual machine or in a scale set, or use a join token for another join method, such as `github`.',
      };
    case 'challenge':
      return {
        what: 'The attested document that Azure gave this machine does not contain the challenge of this join.',
        fix: 'Run the job again; if it fails again, let the job reach 169.254.169.254 directly, without a proxy or a cache.',
      };
    default:
      return reason satisfies never;
  }
}

function claimsText(message: string | undefined, { context, evidence }: MessageFacts): Text {
  const { job } = context;
  const what =
    message === undefined
      ? `${theJoinToken(context)} exists, but none of its allow rules match this job.`
      : `The rules of the ${joinToken(context)} do not match this job: ${sentence(message)}`;
  const show = command('tctl', 'get', tokenRef(context));
  if (evidence.idToken?.kind !== 'claims')
    return {
      what,
      fix: `Compare the rules of ${show} with ${ruleSubjectOf(context.identity.method)}.`,
    };
  const { claims } = evidence.idToken;
  const facts = { title: "Claims in this job's OIDC token:", lines: claimLines(claims) };
  const entry = allowEntry(claims);
  if (entry.kind === 'none')
    return {
      what,
      fix: `Compare the rules of ${show} with the claims below.`,
      notes: [entry.why],
      facts,
    };
  return {
    what,
    fix: `If this job may join, run ${command('tctl', 'edit', tokenRef(context))} and add the entry below to \`spec.github.allow\`.`,
    notes: [...entry.notes, ...foreignCode(job.eventName)],
    facts,
    paste: entry.lines.join('\n'),
  };
}

/** Returns what the rules of a method match. */
function ruleSubjectOf(name: JoinMethod): string {
  const { ruleSubject, identifiedBy } = methodOf(name);
  return ruleSubject ?? ruleSubjects[identifiedBy];
}

const ruleSubjects = {
  claims: 'the claims of the id token that this job joins with',
  machine: 'the identity of the machine that this job runs on',
} as const satisfies Record<Method['identifiedBy'], string>;

/** Warns of events that start privileged jobs which can run untrusted code. */
function foreignCode(eventName: string | undefined): readonly string[] {
  return /^(?:pull_request_target|workflow_run|issue_comment)$/.test(eventName ?? '')
    ? [
        `A job started by \`${eventName}\` has the claims of the default branch although strangers can start it: it should not run their code.`,
      ]
    : [];
}

function machineText({ context, evidence }: MessageFacts): Text {
  const { job } = context;
  const what = `${theJoinToken(context)} exists, but none of its allow rules match this Azure VM.`;
  const edit = command('tctl', 'edit', tokenRef(context));
  if (evidence.imds?.kind === 'machine' && !job.publicRepository)
    return {
      what,
      fix: `If every job on this machine may join, run ${edit} and add the entry below to \`spec.azure.allow\`.`,
      paste: azureAllowEntry(evidence.imds.machine).join('\n'),
    };
  return {
    what,
    fix: `Compare \`spec.azure.allow\` of ${command('tctl', 'get', tokenRef(context))} with the subscription and the resource group of the machine, which the command below tells.`,
    notes: [
      `On the machine itself, not in a workflow whose log is public: ${imdsCommand}`,
      "The resource group is the machine's, not the identity's.",
    ],
  };
}

function strangerText(): Text {
  return {
    what: 'The cluster could not match the managed identity with the machine that used it.',
    fix: 'Assign the identity to this very machine; a cluster before 17 also needs it to have `Microsoft.Compute/virtualMachines/read` on the machine.',
  };
}

type TokenReason = Exclude<CauseOf<'claims-denied'>['reason'], 'rules'>;

/** The job's OIDC token does not suit the join token, regardless of its rules. */
function oidcTokenText(reason: TokenReason, message: string, facts: MessageFacts): Text {
  const { context } = facts;
  const { method } = context.identity;
  const edit = command('tctl', 'edit', tokenRef(context));
  switch (reason) {
    case 'issuer':
      return issuerText(facts);
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
  const { issuer } = methodOf(identity.method);
  if (issuer === undefined)
    return {
      what: `${what}.`,
      fix: `Run ${edit} and correct the issuer in \`spec.${identity.method}\`.`,
    };
  return { what: `${what} ${issuer.name}.`, fix: issuer.fix(edit, job) };
}
