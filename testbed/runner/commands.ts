/** A workflow command in a line of output. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The commands of the runner, in lower case. */
export const knownCommands: ReadonlySet<string> = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

type Escapes = readonly (readonly [string, string])[];

// `%25` is last, so that `%250A` becomes the text `%0A`.
const lineBreaks: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
];
const percent: Escapes = [['%25', '%']];
const dataEscapes: Escapes = [...lineBreaks, ...percent];
const propertyEscapes: Escapes = [...lineBreaks, ['%3A', ':'], ['%2C', ','], ...percent];
const legacyEscapes: Escapes = [['%3B', ';'], ...lineBreaks, ['%5D', ']'], ...percent];

/**
 * Reads `::name key=value,key=value::data` at the start of a line or `##[name key=value]data`
 * anywhere in it. Only names in `known` count (case does not matter); any other line is output.
 * Follows `ActionCommand.cs` of actions/runner.
 */
export function parseCommand(line: string, known: ReadonlySet<string>): Command | undefined {
  return parseColons(line, known) ?? parseLegacy(line, known);
}

function parseColons(line: string, known: ReadonlySet<string>): Command | undefined {
  const text = line.trimStart();
  const end = text.startsWith('::') ? text.indexOf('::', 2) : -1;
  if (end < 0) return undefined;
  return command(text.slice(2, end), text.slice(end + 2), known, {
    separator: ',',
    properties: propertyEscapes,
    data: dataEscapes,
  });
}

function parseLegacy(line: string, known: ReadonlySet<string>): Command | undefined {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return undefined;
  return command(line.slice(start + 3, end), line.slice(end + 1), known, {
    separator: ';',
    properties: legacyEscapes,
    data: legacyEscapes,
  });
}

interface Dialect {
  readonly separator: string;
  readonly properties: Escapes;
  readonly data: Escapes;
}

function command(
  info: string,
  data: string,
  known: ReadonlySet<string>,
  dialect: Dialect,
): Command | undefined {
  const space = info.indexOf(' ');
  const name = (space < 0 ? info : info.slice(0, space)).toLowerCase();
  if (!known.has(name)) return undefined;
  const pairs =
    space <= 0
      ? []
      : info
          .slice(space + 1)
          .trim()
          .split(dialect.separator);
  return {
    name,
    properties: Object.fromEntries(pairs.flatMap((pair) => property(pair, dialect.properties))),
    data: unescape(data, dialect.data),
  };
}

function property(pair: string, escapes: Escapes): readonly (readonly [string, string])[] {
  const equals = pair.indexOf('=');
  if (equals <= 0 || equals === pair.length - 1) return [];
  return [[pair.slice(0, equals), unescape(pair.slice(equals + 1), escapes)]];
}

function unescape(text: string, escapes: Escapes): string {
  return escapes.reduce((result, [code, plain]) => result.replaceAll(code, plain), text);
}
