import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, getFileInfo, resolveConfig } from 'prettier';
import { reference } from './reference.ts';

const root = join(import.meta.dirname, '../..');

const usage = `usage: npm run reference -- OWNER/NAME@REF

Changes the reference of this action in all files, for a fork or a release. REF is a tag, a branch
or a commit SHA. Example: npm run reference -- acme/machine-id-action@v1
`;

/** The repository that a fork merges from. Its references are replaced too. */
const publisher = 'org/machine-id-action';

const owner = /[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}/.source;
const valid = new RegExp(`^${owner}/(?!\\.{1,2}@)[\\w.-]{1,100}@[A-Za-z\\d][\\w./-]*$`);

/** Returns why a reference is invalid, or undefined. */
function flawOf(text: string): string | undefined {
  if (!valid.test(text)) return 'it does not have the form OWNER/NAME@REF';
  const ref = text.split('@')[1] ?? '';
  if (/\.\.|\/\/|\/\.|[./]$|\.lock(?:\/|$)/.test(ref)) return `\`${ref}\` is not a valid Git ref`;
  return undefined;
}

/** Replaces the references in a text, except those that are pinned with a release as a comment. */
function replaced(text: string, to: string): string {
  const names = [publisher, nameOf(reference)].map((name) => name.replaceAll('.', '\\.'));
  const pattern = new RegExp(
    `(?<![\\w./-])(?:${names.join('|')})(?<path>(?:/[\\w.-]+)*)@[A-Za-z\\d](?:[\\w./-]*\\w)?(?![\\w/-]| # v\\d)`,
    'g',
  );
  const [name = '', ref = ''] = to.split('@');
  return withUrls(text.replaceAll(pattern, `${name}$<path>@${ref}`), names, name, ref);
}

/** Replaces the repository in URLs, and the ref in those of a file or of a plugin for Buildkite. */
function withUrls(text: string, names: readonly string[], name: string, ref: string): string {
  const url = `(?<host>\\bgithub(?:usercontent)?\\.com/)(?:${names.join('|')})(?![\\w-])`;
  const old = reference.split('@')[1] ?? '';
  return text.replaceAll(
    new RegExp(`${url}(?<rest>(?:\\.git/[\\w-]+#|/blob/|/tree/|/|@)${old}(?![\\w.-])|)`, 'g'),
    (_found, host: string, rest: string) =>
      `${host}${name}${rest === '' ? '' : rest.slice(0, rest.length - old.length) + ref}`,
  );
}

function nameOf(text: string): string {
  return text.split('@')[0] ?? '';
}

/** Formats a file as `npm run format` expects it, because a longer name can change line breaks. */
async function formatted(path: string, text: string): Promise<string> {
  const file = join(root, path);
  const { ignored, inferredParser } = await getFileInfo(file, {
    ignorePath: join(root, '.prettierignore'),
  });
  if (ignored || inferredParser === null) return text;
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

function trackedFiles(): readonly string[] {
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && !/^(dist\/|package-lock\.json$)/.test(path));
}

async function set(to: string): Promise<void> {
  let count = 0;
  for (const path of trackedFiles()) {
    const file = join(root, path);
    const before = readFileSync(file);
    const text = before.toString('utf8');
    if (!Buffer.from(text).equals(before)) continue;
    const after = replaced(text, to);
    if (after === text) continue;
    writeFileSync(file, await formatted(path, after));
    process.stdout.write(`${path}\n`);
    count += 1;
  }
  const files = count === 1 ? 'file' : 'files';
  process.stdout.write(`Changed ${count} ${files}. The reference is ${to}.\n`);
}

const [to, ...others] = process.argv.slice(2);
const flaw = to === undefined ? 'it is missing' : flawOf(to);
if (to === undefined || flaw !== undefined || others.length > 0) {
  const found =
    to === undefined ? '' : ` Found: ${JSON.stringify(process.argv.slice(2).join(' '))}.`;
  const reason = flaw ?? 'one reference is expected';
  process.stderr.write(`The reference is invalid: ${reason}.${found}\n\n${usage}`);
  process.exitCode = 2;
} else {
  await set(to);
}
