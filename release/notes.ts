import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Returns the section of a version in CHANGELOG.md, without its heading; undefined if there is none. */
function sectionOf(version: string): string | undefined {
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find(
    (text) => text.startsWith(`[${version}] - `) && /^\S+ - \d{4}-\d\d-\d\d$/m.test(text),
  );
  return section
    ?.slice(section.indexOf('\n'))
    .replace(/^\[[^\]\n]+\]: \S+$/gm, '')
    .trim();
}

/** Returns the release notes of a tag `vX.Y.Z`. Throws if package.json or CHANGELOG.md does not fit. */
function notesOf(tag: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (tag !== `v${version}`)
    throw new Error(`Tag ${tag} does not match version ${version} in package.json.`);
  const section = sectionOf(version);
  if (!section)
    throw new Error(`CHANGELOG.md has no section "## [${version}] - YYYY-MM-DD" with content.`);
  return section;
}

try {
  process.stdout.write(`${notesOf(process.argv[2] ?? '')}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
