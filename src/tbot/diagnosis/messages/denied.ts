import { allowEntry, claimLines } from '../../../methods/github-allow.ts';
import { imdsCommand, azureAllowEntry } from '../../../methods/azure.evidence.ts';
import type { JoinMethod } from '../../../methods/methods.ts';
import {
  type MessageFacts,
  type CauseOf,
  command,
  joinToken,
  sentence,
  type Text,
  tokenRef,
} from '../message.ts';
import { oidcTokenText } from './oidc-token.ts';

/** The token is known and none of its rules fits. */
export function deniedMessage(
  cause: CauseOf<'claims-denied' | 'azure-denied'>,
  about: MessageFacts,
): Text {
  switch (cause.code) {
    case 'claims-denied':
      return cause.reason === 'rules'
        ? claimsText(cause.message, about)
        : oidcTokenText(cause.reason, cause.message ?? '', about);
    case 'azure-denied':
      return azureText(cause, about);
    default:
      return cause satisfies never;
  }
}

function azureText({ reason, message = '' }: CauseOf<'azure-denied'>, about: MessageFacts): Text {
  switch (reason) {
    case 'rules':
      return machineText(about);
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
      ? `The cluster knows the ${joinToken(context)}, and none of its rules lets this job in.`
      : `The rules of the ${joinToken(context)} do not match this job: ${sentence(message)}`;
  const show = command('tctl', 'get', tokenRef(context));
  if (evidence.idToken?.kind !== 'claims')
    return {
      what,
      fix: `Compare the rules of ${show} with ${claimed(context.identity.method)}.`,
    };
  const { claims } = evidence.idToken;
  const details = ['This job says of itself:', ...claimLines(claims)];
  const entry = allowEntry(claims);
  if (entry.kind === 'none')
    return {
      what,
      fix: `Compare the rules of ${show} with the claims below.`,
      details: [...details, entry.why],
    };
  return {
    what,
    fix: `If this job may join, run ${command('tctl', 'edit', tokenRef(context))} and add the entry below to \`spec.github.allow\`.`,
    details: [...details, ...entry.notes, ...foreignCode(job.eventName)],
    paste: entry.lines.join('\n'),
  };
}

/** What the rules of a method are about. */
function claimed(method: JoinMethod): string {
  if (method === 'github') return "this job's repository, ref, workflow and environment";
  return ofMachine.has(method)
    ? 'the identity of the machine that this job runs on'
    : 'the claims of the id token that this job joins with';
}

const ofMachine: ReadonlySet<string> = new Set(['iam', 'gcp', 'kubernetes', 'oracle', 'tpm']);

/** Events whose jobs have the rights of the base repository and may run a stranger's code. */
function foreignCode(eventName: string | undefined): readonly string[] {
  return /^(?:pull_request_target|workflow_run|issue_comment)$/.test(eventName ?? '')
    ? [
        `A job started by \`${eventName}\` has the claims of the default branch although strangers can start it: it should not run their code.`,
      ]
    : [];
}

function machineText({ context, evidence }: MessageFacts): Text {
  const { job } = context;
  const what = `The cluster knows the ${joinToken(context)}, and none of its rules lets this Azure machine in.`;
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
    details: [
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
