import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';

export const root = new URL('../..', import.meta.url).pathname;

export function text(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Returns the matching files, without generated ones and dependencies. Paths are relative to the root. */
export function files(pattern: RegExp): readonly string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => pattern.test(path) && !/^(dist\/|package-lock)/.test(path) && exists(path));
}

function exists(path: string): boolean {
  try {
    text(path);
    return true;
  } catch {
    return false;
  }
}

/** Returns the imports of a module, static and dynamic; with `types`, type imports as well. */
export function importsOf(path: string, types: boolean): readonly string[] {
  const statements = text(path).matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'/g,
  );
  return [...statements].flatMap(([, type, from, bare]) =>
    type !== undefined && !types ? [] : [from ?? bare ?? ''],
  );
}

/** Resolves a relative import to a path from the root. Returns undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? join(dirname(from), specifier) : undefined;
}
