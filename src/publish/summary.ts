import type { Problem } from '../problem.ts';
import type { Outputs } from './outputs.ts';
import { rfc3339 } from '../text/time.ts';

interface Listed {
  readonly name: string;
  readonly type: string;
  readonly expiresAt: Date | undefined;
}

/** The job summary of a join that went well, in Markdown. */
export function successSummary(credentials: readonly Listed[], outputs: Outputs): string {
  return [
    '### Teleport credentials',
    '',
    '| | |',
    '|---|---|',
    ...row('Cluster', outputs.cluster),
    ...row('Bot', outputs.bot),
    ...row('Joined by', outputs['join-method']),
    `| tbot | ${code(outputs['tbot-version'])} (${outputs['tbot-source']}) |`,
    '',
    ...catalogue(credentials),
    '',
  ].join('\n');
}

function catalogue(credentials: readonly Listed[]): readonly string[] {
  if (credentials.length === 0) return ['No credential was asked for.'];
  return [
    '| Credential | Type | Valid until |',
    '|---|---|---|',
    ...credentials.map(
      ({ name, type, expiresAt }) =>
        `| ${code(name)} | ${code(type)} | ${rfc3339(expiresAt) || 'no end'} |`,
    ),
  ];
}

function row(name: string, value: string): readonly string[] {
  return value === '' ? [] : [`| ${name} | ${code(value)} |`];
}

/**
 * Returns the job summary of a Problem, in Markdown. `section` explains its code: a URL, or a path in
 * the repository of the action.
 */
export function problemSummary(problem: Problem, section: string): string {
  const name = `\`${problem.code}\``;
  const isUrl = URL.canParse(section);
  return [
    `### Teleport credentials: ${isUrl ? `[${name}](${section})` : name}`,
    '',
    ...(isUrl ? [] : [`See \`${section}\`.`, '']),
    plain(problem.message),
    '',
    plain(problem.fix),
    '',
    ...fenced('text', problem.details.join('\n')),
    ...fenced('yaml', problem.paste ?? ''),
  ].join('\n');
}

function fenced(language: string, text: string): readonly string[] {
  if (text === '') return [];
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text, fence, ''];
}

const codeSpan = /((?<!`)`[^`]+`(?!`))/;

/**
 * Text that Markdown shows as it is, without links, images or HTML; code spans are kept. An input or
 * a name from the network may be in it.
 */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .split(codeSpan)
    .map((part, index) => (index % 2 === 1 ? part : withoutLinks(part)))
    .join('');
}

/** What GitHub links wherever it stands: addresses, mentions, issues and commits. */
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
 * Text in code spans. Nothing else keeps GitHub from making links of it: e-mail addresses are looked
 * for after entities are decoded (cmark-gfm, extensions/autolink.c), mentions in the finished HTML. What
 * would end a span or the cell of a table stands between spans.
 */
function code(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^`|\\]+|[`|\\]/g, (part) => (/[`|\\]/.test(part) ? entity(part) : `\`${part}\``));
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
