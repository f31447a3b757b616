import { describe, expect, it } from 'vitest';
import { readdirSync, statSync } from 'node:fs';
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

/** Returns a file of dist and all that it loads at any time, as paths from the root. */
function reachable(path: string, seen = new Set<string>()): Set<string> {
  seen.add(path);
  for (const [, name] of text(path).matchAll(/(?:\bfrom |^import |\bimport\()"\.\/([^"]+)"/gm))
    if (!seen.has(`dist/${name}`)) reachable(`dist/${name}`, seen);
  return seen;
}

/** Returns the bytes of a file of dist, or of all files whose name matches, such as `vendor-*.js`. */
function sizeOf(pattern: string): number {
  const [start = '', end] = pattern.split('*');
  return readdirSync(join(root, 'dist'))
    .filter((name) =>
      end === undefined ? name === start : name.startsWith(start) && name.endsWith(end),
    )
    .reduce((sum, name) => sum + statSync(join(root, 'dist', name)).size, 0);
}

describe('dist', () => {
  it.each(['main', 'setup'])('%s.js loads little before the inputs are read', (entry) => {
    const files = [...loaded(`dist/${entry}.js`)].filter((name) => name.startsWith('./'));
    expect(files.toSorted()).toEqual(['./shared.js', './vendor-actions-core.js']);
  });

  it('health.js is loaded only if tbot runs in the background', () => {
    for (const entry of ['main', 'step', 'post', 'scrub'])
      expect([...loaded(`dist/${entry}.js`)]).not.toContain('./health.js');
    for (const entry of ['post', 'scrub'])
      expect(text(`dist/${entry}.js`)).toContain('import("./health.js")');
  });

  it('machine-id.js loads nothing before it has checked the version of Node', () => {
    expect([...loaded('dist/machine-id.js')]).toEqual([]);
    expect(text('dist/machine-id.js')).toContain('import("./command-line.js")');
  });

  it('the image contains what machine-id.js loads, and the licenses', () => {
    const copied = [...text('release/Dockerfile').matchAll(/\bdist\/[\w.-]+(?= \\$)/gm)].map(
      String,
    );
    const loads = reachable('dist/machine-id.js');
    expect(copied.toSorted()).toEqual([...loads, 'dist/licenses.txt'].toSorted());
  });

  it.each(['post', 'scrub'])(
    '%s.js is one file, without slow modules or an HTTP client',
    (entry) => {
      const names = [...loaded(`dist/${entry}.js`)].map((name) => name.replace('node:', ''));
      expect(names.filter((name) => name.startsWith('./'))).toEqual([]);
      for (const slow of ['http', 'https', 'net', 'tls', 'zlib', 'child_process'])
        expect(names).not.toContain(slow);
    },
  );

  it('has exactly the files that SECURITY.md describes', () => {
    const { rows } = tableBelow('SECURITY.md', '### Files of `dist`');
    const described = rows.flatMap(({ file }) => codesIn(file));
    const names = readdirSync(join(root, 'dist')).map((name) =>
      name.replace(/^vendor-.*(?=\.js$)/, 'vendor-*'),
    );
    expect(described.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  it('has about the sizes that SECURITY.md gives', () => {
    const { rows } = tableBelow('SECURITY.md', '### Files of `dist`');
    for (const { file = '', size = '' } of rows) {
      const bytes = codesIn(file).map(sizeOf);
      const kilobytes = Math.max(1, bytes.reduce((sum, one) => sum + one) / 1000);
      const given = Number(size.replace(' kB', ''));
      expect({ file, near: Math.abs(given - kilobytes) < Math.max(1, kilobytes / 5) }).toEqual({
        file,
        near: true,
      });
    }
  });
});
