import { InputError, parseEach } from '../text/input-error.ts';
import { entryName, quoted } from '../text/display.ts';
import { isLoopback } from '../http/hosts.ts';

/** The programs that can be added to PATH in addition to tbot. */
export type ToolName = 'tsh' | 'tctl';

/**
 * Parses `tsh` and `tctl`, separated by commas or whitespace. Ignores `tbot`, which is always
 * installed. Throws InputErrors.
 */
export function parseTools(text: string): readonly ToolName[] {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '' && word !== 'tbot');
  const tools = parseEach(words, (word, number) => {
    if (isTool(word)) return word;
    throw new InputError(`${entryName(word, number, text)} is not \`tsh\` or \`tctl\``);
  });
  return [...new Set(tools)];
}

function isTool(word: string): word is ToolName {
  return word === 'tsh' || word === 'tctl';
}

/** Parses `auto` or a boolean. Throws an InputError. */
export function parseFips(text: string): 'auto' | boolean {
  if (/^auto$/i.test(text)) return 'auto';
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0)$/i.test(text)) return false;
  throw new InputError(`${quoted(text)} is not \`auto\`, \`true\` or \`false\``);
}

/**
 * Parses a mirror of the archives (a base URL: https, or http on a loopback address) or of the image
 * (`host[:port]/repository`, as in container tools). Removes a trailing `/` of the URL. Throws an
 * InputError.
 */
export function parseMirror(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? parseBaseUrl(text) : parseRepository(text);
}

/**
 * Parses the extension of a signature file, with or without its leading dot, which is removed. Throws
 * an InputError.
 */
export function parseSignatureExtension(text: string): string {
  const [, extension] = /^\.?([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)$/.exec(text) ?? [];
  if (extension !== undefined && extension.length <= 50) return extension;
  throw new InputError(`${quoted(text)} is not a file extension such as \`sig\``);
}

/** Whether a mirror, as returned by `parseMirror`, serves the image. */
export function isImageMirror(mirror: string | undefined): mirror is string {
  return mirror !== undefined && !/^https?:\/\//.test(mirror);
}

function parseBaseUrl(text: string): string {
  if (!URL.canParse(text)) throw new InputError(`${quoted(text)} is not a URL`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
    throw new InputError('the URL of a mirror must begin with `https://`');
  if (url.username || url.password)
    throw new InputError('the URL of a mirror must not contain a user name');
  if (url.search || url.hash)
    throw new InputError('the URL of a mirror must not contain `?` or `#`');
  return url.href.replace(/\/+$/, '');
}

/** The name of a repository: OCI distribution specification, "Pulling manifests". */
const repository = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

function parseRepository(text: string): string {
  const slash = text.indexOf('/');
  const host = text.slice(0, Math.max(slash, 0));
  const name = text.slice(slash + 1);
  const isHost = /[.:]|^localhost$/.test(host) && URL.canParse(`https://${host}/`);
  if (!isHost || /[@?#\\]/.test(host) || !repository.test(name))
    throw new InputError(
      `${quoted(text)} is neither the base URL of release archives (\`https://...\`) nor an image repository (\`host[:port]/repository\`, without a tag)`,
    );
  return `${host.toLowerCase()}/${name}`;
}
