/** Returns the lines of a list and an empty line; nothing for no sentences. */
export function bullets(sentences: readonly string[]): readonly string[] {
  return sentences.length === 0 ? [] : [...sentences.map((text) => `- ${text}`), ''];
}

/** Returns the lines of a code block that `text` cannot end, and an empty line; nothing for no text. */
export function fenced(language: string, text: string): readonly string[] {
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
export function plain(text: string): string {
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
    .map((word) => (linked.test(word) ? codeInSentence(word) : escaped(word)))
    .join(' ');
}

/** Keeps the punctuation around a word, such as the period after a URL, out of the code span. */
function codeInSentence(word: string): string {
  const [, before = '', inner = word, after = ''] = /^(["(]*)(.+?)([")]*[.,:;]*)$/.exec(word) ?? [];
  return `${escaped(before)}${code(inner)}${escaped(after)}`;
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
export function code(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^`|\\]+|[`|\\]/g, (part) => (/[`|\\]/.test(part) ? entity(part) : `\`${part}\``));
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
