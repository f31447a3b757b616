import { parseAddress } from './address.ts';
import { parseFips, parseMirror, parseTools } from './download.ts';
import { parseDuration } from './duration.ts';
import {
  oneOf,
  parseBoolean,
  parseChecksums,
  parseClientId,
  parseLine,
  parseServices,
  parseTokenName,
  parseVersionWanted,
} from './values.ts';

/** One input of action.yml. */
export interface Input<T> {
  readonly name: string;
  /** What an absent input means; undefined where there is no default. */
  readonly fallback: string | undefined;
  readonly needed: boolean;
  /** An older spelling that means the same. */
  readonly alias?: { readonly name: string; readonly convert?: (text: string) => string };
  /** Throws a Mistake. */
  readonly parse: (text: string) => T;
}

const needed = <T>(name: string, parse: (text: string) => T): Input<T> => ({
  name,
  parse,
  needed: true,
  fallback: undefined,
});

export const optional = <T>(name: string, parse: (text: string) => T): Input<T | undefined> => ({
  name,
  parse,
  needed: false,
  fallback: undefined,
});

export const defaulted = <T>(
  name: string,
  fallback: string,
  parse: (text: string) => T,
): Input<T> => ({
  name,
  parse,
  needed: false,
  fallback,
});

const negated = (text: string): string => String(!parseBoolean(text));

/** Every input of action.yml, in its order. */
export const inputTable = {
  proxy: needed('proxy', parseAddress),
  token: needed('token', parseTokenName),
  joinMethod: defaulted('join-method', 'auto', oneOf('auto', 'github', 'azure')),
  azureClientId: optional('azure-client-id', parseClientId),
  services: optional('services', parseServices),
  allowReissue: defaulted('allow-reissue', 'false', parseBoolean),
  certificateTtl: {
    ...defaulted('certificate-ttl', '1h', parseDuration),
    alias: { name: 'credential-ttl' },
  },
  version: defaulted('version', 'auto', parseVersionWanted),
  edition: defaulted('edition', 'auto', oneOf('auto', 'oss', 'enterprise', 'cloud')),
  fips: defaulted('fips', 'auto', parseFips),
  installFrom: defaulted('install-from', 'auto', oneOf('auto', 'image', 'archive')),
  mirror: optional('mirror', parseMirror),
  checksum: optional('checksum', parseChecksums),
  tools: optional('tools', parseTools),
  tbotPath: optional('tbot-path', parseLine),
  extraCaFile: optional('extra-ca-file', parseLine),
  expectedCluster: optional('expected-cluster', parseLine),
  minTtl: optional('min-ttl', parseDuration),
  timeout: defaulted('timeout', '5m', parseDuration),
  exportEnv: {
    ...defaulted('export-env', 'true', parseBoolean),
    alias: { name: 'disable-env-vars', convert: negated },
  },
  anonymousTelemetry: defaulted('anonymous-telemetry', 'false', parseBoolean),
  summary: defaulted('summary', 'on-failure', oneOf('on-failure', 'always', 'never')),
} as const satisfies Record<string, Input<unknown>>;

/** The inputs of an action. */
export type InputTable = Readonly<Record<string, Input<unknown>>>;

/** The values of the inputs in a table. */
export type InputsOf<T extends InputTable> = {
  readonly [Key in keyof T]: ReturnType<T[Key]['parse']>;
};

/** What the workflow's author wants; durations in seconds, addresses as `host:port`. */
export type Inputs = InputsOf<typeof inputTable>;
