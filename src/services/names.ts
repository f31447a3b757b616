import { originOf, type Request, type Service } from './service.ts';

/** A folder's name may have 255 bytes; names of clusters in the cloud are long. */
const longest = 200;

/** Folders of a home that are not a credential's, and names that Windows keeps for devices. */
const taken = /^(?:bin|con|prn|aux|nul|com\d|lpt\d)$/;

/** Names that tbot keeps for its own services (lib/tbot/bot/bot.go). */
const reserved = new Set(['ca-rotation', 'crl-cache', 'heartbeat', 'spiffe-trust-bundle-cache']);

/**
 * Why a text can't be the name of a credential; undefined when it can. Lower case alone, because a
 * name is a folder, and some file systems take `A` and `a` for one.
 */
export function checkName(name: string): string | undefined {
  if (!/^[a-z\d_\-+]+$/.test(name))
    return 'a `name` has nothing but lower-case letters, digits, `-`, `_` and `+`';
  if (name.length > longest) return `a \`name\` has ${longest} characters at the most`;
  if (taken.test(name) || reserved.has(name)) return `the name \`${name}\` is reserved`;
  return undefined;
}

/** The name of a credential whose author gave none: its type, and what it is for. */
export function derivedName(service: Service): string {
  return folderName(service.type, ...targetOf(service));
}

/** Words as one name that every file system takes. */
export function folderName(...words: readonly string[]): string {
  return words
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '-');
}

function targetOf(service: Service): readonly string[] {
  switch (service.type) {
    case 'identity':
      return service.cluster === undefined ? [] : [service.cluster];
    case 'application':
      return [service.app_name];
    case 'database':
      return [service.service, service.database, service.username].filter(
        (part) => part !== undefined,
      );
    case 'kubernetes':
      return [service.kubernetes_cluster];
    case 'kubernetes/v2':
      return service.selectors.length === 1 ? nameIn(service.selectors[0]) : [];
    case 'ssh_host':
      return service.principals.slice(0, 1);
    case 'workload-identity-x509':
    case 'workload-identity-jwt':
    case 'workload-identity-aws-roles-anywhere':
      return nameIn(service.selector);
    default:
      return service satisfies never;
  }
}

function nameIn(selector: { readonly name?: string } | undefined): readonly string[] {
  return selector?.name === undefined ? [] : [selector.name];
}

/** A request by the name its credential will have. */
export interface Named {
  readonly name: string;
  readonly request: Request;
}

export function named(requests: readonly Request[]): readonly Named[] {
  return requests.map((request) => ({
    name: request.name ?? derivedName(request.service),
    request,
  }));
}

/** What is wrong with the name that a credential would have. */
export interface ServiceNameError {
  readonly request: Request;
  readonly what: string;
}

/** Names that two have, or that can't be one. */
export function nameErrors(requests: readonly Request[]): readonly ServiceNameError[] {
  const first = new Map<string, Request>();
  return named(requests).flatMap(({ name, request }) => {
    const before = first.get(name);
    first.set(name, before ?? request);
    if (before) return [{ request, what: alike(name, request, before) }];
    const why = checkName(name);
    const what = `the credential would be called \`${name}\`, ${why}; ${instead(request)}`;
    return why === undefined ? [] : [{ request, what }];
  });
}

function alike(name: string, request: Request, before: Request): string {
  const listed = [request, before].some(({ at }) => at !== undefined);
  return `the credential would be called \`${name}\`, as is that of ${originOf(before)}; ${
    listed ? 'take one out, or give the one in `services` another `name`' : instead(request)
  }`;
}

function instead({ at }: Request): string {
  return at === undefined ? 'ask for it in `services`, with a `name`' : 'give it another `name`';
}
