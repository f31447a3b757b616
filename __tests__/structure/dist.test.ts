import { describe, expect, it } from 'vitest';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codesIn, tableBelow } from './tables.ts';
import { root, text } from './tree.ts';

/** Returns the files that a file of dist loads statically, directly or indirectly. */
function loaded(path: string, seen = new Set<string>()): Set<string> {
  const statements = text(path).matchAll(/^import\s[^;]*?from\s+"([^"]+)";|^import\s+"([^"]+)";/gm);
  for (const [, from, bare] of statements) {
    const name = from ?? bare ?? '';
    if (seen.has(name)) continue;
    seen.add(name);
    if (name.startsWith('./')) loaded(`dist/${name.slice(2)}`, seen);
  }
  return seen;
}

describe('dist', () => {
  it.each(['main', 'setup'])('%s.js loads little before the inputs are read', (entry) => {
    const files = [...loaded(`dist/${entry}.js`)].filter((name) => name.startsWith('./'));
    expect(files.toSorted()).toEqual(['./shared.js', './vendor-actions-core.js']);
  });

  it('post.js is one file and loads no slow modules and no HTTP client', () => {
    const names = [...loaded('dist/post.js')].map((name) => name.replace('node:', ''));
    expect(names.filter((name) => name.startsWith('./'))).toEqual([]);
    for (const slow of ['http', 'https', 'net', 'tls', 'zlib', 'child_process'])
      expect(names).not.toContain(slow);
  });

  it('has exactly the files that SECURITY.md describes', () => {
    const { rows } = tableBelow('SECURITY.md', '### Files of `dist`');
    const described = rows.flatMap(({ file }) => codesIn(file));
    const names = readdirSync(join(root, 'dist')).map((name) =>
      name.replace(/^vendor-.*(?=\.js$)/, 'vendor-*'),
    );
    expect(described.toSorted()).toEqual([...new Set(names)].toSorted());
  });
});
