import { allowEntry } from '../../methods/github-allow.ts';
import { azureAllowEntry } from '../../methods/azure.evidence.ts';
import { yamlScalar } from '../../methods/scalar.ts';
import type { MessageFacts } from './message.ts';

/** A whole `kind: token` that would let this job in: YAML for `tctl create`. */
export function tokenResource(about: MessageFacts): string {
  const { context } = about;
  const { method } = context.identity;
  const server = method === 'github' ? context.job.enterpriseServer : undefined;
  return [
    'kind: token',
    'version: v2',
    'metadata:',
    `  name: ${yamlScalar(context.token ?? 'NAME')}`,
    'spec:',
    '  roles: [Bot]',
    '  bot_name: NAME-OF-THE-BOT # `tctl bots ls` shows the names',
    `  join_method: ${method}`,
    `  ${method}:`,
    ...(server === undefined ? [] : [`    enterprise_server_host: ${yamlScalar(server)}`]),
    ...rulesOf(about),
  ].join('\n');
}

/** A rule is a matter of the method; where this action can't write one, the reader does. */
function rulesOf(about: MessageFacts): readonly string[] {
  const { method } = about.context.identity;
  if (method !== 'github' && method !== 'azure') return ['    # the rules of this join method'];
  return ['    allow:', ...allowLines(method, about).map((line) => `      ${line}`)];
}

function allowLines(
  method: 'github' | 'azure',
  { context, evidence }: MessageFacts,
): readonly string[] {
  switch (method) {
    case 'github':
      return githubLines(evidence);
    case 'azure':
      return evidence.imds?.kind === 'machine' && !context.job.publicRepository
        ? azureAllowEntry(evidence.imds.machine)
        : azurePlaceholder;
    default:
      return method satisfies never;
  }
}

/** Where there is no entry for this job, the reader fills in; the capitals match nothing. */
function githubLines({ idToken }: MessageFacts['evidence']): readonly string[] {
  const claims = idToken?.kind === 'claims' ? idToken.claims : {};
  const entry = allowEntry(claims);
  if (entry.kind === 'entry') return entry.lines;
  const { repository } = claims;
  const known = repository !== undefined && !/[*?]/.test(repository);
  return [
    `- repository: ${known ? yamlScalar(repository) : 'OWNER/REPOSITORY'}`,
    '  ref: refs/heads/BRANCH',
  ];
}

const azurePlaceholder = [
  '- subscription: ID-OF-THE-SUBSCRIPTION',
  '  resource_groups: [RESOURCE-GROUP-OF-THE-VM]',
];
