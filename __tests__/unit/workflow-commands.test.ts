import { EOL } from 'node:os';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import { knownCommands, parseCommand } from '../../testbed/runner/commands.ts';
import { captureStdout } from '../recording.ts';

/** Returns what the port prints for a text, without the last line break. */
function printed(text: string): string {
  using stdout = captureStdout();
  githubActions({}).info(text);
  return stdout.text.slice(0, -EOL.length);
}

/** Splits lines as .NET's StreamReader does. */
const lines = (text: string): readonly string[] => text.split(/\r\n|\r|\n/);

/** Whether the runner reads a line as a command. .NET treats U+0085 as white space. */
const isCommand = (line: string): boolean =>
  line.replace(/^[\s\u0085]+/, '').startsWith('::') ||
  line.includes('##[') ||
  parseCommand(line, knownCommands) !== undefined;

describe('a text with workflow commands', () => {
  it.each([
    '::error::x',
    '  ::add-mask::x',
    '\t::set-output name=a::b',
    '\u00a0::stop-commands::x',
    '\u2003\u3000::debug::x',
    '\u0085::add-mask::x',
    ' \u0085 ::add-mask::x',
    '\ufeff::add-mask::x',
    'a\n::error::x',
    'a\r::error::x',
    'a\r\n \r::error::x',
    '\u001b[31m::error::x',
    '\u009b31m::error::x',
    '\u0000::error::x',
    ':\u0000:error::x',
    ':\u001b[0m:error::x',
    '##[error]x',
    'x ##[add-mask]y',
    '#\u0007#[error]x',
    '##\u001b[0m[error]x',
    '##\u009b0m[error]x',
    '###[error]x',
    '##[##[error]x',
  ])('prints %j without a command', (text) => {
    expect(lines(printed(text)).filter(isCommand)).toEqual([]);
  });

  it('prints no command for any text', () => {
    const bits = [':', '::', '#', '##[', '[', ']', 'error', 'add-mask', ' ', '\t', '\n', '\r'];
    const others = [
      '\u0085',
      '\u00a0',
      '\u2028',
      '\ufeff',
      '\u0000',
      '\u001b',
      '\u001b[0m',
      '\u009b',
    ];
    const text = fc.string({
      unit: fc.constantFrom(...bits, ...others, '1m', 'm'),
      maxLength: 24,
    });
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (given) => {
        expect(lines(printed(given)).filter(isCommand)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it('prints other texts unchanged', () => {
    const texts = ['a::b', 'x: y', '#[a]', '# #[a]', 'a\n\tb\n', 'https://[::1]:443/', 'é', ''];
    for (const text of texts) expect(printed(text)).toBe(text);
  });

  it('does not change a text a second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printed(printed(text))).toBe(printed(text));
      }),
    );
  });

  it('removes colours and control characters', () => {
    expect(printed('\u001b[31mERROR: \u001b[0mno')).toBe('ERROR: no');
    expect(printed('a\u001b]0;title\u0007b')).toBe('a]0;titleb');
    expect(printed('\u009b2Ja\u0008b')).toBe('ab');
  });

  it('prints long white space in linear time', () => {
    expect(printed(' \n'.repeat(200_000)).length).toBe(400_000);
    expect(printed(' '.repeat(400_000)).length).toBe(400_000);
  });
});
