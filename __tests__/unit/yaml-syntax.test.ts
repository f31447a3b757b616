import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { placeName } from '../../src/text/input-error.ts';
import { parseYaml } from '../../src/yaml/parse.ts';

function errorsIn(text: string): readonly string[] {
  const errors: string[] = [];
  parseYaml(text, yaml, (at, message) => {
    errors.push(`${placeName(at)}: ${message}`);
    return undefined;
  });
  return errors;
}

const indentation = 'the indentation does not match the lines above';
const tabs = 'the indentation contains a tab. Use spaces, not tabs';
const templateError = 'a key must be text. Put a value that begins with `{`, `[` or `?` in quotes';
const tag = 'tags (`!name`) are not supported';

describe('a syntax error in YAML is described in words:', () => {
  it.each([
    ['- a: 1\n- b: [x,\n  y\n- c: 2', 3, 3, 'missing `]` in the list opened on line 2'],
    ['- {a: [b, c}\n', 1, 12, 'missing `]` in the list opened on line 1'],
    ['- {a: [b, {c: d}\n- e', 2, 1, 'missing `]` in the list opened on line 1'],
    ['- [a,\n  [b]', 2, 6, 'missing `]` in the list opened on line 1'],
    ['- [a,\n  [b', 2, 5, 'missing `]` in the list opened on line 2'],
    ['\n- {a: b\n', 3, 1, 'missing `}` in the mapping opened on line 2'],
    ['[', 1, 2, 'missing `]` in the list opened on line 1'],
    [
      '- a: b\n- c: "d\n- e',
      2,
      6,
      'missing closing quotation mark (") of the text that begins here',
    ],
    ["'a", 1, 1, "missing closing quotation mark (') of the text that begins here"],
    ['}', 1, 1, '`}` without a matching `{`'],
    ['- a\n]', 2, 1, '`]` without a matching `[`'],
    ['- a: b\n\tc: d', 2, 1, tabs],
    ['- a:\n\t\tb: c', 2, 1, tabs],
    ['-\ta: b\n', 1, 2, tabs],
    ['- a: b\n\t\n  x y', 3, 3, 'missing `: ` after the key'],
    ['- a: b\n   c: d', 2, 4, indentation],
    ['- a: b\n c: d', 2, 2, indentation],
    ['  - a: b\n- c: d', 2, 1, indentation],
    ['- a: b\n  - c: d', 2, 3, indentation],
    ['- a: b\nc: d', 2, 1, indentation],
    ['- a:\n    b: c\n   d: e', 3, 4, indentation],
    ['- a: |\n    b\n   c\n', 3, 4, indentation],
    ['- a: b\n-c: d', 2, 1, 'missing space after `-`'],
    [
      '- a: b: c',
      1,
      6,
      'a value that contains `: ` must be in quotes, and each key must be on its own line',
    ],
    ['- a: b\n  c d\n', 2, 3, 'missing `: ` after the key'],
    ['- a\n b: c', 1, 3, 'missing `: ` after the key'],
    ['- {a: b c: d}', 1, 7, 'missing `,` between two entries'],
    ['- [a b: c, "d" "e"]', 1, 16, 'missing `,` between two entries'],
    ['- {a: b, , c: d}', 1, 10, 'missing value before `,`'],
    ['- "a"#b', 1, 6, 'missing space before `#`'],
    ['- a: "b" c', 1, 10, 'unexpected text after the end of a value'],
    ['- a: - b', 1, 6, 'a list must begin on the line below its key'],
    ['- a: |b\n  c', 1, 7, 'the text of a block (`|` or `>`) must begin on the next line'],
    ['- "a\\q"', 1, 5, 'unknown escape sequence. In double quotes, write a backslash as `\\\\`'],
    ['- a: @b', 1, 6, 'a value that begins with `@` must be in quotes'],
    ['- a: `b`', 1, 6, 'a value that begins with a backtick must be in quotes'],
    ['- a: {{ b }}', 1, 7, templateError],
    ['- a: b\n---\n- c', 2, 1, 'remove the line `---`; only one document is supported'],
    ['%YAML 3\n- a', 1, 7, 'remove `---` and lines that begin with `%`'],
    ['- a: b\n  c: d\n  a: e', 3, 3, 'this key is a duplicate of the one at line 1, column 3'],
    [`- ${'a'.repeat(1100)}: b`, 1, 3, 'a key must not have more than 1024 characters'],
    ['- *a', 1, 3, 'aliases (`*name`) are not supported. Repeat the value instead'],
    ['- &a &b c', 1, 6, 'anchors (`&name`) and aliases (`*name`) are not supported'],
    ['- !a b', 1, 6, tag],
    ['- !a !b c', 1, 6, tag],
  ])('%j', (text, line, column, message) => {
    expect(errorsIn(text)).toEqual([`line ${line}, column ${column}: ${message}`]);
  });
});

it('no error quotes the document', () => {
  const marks = '- |: |\n|\n  |\n   |\t|[|]|{|}|, |"|\'|#|&|*|!|>|%|@|`|? |---\n|\\|<<'.split('|');
  const word = fc.constantFrom('hunter2', '|', ...marks);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => {
      expect(errorsIn(words.join('')).join('\n')).not.toContain('hunter2');
    }),
    { numRuns: 1000 },
  );
});
