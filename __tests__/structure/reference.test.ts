import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reference } from '../../docs/generate/reference.ts';
import { files, root, text } from './tree.ts';

const [name = '', ref = ''] = reference.split('@');
/** A reference to the publisher's repository or to this fork, but not one with a release as a comment. */
const mentions = new RegExp(
  `(?:org/machine-id-action|${name.replaceAll('.', '\\.')})(?:/[\\w.-]+)*@[A-Za-z\\d](?:[\\w./-]*\\w)?(?![\\w/-]| # v\\d)`,
  'g',
);

describe('the reference of the action', () => {
  it('is the same in all files', () => {
    const found = files(/./).flatMap((path) =>
      [...text(path).matchAll(mentions)].map(([mention]) => ({ path, mention })),
    );
    expect(found.length).toBeGreaterThan(40);
    const others = found.filter(
      ({ mention }) => !mention.startsWith(name) || !mention.endsWith(`@${ref}`),
    );
    expect(others).toEqual([]);
  });

  it.each([
    'acme',
    'acme/login',
    'acme/login@',
    '-acme/login@v1',
    'a/b@v1 x',
    'a/b@v1..2',
    'a/b@$(x)',
  ])('cannot be changed to %s', (value) => {
    const { status, stderr } = set(root, value);
    expect([status, stderr]).toEqual([2, expect.stringContaining('The reference is invalid: ')]);
  });

  it('changes everywhere, and again, but not in the pinned sample', () => {
    const folder = mkdtempSync(join(tmpdir(), 'reference-'));
    try {
      for (const path of [
        'README.md',
        'docs/generate',
        'examples',
        'package.json',
        '.prettierrc.json',
      ])
        cpSync(join(root, path), join(folder, path), { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
      writeFileSync(join(folder, '.gitignore'), 'node_modules\n');
      execFileSync('git', ['init', '--quiet'], { cwd: folder });
      const sha = '89abcdef0123456789abcdef0123456789abcdef';
      for (const value of ['first-fork/other@v0', 'a-b/c.d@release/2.x', `acme/x@${sha}`]) {
        expect(set(folder, value).stdout).toMatch(/^README\.md$[^]*The reference is /m);
        const readme = readFileSync(join(folder, 'README.md'), 'utf8');
        const [repository, version] = value.split('@');
        expect(readme).toContain(`uses: ${value}\n`);
        expect(readme).toContain(`uses: ${repository}/scrub@${version}\n`);
        expect(readme).toMatch(/@0123456789abcdef0123456789abcdef01234567 # v1\.0\.0/);
      }
      expect(set(folder, `acme/x@${sha}`).stdout).toContain('Changed 0 files.');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function set(
  folder: string,
  value: string,
): { status: number | null; stdout: string; stderr: string } {
  const script = join(folder, 'docs/generate/set-reference.ts');
  return spawnSync(process.execPath, [script, value], { cwd: folder, encoding: 'utf8' });
}
