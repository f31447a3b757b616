/** Splits a stream of text into lines as .NET's StreamReader does: at `\n`, `\r\n` and `\r`. */
export interface LineCutter {
  push(text: string): readonly string[];
  /** Returns the last line, if the stream did not end with a line break. */
  end(): readonly string[];
}

/** Creates a splitter for one stream. */
export function createLineCutter(): LineCutter {
  let rest = '';
  return {
    push: (text) => {
      rest += text;
      // A final `\r` can be the first half of `\r\n`.
      const complete = /^[\s\S]*(?:\n|\r(?!$))/.exec(rest)?.[0] ?? '';
      rest = rest.slice(complete.length);
      return split(complete);
    },
    end: () => {
      const last = rest;
      rest = '';
      return split(last);
    },
  };
}

function split(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
