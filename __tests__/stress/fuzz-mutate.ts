import * as fc from 'fast-check';

/** One change of a text or of bytes; positions and lengths are parts of what is there, in thousandths. */
interface Edit {
  readonly kind: 'insert' | 'replace' | 'remove' | 'repeat' | 'cut' | 'flip';
  readonly at: number;
  readonly length: number;
  readonly given: string;
  readonly bit: number;
}

/** Texts that parsers have been known to stumble over. */
const tricky = [
  '',
  '\0',
  '\r\n',
  '\u2028',
  '\ud800',
  '\u202e',
  '\ufeff',
  '-1',
  '0',
  '1e309',
  '9007199254740993',
  '18446744073709551616',
  '__proto__',
  'constructor',
  'toString',
  'null',
  '${x}',
  '%0A::error::x',
  '../../../../outside/x',
  '🙂',
  '\u001b[31m',
];

const edit = (words: readonly string[], longest: number): fc.Arbitrary<Edit> =>
  fc.record({
    kind: fc.constantFrom('insert', 'replace', 'remove', 'repeat', 'cut', 'flip'),
    at: fc.nat(1000),
    length: fc.oneof({ weight: 4, arbitrary: fc.nat(20) }, fc.nat(longest)),
    given: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...words, ...tricky) },
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc
        .constantFrom('[', '{a: ', '- ', '&a [*a, *a]\n', '\t', '9', '/')
        .chain((text) =>
          fc.constantFrom(1, 2, 3, 30, 500, 3000).map((times) => text.repeat(times)),
        ),
    ),
    bit: fc.nat(7),
  });

function apply(text: string, { kind, at, length, given, bit }: Edit): string {
  const start = Math.floor((at * text.length) / 1000);
  const from = text.slice(0, start);
  const part = text.slice(start, start + length);
  const rest = text.slice(start + length);
  switch (kind) {
    case 'insert':
      return from + given + part + rest;
    case 'replace':
      return from + given + rest;
    case 'remove':
      return from + rest;
    case 'repeat':
      return from + part + part + part + rest;
    case 'cut':
      return from;
    case 'flip':
      return from + flipped(part, bit) + rest;
    default:
      return kind satisfies never;
  }
}

/** The first character becomes another. */
function flipped(part: string, bit: number): string {
  if (part === '') return part;
  // oxlint-disable-next-line no-bitwise
  return String.fromCharCode(part.charCodeAt(0) ^ (1 << bit)) + part.slice(1);
}

/** Most often one or none: the first damage that a parser finds hides what comes after it. */
function few<T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: one.map((only) => [only]) },
    fc.array(one, { minLength: 2, maxLength: 5 }),
  );
}

/** One of the examples, as it is or with up to five changes; `words` are put into it. */
export function mutatedText(
  examples: readonly string[],
  words: readonly string[] = [],
): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...examples), few(edit(words, 200)))
    .map(([example, edits]) => edits.reduce(apply, example));
}

/** A change that a failure shows by what it is made of. */
function shownAs<T>(change: (value: T) => T, edits: unknown): (value: T) => T {
  return Object.assign(change, { [fc.toStringMethod]: () => fc.stringify(edits) });
}

/** The changes of `mutatedText`, for bytes that are known only when the case runs. */
export const byteEdits: fc.Arbitrary<(bytes: Buffer) => Buffer> = few(edit([], 600)).map((edits) =>
  shownAs(
    (bytes: Buffer): Buffer => Buffer.from(edits.reduce(apply, bytes.toString('latin1')), 'latin1'),
    edits,
  ),
);

const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 2 ** 53, '', [], {}, '\0', '__proto__'),
  fc.constantFrom(...tricky),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(100, 5000).map((count) => 'x'.repeat(count)),
  fc.constantFrom(50, 2000).map((depth) => nested(depth)),
);

function nested(depth: number): unknown {
  let inner: unknown = 1;
  for (let level = 0; level < depth; level += 1) inner = [inner];
  return inner;
}

/** Changes of JSON: nodes, counted in the order of the document, get other values, or are removed. */
export const jsonEdits: fc.Arbitrary<(json: unknown) => unknown> = few(
  fc.tuple(fc.nat(60), fc.option(value)),
).map((edits) =>
  shownAs(
    (json: unknown) => edits.reduce((rest, [node, given]) => replaced(rest, node, given), json),
    edits,
  ),
);

function replaced(json: unknown, node: number, given: unknown): unknown {
  let left = node % 30;
  const visit = (one: unknown): unknown => {
    left -= 1;
    if (left < 0) {
      left = Infinity;
      return given === null ? undefined : given;
    }
    if (Array.isArray(one)) return one.map(visit).filter((each) => each !== undefined);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, each]) => [key, visit(each)]));
  };
  return visit(json) ?? null;
}
