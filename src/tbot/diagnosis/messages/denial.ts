import { claimRulesOf } from '../../../methods/claim-rules.ts';
import { claimLines } from '../../../methods/claims.ts';
import { azureAllowEntry, imdsCommand } from '../../../methods/azure.ts';
import { type JoinMethod, methodOf } from '../../../methods/index.ts';
import type { Method } from '../../../methods/method.ts';
import {
  type MessageFacts,
  type CauseOf,
  command,
  joinToken,
  sentence,
  type Text,
  theJoinToken,
  tokenRef,
  untrustedEventNotes,
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
      return {
        what: 'Teleport could not match the managed identity to this Azure VM.',
        fix: 'Assign the identity to this VM. On clusters older than 17, the identity also needs `Microsoft.Compute/virtualMachines/read` on the VM.',
      };
    case 'resource-type':
      return {
        what: `The managed identity belongs to an Azure resource type that Teleport does not accept: ${sentence(message)}`,
        fix: 'Run the job on a virtual machine or in a scale set, or use a join token with another join method, such as `github`.',
      };
    case 'challenge':
      return {
        what: 'The attested document from Azure does not contain the challenge of this join.',
        fix: 'Run the job again. If the error persists, check that the job reaches 169.254.169.254 directly, without a proxy or a cache.',
      };
    default:
      return reason satisfies never;
  }
}

/** The other messages of `generic_oidc` name a claim in `must_match_fields` (lib/join/genericoidc/field_rules.go). */
const isOfRules = /claims matched no/i;

function claimsText(message: string | undefined, { context, evidence }: MessageFacts): Text {
  const what =
    message === undefined
      ? `${theJoinToken(context)} exists, but none of its allow rules match this job.`
      : `${theJoinToken(context)} exists, but its allow rules do not match this job: ${sentence(message)}`;
  const show = command('tctl', 'get', tokenRef(context));
  const { method } = context.identity;
  const rules = claimRulesOf(method);
  if (evidence.idToken?.kind !== 'claims' || !rules)
    return {
      what,
      fix: `Compare the allow rules in ${show} with ${ruleSubjectOf(method)}.`,
    };
  const { claims } = evidence.idToken;
  const facts = {
    title: claimsTitle,
    lines: claimLines(claims, rules.names),
  };
  if (message !== undefined && !isOfRules.test(message))
    return {
      what,
      fix: `Correct the claim in \`must_match_fields\`, which every job must match: run ${command('tctl', 'edit', tokenRef(context))} and compare it with the claims below.`,
      facts,
    };
  const entry = rules.allowEntry(claims);
  if (entry.kind === 'none')
    return {
      what,
      fix: `Compare the allow rules in ${show} with the claims below.`,
      notes: [entry.why],
      facts,
    };
  return {
    what,
    fix: `To allow this job to join, run ${command('tctl', 'edit', tokenRef(context))} and add the rule below to \`spec.${method}.${rules.list ?? 'allow'}\`.`,
    notes: [...entry.notes, ...untrustedEventNotes(context)],
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
  claims: "the claims in this job's OIDC token",
  machine: 'the identity of the machine that runs this job',
} as const satisfies Record<Method['identifiedBy'], string>;

function machineText({ context, evidence }: MessageFacts): Text {
  const { job } = context;
  const what = `${theJoinToken(context)} exists, but none of its allow rules match this Azure VM.`;
  const edit = command('tctl', 'edit', tokenRef(context));
  if (evidence.imds?.kind === 'machine' && !job.publicRepository)
    return {
      what,
      fix: `To allow every job on every VM in this resource group to join, run ${edit} and add the rule below to \`spec.azure.allow\`.`,
      notes: untrustedEventNotes(context),
      paste: azureAllowEntry(evidence.imds.machine).join('\n'),
    };
  return {
    what,
    fix: `Compare \`spec.azure.allow\` in ${command('tctl', 'get', tokenRef(context))} with the subscription and the resource group of the VM.`,
    notes: [
      `To show them, run this command on the VM, but not in a workflow with a public log: ${imdsCommand}`,
      'The resource group must be that of the VM, not that of the managed identity.',
    ],
  };
}

type TokenReason = Exclude<CauseOf<'claims-denied'>['reason'], 'rules'>;

/** The job's OIDC token does not suit the join token, regardless of its rules. */
function oidcTokenText(reason: TokenReason, message: string, facts: MessageFacts): Text {
  const { context } = facts;
  const { method } = context.identity;
  const { audience } = methodOf(method);
  const edit = command('tctl', 'edit', tokenRef(context));
  switch (reason) {
    case 'issuer':
      return issuerText(facts);
    case 'unusable':
      return {
        what: `The allow rules of ${joinToken(context)} are missing or invalid: ${sentence(message)}`,
        fix: `Ask the Teleport administrator to run ${edit} and correct the rules in \`spec.${method}\`.`,
      };
    case 'signature':
      return {
        what: `The signature of this job's OIDC token does not match the keys in ${joinToken(context)}: ${sentence(message)}`,
        fix: `Ask the Teleport administrator to run ${edit} and update \`static_jwks\` in \`spec.${method}\` to the current keys of the issuer, or remove it so that the Auth Service fetches them.`,
      };
    case 'audience':
      return {
        what: `The audience of this job's OIDC token is not the one that ${joinToken(context)} requires: ${sentence(message)}`,
        fix: `Request the OIDC token for the audience that the join token requires: ${audience ?? `the cluster name, unless ${command('tctl', 'get', tokenRef(context))} shows another \`audience\``}.`,
        ...issuedFor(facts),
      };
    default:
      return reason satisfies never;
  }
}

/** Returns the issuer and the audience of the job's OIDC token, as far as they are known. */
function issuedFor({ evidence: { idToken } }: MessageFacts): Pick<Text, 'facts'> {
  const lines =
    idToken?.kind === 'claims' ? claimLines(idToken.claims, ['iss', 'aud', 'org_id']) : [];
  return lines.length === 0 ? {} : { facts: { title: claimsTitle, lines } };
}

const claimsTitle = "Claims in this job's OIDC token:";

function issuerText(facts: MessageFacts): Text {
  const { context } = facts;
  const { job, identity } = context;
  const edit = command('tctl', 'edit', tokenRef(context));
  const fix = methodOf(identity.method).issuerFix?.(edit, job);
  return {
    what: `${theJoinToken(context)} does not accept the issuer of this job's OIDC token.`,
    fix: fix ?? `Run ${edit} and correct the issuer in \`spec.${identity.method}\`.`,
    ...issuedFor(facts),
  };
}
