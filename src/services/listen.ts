import { InputError } from '../text/input-error.ts';
import type { Values } from '../yaml/fields.ts';
import type { AddKeyError, AnyDescriptor } from './service.ts';

/** The address of a tunnel. Port 0 and a Unix socket without a path are chosen by the action. */
export type ListenAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix' };

/** The key of types that listen on an address. */
export const listenField = {
  listen: { kind: 'text', aliases: ['address', 'addr', 'listen_addr', 'port'] },
} as const;

/** Reports a `listen` that is not an address of this machine. */
export function checkListen(draft: { readonly listen?: string }, addError: AddKeyError): void {
  if (draft.listen === undefined) return;
  try {
    parseListen(draft.listen);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    addError('listen', `\`listen\`: ${error.message}`);
  }
}

/** Returns the address of a service; undefined if its type does not listen on an address. */
export function listenAddressOf(
  { serves }: AnyDescriptor,
  { listen }: Values,
): ListenAddress | undefined {
  if (serves === undefined || serves.at === 'directory') return undefined;
  if (typeof listen === 'string') return parseListen(listen);
  return serves.at === 'unix' ? { kind: 'unix' } : { kind: 'tcp', host: '127.0.0.1', port: 0 };
}

/**
 * Parses `tcp://HOST:PORT` with a loopback address, or `unix://`. A path is refused: every user can
 * connect to tbot's sockets (mode 0777, lib/tbot/internal/listener.go), and only the private directory
 * restricts this. Throws an InputError.
 */
function parseListen(text: string): ListenAddress {
  const [, scheme, rest = ''] = /^([a-z]+):(?:\/\/)?(.*)$/i.exec(text) ?? [];
  if (scheme === 'unix') {
    if (rest === '') return { kind: 'unix' };
    throw new InputError(
      'set `unix://` without a path: the action creates the socket in its private directory and reports the path in the outputs',
    );
  }
  if (scheme === 'tcp') return parseTcp(text, rest);
  const meant = /^(?:127\.0\.0\.1|localhost)?:?(\d+)$/.exec(text)?.[1];
  throw new InputError(
    meant === undefined
      ? `\`${text}\` is not \`tcp://127.0.0.1:PORT\` or \`unix://\``
      : `\`${text}\` has no scheme. Specify \`tcp://127.0.0.1:${meant}\``,
  );
}

function parseTcp(text: string, rest: string): ListenAddress {
  const [, host = '', digits = '0'] = /^(\[[^\]]*\]|[^:/]*)(?::(\d{1,5}))?\/?$/.exec(rest) ?? [];
  const port = Number(digits);
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host))
    throw new InputError(
      `\`${text}\` is not a loopback address. A tunnel does not authenticate its clients, so other machines could use it. Specify \`tcp://127.0.0.1:${port}\``,
    );
  if (port > 65535) throw new InputError(`\`${digits}\` is not a port number`);
  return { kind: 'tcp', host, port };
}
