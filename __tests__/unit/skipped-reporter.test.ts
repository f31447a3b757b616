import { describe, expect, it } from 'vitest';
import { needs, programPath } from '../requirements.ts';
import { skippedLines } from '../skipped-reporter.ts';

describe('the list of skipped tests', () => {
  it('is empty if no test was skipped', () => {
    expect(skippedLines([])).toEqual([]);
  });

  it('names each requirement and how to meet it', () => {
    expect(skippedLines(['root', 'kubectl', 'root', 'act'])).toEqual([
      'Skipped 4 tests:',
      '  2 because this user is not root; run the tests as root',
      '  1 because kubectl is not installed; apt-get install kubernetes-client',
      '  1 because act is not installed; see CONTRIBUTING.md',
      '',
    ]);
    expect(skippedLines(['tinyproxy'])[0]).toBe('Skipped 1 test:');
  });
});

describe('needs', () => {
  it('returns no options if the requirements are met', () => {
    expect(needs(process.platform === 'win32' ? 'root' : 'posix').skip).toBe(
      process.platform === 'win32' ? true : undefined,
    );
  });

  it('skips with the first missing requirement', () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '';
    try {
      // Only PATH has it, in contrast to programs in directories that are always searched.
      expect(programPath('cmark-gfm')).toBe('');
      expect(needs('posix', 'cmark-gfm', 'tinyproxy')).toEqual({
        skip: true,
        meta: { missing: 'cmark-gfm' },
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
