/** Yields the pairs of `NAME=VALUE` and `NAME<<DELIMITER` lines up to the first error. */
export function* pairs(text: string): Generator<readonly [string, string]> {
  const reader = createReader(text);
  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    if (line.text === '') continue;
    const equals = line.text.indexOf('=');
    const heredoc = line.text.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) yield assignment(line.text, equals);
    else if (heredoc >= 0) yield document(line.text, heredoc, reader);
    else throw new Error(`Invalid format '${line.text}'`);
  }
}

function assignment(line: string, equals: number): readonly [string, string] {
  if (equals === 0) throw new Error(`Invalid format '${line}'. Name must not be empty`);
  return [line.slice(0, equals), line.slice(equals + 1)];
}

function document(line: string, at: number, reader: Reader): readonly [string, string] {
  const [name, delimiter] = [line.slice(0, at), line.slice(at + 2)];
  if (name === '' || delimiter === '') {
    throw new Error(
      `Invalid format '${line}'. Name must not be empty and delimiter must not be empty`,
    );
  }
  const value: string[] = [];
  for (let next = reader.next(); next?.text !== delimiter; next = reader.next()) {
    if (next === undefined) {
      throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    }
    if (!next.ended) throw new Error('Invalid value. EOF marker missing new line.');
    value.push(next.text);
  }
  return [name, value.join('\n')];
}

interface Line {
  readonly text: string;
  /** False for a last line without `\n`. */
  readonly ended: boolean;
}

interface Reader {
  next(): Line | undefined;
}

/** Splits at `\n` only: a `\r` before it is part of the text (not on Windows). */
function createReader(text: string): Reader {
  let index = 0;
  return {
    next: () => {
      if (index >= text.length) return undefined;
      const end = text.indexOf('\n', index);
      const line = { text: text.slice(index, end < 0 ? undefined : end), ended: end >= 0 };
      index = end < 0 ? text.length : end + 1;
      return line;
    },
  };
}
