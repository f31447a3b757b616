import { Failure } from './failure.ts';
import type { PlayedVersion } from './versions.ts';

/** The settings of the command line and the environment. */
export interface Invocation {
  readonly command: 'start' | 'version';
  readonly configPath: string | undefined;
  /** The YAML text in TBOT_CONFIG. */
  readonly configText: string | undefined;
  readonly debug: boolean;
  readonly insecure: boolean;
  readonly fips: boolean;
  readonly oneshot: boolean | undefined;
  readonly authServer: string | undefined;
  readonly proxyServer: string | undefined;
  readonly token: string | undefined;
  readonly joinMethod: string | undefined;
}

const withValue = {
  global: ['config', 'log-format'],
  start: ['auth-server', 'proxy-server', 'token', 'join-method', 'log-format'],
} as const;
const switches = { global: ['debug', 'fips', 'insecure'], start: ['oneshot', 'insecure'] } as const;
const shorts: Readonly<Record<string, string>> = { c: 'config', d: 'debug', a: 'auth-server' };

interface Parsed {
  readonly words: string[];
  readonly flags: Map<string, string>;
}

/** Parses arguments as kingpin does. The environment sets the default of flags. */
export function parseInvocation(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  version: PlayedVersion,
): Invocation {
  const { words, flags } = parse([...args]);
  const variable = (name: string) =>
    version.environment.includes(name) ? env[name] || undefined : undefined;
  const configText = variable('TBOT_CONFIG');
  return {
    command: commandOf(words),
    configPath: flags.get('config') ?? variable('TBOT_CONFIG_PATH'),
    configText: configText && Buffer.from(configText, 'base64').toString(),
    debug: (flags.get('debug') ?? variable('TBOT_DEBUG') ?? 'false') !== 'false',
    insecure: flags.get('insecure') === 'true',
    fips: flags.get('fips') === 'true',
    oneshot: flags.has('oneshot') ? flags.get('oneshot') === 'true' : undefined,
    authServer: flags.get('auth-server') ?? variable('TELEPORT_AUTH_SERVER'),
    proxyServer: flags.get('proxy-server') ?? variable('TELEPORT_PROXY'),
    token: flags.get('token') ?? variable('TELEPORT_BOT_TOKEN'),
    joinMethod: flags.get('join-method'),
  };
}

function commandOf(words: readonly string[]): 'start' | 'version' {
  const command = words.join(' ');
  if (command === 'version') return 'version';
  if (command === 'start' || command === 'start legacy') return 'start';
  if (command === '') throw new Failure('command not specified');
  throw new Failure(
    `expected command but got ${JSON.stringify(words.find((word) => word !== 'start'))}`,
  );
}

function parse(rest: string[]): Parsed {
  const parsed: Parsed = { words: [], flags: new Map() };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith('-')) readFlag(word, rest, parsed);
    else parsed.words.push(word);
  }
  return parsed;
}

function readFlag(word: string, rest: string[], { words, flags }: Parsed): void {
  const scope = words.length > 0 ? 'start' : 'global';
  const [, dashes = '', given = '', , inline] = /^(--?)([^=]*)(=(.*))?$/s.exec(word) ?? [];
  const name = dashes === '--' ? given : shorts[given];
  const unknown = dashes === '--' ? `unknown long flag '${word}'` : `unknown short flag '${word}'`;
  if (name === undefined) throw new Failure(unknown);
  if (includes([...withValue.global, ...withValue[scope]], name)) {
    const value = inline ?? rest.shift();
    if (value === undefined) throw new Failure(`expected argument for flag '${word}'`);
    flags.set(name, value);
  } else if (includes([...switches.global, ...switches[scope]], name)) {
    flags.set(name, inline ?? 'true');
  } else if (includes([...switches.global, ...switches[scope]], name.replace(/^no-/, ''))) {
    flags.set(name.replace(/^no-/, ''), 'false');
  } else {
    throw new Failure(unknown);
  }
}

function includes(names: readonly string[], name: string): boolean {
  return names.includes(name);
}
