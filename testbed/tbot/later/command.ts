import { parseArgs } from 'node:util';
import { Failure } from '../failure.ts';
import type { PlayedVersion } from '../versions.ts';
import type { DatabaseProxy } from './database.ts';

/** A command that later steps run with the files of `start`. */
export type LaterCommand =
  | {
      readonly type: 'node';
      readonly destination: string;
      readonly proxyAddress: string;
      readonly host: string;
      readonly port: string;
    }
  | ({ readonly type: 'database' } & DatabaseProxy)
  | { readonly type: 'kube-credentials'; readonly destination: string }
  | { readonly type: 'multiplexer'; readonly socket: string; readonly target: string };

/** Parses the arguments. Returns undefined for other commands. Throws a Failure. */
export function parseLater(
  args: readonly string[],
  version: PlayedVersion,
): LaterCommand | undefined {
  const word = args.find((arg) => !arg.startsWith('-'));
  if (word === 'kube') return kubeCredentials(args);
  if (word === 'proxy') return proxy(args, version);
  if (word === 'ssh-multiplexer-proxy-command') {
    const [, socket = '', target = ''] = args;
    return { type: 'multiplexer', socket, target };
  }
  return word === 'ssh-proxy-command' && version.sshProxyCommand ? sshProxy(args) : undefined;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

function kubeCredentials(args: readonly string[]): LaterCommand {
  const { values, positionals } = parse(args, { 'destination-dir': text });
  if (positionals.join(' ') !== 'kube credentials') throw new Failure('command not specified');
  return { type: 'kube-credentials', destination: needed(values, 'destination-dir') };
}

/** `proxy ... db --port=P service`, or `proxy ... ssh --cluster=C user@host:port` up to 15. */
function proxy(args: readonly string[], { proxyFlags }: PlayedVersion): LaterCommand {
  const addresses = Object.fromEntries(proxyFlags.map((name) => [name, text]));
  const options = { 'destination-dir': text, cluster: text, port: text, ...addresses };
  const { values, positionals } = parse(args, options);
  const [, command, target = ''] = positionals;
  const destination = needed(values, 'destination-dir');
  const given = proxyFlags.find((name) => values[name] !== undefined);
  const proxyAddress = needed(values, given ?? 'proxy-server');
  if (command === 'db') {
    return { type: 'database', destination, proxyAddress, port: needed(values, 'port') };
  }
  const [, host = '', port = ''] = /^(?:.*@)?(.*):(\d+)$/.exec(target) ?? [];
  if (command !== 'ssh' || host === '') throw new Failure(`invalid target ${target}`);
  return { type: 'node', destination, proxyAddress, host, port };
}

function sshProxy(args: readonly string[]): LaterCommand {
  const switches = { 'tls-routing': flag, 'connection-upgrade': flag, resume: flag };
  const names = ['destination-dir', 'proxy-server', 'cluster', 'user', 'host', 'port'];
  const texts = Object.fromEntries(names.map((name) => [name, text]));
  const { values } = parse(args, { ...switches, ...texts });
  return {
    type: 'node',
    destination: needed(values, 'destination-dir'),
    proxyAddress: needed(values, 'proxy-server'),
    host: needed(values, 'host'),
    port: needed(values, 'port'),
  };
}

type Options = Record<string, { readonly type: 'string' | 'boolean' }>;
type Flags = Readonly<Record<string, string | boolean | undefined>>;

function parse(
  args: readonly string[],
  options: Options,
): { readonly values: Flags; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error));
  }
}

function needed(values: Flags, name: string): string {
  const value = values[name];
  if (typeof value === 'string') return value;
  throw new Failure(`required flag --${name} not provided`);
}
