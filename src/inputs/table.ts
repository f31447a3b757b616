import { parseAddress, parseAuthServer } from './address.ts';
import { parseFips, parseMirror, parseSignatureExtension, parseTools } from './download-inputs.ts';
import { parseSignatureKey } from './public-keys.ts';
import { joinMethods } from '../methods/index.ts';
import { readOnboarding } from '../methods/onboarding.ts';
import { readServices } from '../services/read.ts';
import { parseDatabases, parseDatabaseTunnels, parseNames } from '../services/targets.ts';
import type { Yaml } from '../yaml/parse.ts';
import { parseDuration } from '../text/time.ts';
import {
  oneOf,
  parseBoolean,
  parseChecksums,
  parseClientId,
  parseLine,
  parseLines,
  parsePath,
  parseTokenName,
  parseVersionInput,
} from './parsers.ts';
import type { Endpoint } from '../cluster/endpoint.ts';

/** One input of action.yml. */
export interface Input<T> {
  readonly name: string;
  /** The value of an absent input. Undefined if there is no default. */
  readonly defaultValue: string | undefined;
  readonly required: boolean;
  /** The value of a required input, as a noun phrase. */
  readonly expected?: string;
  /** Another name of the input. */
  readonly alias?: { readonly name: string; readonly convert?: (text: string) => string };
  /** Throws an InputError or InputErrors. */
  readonly parse: (text: string) => T;
}

/** One input that contains YAML. Its value is not trimmed, because leading spaces are significant. */
export interface YamlInput<T> extends Omit<Input<T>, 'parse'> {
  readonly required: false;
  readonly read: (text: string, yaml: Yaml) => T;
}

const required = <T>(name: string, expected: string, parse: (text: string) => T): Input<T> => ({
  name,
  parse,
  required: true,
  expected,
  defaultValue: undefined,
});

export const optional = <T>(name: string, parse: (text: string) => T): Input<T | undefined> => ({
  name,
  parse,
  required: false,
  defaultValue: undefined,
});

export const defaulted = <T>(
  name: string,
  defaultValue: string,
  parse: (text: string) => T,
): Input<T> => ({
  name,
  parse,
  required: false,
  defaultValue,
});

const yaml = <T>(
  name: string,
  read: (text: string, yaml: Yaml) => T,
): YamlInput<T | undefined> => ({
  name,
  read,
  required: false,
  defaultValue: undefined,
});

const negated = (text: string): string => String(!parseBoolean(text));

/** Every input of action.yml, in its order. */
export const inputTable = {
  proxy: optional('proxy', parseAddress),
  token: required('token', 'the name of a join token', parseTokenName),
  joinMethod: defaulted('join-method', 'auto', oneOf('auto', ...joinMethods)),
  azureClientId: optional('azure-client-id', parseClientId),
  onboarding: yaml('onboarding', readOnboarding),
  services: yaml('services', readServices),
  kubernetesCluster: optional('kubernetes-cluster', parseNames),
  app: optional('app', parseNames),
  database: optional('database', parseDatabases),
  applicationTunnel: optional('application-tunnel', parseNames),
  databaseTunnel: optional('database-tunnel', parseDatabaseTunnels),
  leafCluster: optional('leaf-cluster', parseLine),
  allowReissue: defaulted('allow-reissue', 'false', parseBoolean),
  certificateTtl: {
    ...defaulted('certificate-ttl', '1h', parseDuration),
    alias: { name: 'credential-ttl' },
  },
  mode: defaulted('mode', 'oneshot', oneOf('oneshot', 'background')),
  renewalInterval: optional('renewal-interval', parseDuration),
  version: defaulted('version', 'auto', parseVersionInput),
  edition: defaulted('edition', 'auto', oneOf('auto', 'oss', 'enterprise', 'cloud')),
  fips: defaulted('fips', 'auto', parseFips),
  installFrom: defaulted('install-from', 'auto', oneOf('auto', 'image', 'archive')),
  mirror: optional('mirror', parseMirror),
  checksum: optional('checksum', parseChecksums),
  signatureKey: optional('signature-key', parseSignatureKey),
  signatureExtension: defaulted('signature-extension', 'sig', parseSignatureExtension),
  tools: optional('tools', parseTools),
  tbotPath: optional('tbot-path', parsePath),
  authServer: optional('auth-server', parseAuthServer),
  caPins: optional('ca-pins', parseLines),
  extraCaFile: optional('extra-ca-file', parsePath),
  expectedCluster: optional('expected-cluster', parseLine),
  minTtl: optional('min-ttl', parseDuration),
  timeout: defaulted('timeout', '5m', parseDuration),
  exportEnv: {
    ...defaulted('export-env', 'true', parseBoolean),
    alias: { name: 'disable-env-vars', convert: negated },
  },
  dryRun: defaulted('dry-run', 'false', parseBoolean),
  anonymousTelemetry: defaulted('anonymous-telemetry', 'false', parseBoolean),
  summary: defaulted('summary', 'on-failure', oneOf('on-failure', 'always', 'never')),
} as const satisfies InputTable;

/** The inputs of an action. */
export type InputTable = Readonly<Record<string, Input<unknown> | YamlInput<unknown>>>;

/** The values of the inputs in a table. */
export type InputsOf<T extends InputTable> = {
  readonly [Key in keyof T]: T[Key] extends Input<infer V> | YamlInput<infer V> ? V : never;
};

/** The values that are valid; undefined for the others. */
export type ValidInputs<T extends InputTable> = {
  readonly [Key in keyof T]: InputsOf<T>[Key] | undefined;
};

/** The names of the inputs that are not empty. */
export type GivenInputs = Pick<ReadonlyMap<string, unknown>, 'has'>;

/** The inputs of a step. Durations are in seconds, addresses are `host:port`. */
export type Inputs = Omit<InputsOf<typeof inputTable>, 'proxy' | 'authServer' | 'caPins'> & {
  readonly endpoint: Endpoint;
};
