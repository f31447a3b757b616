import { descriptorOf, type Service } from './index.ts';
import { credentialNames, originOf, type Request } from './requests.ts';

/** A directory name has at most 255 bytes, and the names of cloud clusters can be long. */
const longest = 200;

/** Another directory in the private directory, and names that Windows reserves for devices. */
const unusable = /^(?:bin|con|prn|aux|nul|com\d|lpt\d)$/;

/** Names that tbot reserves for its own services (lib/tbot/bot/bot.go). */
const reserved = new Set(['ca-rotation', 'crl-cache', 'heartbeat', 'spiffe-trust-bundle-cache']);

/**
 * Returns why a text cannot be the name of a credential; undefined if it can. Only lower case, because
 * the name is also that of a directory, and some file systems do not distinguish `A` and `a`.
 */
export function checkName(name: string): string | undefined {
  if (!/^[a-z\d_\-+]+$/.test(name))
    return 'a credential name may contain only lowercase letters, digits, `-`, `_` and `+`';
  if (name.length > longest) return `a credential name has at most ${longest} characters`;
  if (unusable.test(name) || reserved.has(name))
    return `the credential name \`${name}\` is reserved`;
  return undefined;
}

/** Returns the default name of a credential: its type and what distinguishes it, such as a database. */
export function derivedName(service: Service): string {
  return folderName(service.type, ...descriptorOf(service.type).target(service));
}

/** Joins words into a name that every file system accepts. */
export function folderName(...words: readonly string[]): string {
  return words
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '-');
}

/** A request with the name of its credential. */
export interface Named {
  readonly name: string;
  readonly otherNames?: readonly string[];
  readonly request: Request;
}

export function named(requests: readonly Request[]): readonly Named[] {
  return requests.map((request) => ({
    name: request.name ?? derivedName(request.service),
    ...(request.otherNames === undefined ? {} : { otherNames: request.otherNames }),
    request,
  }));
}

/** An error in the name of a credential. */
export interface ServiceNameError {
  readonly request: Request;
  readonly message: string;
}

/** Returns an error for each name that is not allowed or that an earlier credential already has. */
export function nameErrors(requests: readonly Request[]): readonly ServiceNameError[] {
  const first = new Map<string, Request>();
  const credentials = named(requests).flatMap((one) =>
    credentialNames(one).map((name) => ({ name, request: one.request })),
  );
  return credentials.flatMap(({ name, request }) => {
    const before = first.get(name);
    first.set(name, before ?? request);
    if (before) return [{ request, message: duplicate(name, request, before) }];
    const why = checkName(name);
    if (why === undefined) return [];
    return [{ request, message: `\`${name}\`: ${why}. ${remedy(request)}` }];
  });
}

function duplicate(name: string, request: Request, before: Request): string {
  const listed = [request, before].some(({ at }) => at !== undefined);
  const used =
    listed || request.input !== before.input ? `already used by ${originOf(before)}` : 'used twice';
  const fix = listed ? 'Remove one of them, or set another `name` in `services`' : remedy(request);
  return `the credential name \`${name}\` is ${used}. ${fix}`;
}

function remedy({ at }: Request): string {
  return at === undefined
    ? 'Request this credential in `services`, with a `name`'
    : 'Set another `name`';
}
