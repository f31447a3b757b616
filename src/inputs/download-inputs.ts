import { InputError } from '../text/input-error.ts';
import { quoted } from '../text/quoted.ts';
import { isLoopback } from '../http/hosts.ts';

/** Programs that are put on PATH beside tbot. */
export type ToolName = 'tsh' | 'tctl';

/** `tsh`, `tctl`, or both, by commas, spaces or line breaks; tbot comes anyway. */
export function parseTools(text: string): readonly ToolName[] {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '' && word !== 'tbot');
  for (const word of words)
    if (!isTool(word)) throw new InputError(`${quoted(word, text)} is not one of tsh, tctl`);
  return [...new Set(words.filter(isTool))];
}

function isTool(word: string): word is ToolName {
  return word === 'tsh' || word === 'tctl';
}

/** `auto`, or a boolean. */
export function parseFips(text: string): 'auto' | boolean {
  if (/^auto$/i.test(text)) return 'auto';
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0)$/i.test(text)) return false;
  throw new InputError(`${quoted(text)} is none of auto, true, false`);
}

/**
 * A mirror: of the archives as a base URL without the `/` at the end (https, or http on a loopback
 * address), or of the image as `host[:port]/repository`, the way container tools write it.
 */
export function parseMirror(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? parseSite(text) : parseRepository(text);
}

/** Whether a mirror is one of the image. */
export function isImageMirror(mirror: string | undefined): mirror is string {
  return mirror !== undefined && !/^https?:\/\//.test(mirror);
}

function parseSite(text: string): string {
  if (!URL.canParse(text)) throw new InputError(`${quoted(text)} is not a URL`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
    throw new InputError('a mirror is reached by https');
  if (url.username || url.password)
    throw new InputError('a mirror has no user name in its address');
  if (url.search || url.hash)
    throw new InputError('the base URL of a mirror has no `?` and no `#`');
  return url.href.replace(/\/+$/, '');
}

/** Names of repositories: OCI distribution specification, "Pulling manifests". */
const repository = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

function parseRepository(text: string): string {
  const slash = text.indexOf('/');
  const host = text.slice(0, Math.max(slash, 0));
  const name = text.slice(slash + 1);
  const known = /[.:]|^localhost$/.test(host) && URL.canParse(`https://${host}/`);
  if (!known || /[@?#\\]/.test(host) || !repository.test(name))
    throw new InputError(
      `${quoted(text)} is neither a base URL of archives (\`https://...\`) nor a repository of the image (\`host[:port]/repository\`, without a tag)`,
    );
  return `${host.toLowerCase()}/${name}`;
}
