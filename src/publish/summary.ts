import type { Problem } from '../problem.ts';
import type { Outputs } from './outputs.ts';
import { rfc3339 } from '../text/time.ts';

interface ListedCredential {
  readonly name: string;
  readonly type: string;
  readonly expiresAt: Date | undefined;
}

/** Returns the job summary of a successful join, in Markdown. */
export function successSummary(credentials: readonly ListedCredential[], outputs: Outputs): string {
  return [
    '### Teleport credentials',
    '',
    joinSentence(outputs),
    '',
    ...credentialTable(credentials),
    '',
  ].join('\n');
}

function credentialTable(credentials: readonly ListedCredential[]): readonly string[] {
  if (credentials.length === 0) return ['No credentials were requested.'];
  return [
    '| Credential | Type | Expires |',
    '|---|---|---|',
    ...credentials.map(
      ({ name, type, expiresAt }) =>
        `| ${code(name)} | ${code(type)} | ${rfc3339(expiresAt) || 'never'} |`,
    ),
  ];
}

function joinSentence(outputs: Outputs): string {
  const { cluster, bot, 'join-method': method } = outputs;
  const joined = `Joined ${cluster === '' ? 'the cluster' : code(cluster)}`;
  const as = bot === '' ? '' : ` as bot ${code(bot)}`;
  const tbot = `tbot ${code(outputs['tbot-version'])} (source: ${code(outputs['tbot-source'])})`;
  return `${joined}${as} with join method ${code(method)} and ${tbot}.`;
}

/** Returns the job summary of a dry run, in Markdown. `obstacle`: why this job cannot join. */
export function dryRunSummary({
  obstacle,
  heading,
  actions,
  config,
}: {
  readonly obstacle: string | undefined;
  /** The title of the list of actions. */
  readonly heading: string;
  readonly actions: readonly string[];
  /** The configuration of tbot, in YAML. */
  readonly config: string;
}): string {
  return [
    '### Teleport credentials: dry run',
    '',
    'This step did not join the cluster and issued no credentials.',
    '',
    ...(obstacle === undefined ? [] : [plain(obstacle), '']),
    heading,
    '',
    ...bullets(actions),
    'Configuration of tbot:',
    '',
    ...fenced('yaml', config),
  ].join('\n');
}

/**
 * Returns the job summary of a Problem, in Markdown. `section` explains its code: a URL, or a path
 * in the repository of the action.
 */
export function problemSummary(problem: Problem, section: string): string {
  const { code: name, message, errors, fix, notes, facts, paste } = problem;
  return [
    `### Teleport credentials failed: \`${name}\``,
    '',
    plain(message),
    '',
    ...bullets(errors),
    plain(fix),
    '',
    ...bullets(notes),
    ...fenced('yaml', paste ?? ''),
    ...(facts ? [plain(facts.title), '', ...fenced('text', facts.lines.join('\n'))] : []),
    URL.canParse(section) ? `[More about \`${name}\`](${section})` : `See \`${section}\`.`,
    '',
  ].join('\n');
}

function bullets(sentences: readonly string[]): readonly string[] {
  return sentences.length === 0 ? [] : [...sentences.map((text) => `- ${plain(text)}`), ''];
}

function fenced(language: string, text: string): readonly string[] {
  if (text === '') return [];
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text, fence, ''];
}

const codeSpan = /((?<!`)`[^`]+`(?!`))/;

/**
 * Returns text that Markdown displays literally, without links, images or HTML, because it can contain
 * an input or a name from the network. Keeps code spans.
 */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .split(codeSpan)
    .map((part, index) => (index % 2 === 1 ? part : withoutLinks(part)))
    .join('');
}

/** Text that GitHub turns into links: addresses, mentions, issues and commits. */
const linked = /@|:\/\/|www\.|#\d|GH-\d|[0-9a-f]{7}/i;

function withoutLinks(text: string): string {
  return text
    .split(' ')
    .map((word) => (linked.test(word) ? code(word) : escaped(word)))
    .join(' ');
}

function escaped(text: string): string {
  return text.replaceAll(/[<>&[\]`\\]/g, entity);
}

/**
 * Returns text in code spans, the only form in which GitHub makes no links: it searches for e-mail
 * addresses after decoding entities (cmark-gfm, extensions/autolink.c), and for mentions in the
 * final HTML. Characters that would end a span or a table cell are written between spans, as
 * entities.
 */
function code(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^`|\\]+|[`|\\]/g, (part) => (/[`|\\]/.test(part) ? entity(part) : `\`${part}\``));
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
