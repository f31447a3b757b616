import { readFileSync } from 'node:fs';
import { type Address, readAddress } from './address.ts';
import type { Invocation } from './cli.ts';
import { type Destination, readDestination } from './destination.ts';
import { readRoot } from './document.ts';
import { Failure } from './failure.ts';
import { type Lifetime, readRootLifetime } from './lifetime.ts';
import type { Log, Origin } from './log.ts';
import { checkJoinMethod, type Onboarding, readOnboarding } from './onboarding.ts';
import { checkServices } from './service/check.ts';
import { type ParsedService, parseServices } from './service/parse.ts';
import type { Service } from './service/service.ts';
import { asValues, textAt, type Values } from './values.ts';
import type { PlayedVersion } from './versions.ts';

/** The configuration from file, environment and flags. */
export interface BotConfig {
  readonly address: Address;
  readonly onboarding: Onboarding;
  readonly storage: Destination;
  readonly services: readonly Service[];
  readonly lifetime: Lifetime;
  readonly oneshot: boolean;
  readonly debug: boolean;
  readonly insecure: boolean;
  /** `host:port`, or an empty string. */
  readonly diagAddress: string;
}

const from: Origin = { component: 'TBOT', caller: 'config/config.go:567' };
const defaultStorage = { type: 'directory', path: '/var/lib/teleport/bot' };

/** Reads and checks the configuration. Throws a Failure. */
export function readConfig(invocation: Invocation, version: PlayedVersion, log: Log): BotConfig {
  const { root, storage, parsed } = load(invocation, version);
  const address = readAddress(root, invocation, version, log);
  const onboarding = readOnboarding(root, invocation, version, log);
  const services = checkServices(parsed, version);
  checkJoinMethod(onboarding.joinMethod, version);
  if (invocation.fips || root['fips'] === true) {
    throw new Failure('fips mode enabled but binary was not compiled with boringcrypto');
  }
  const { lifetime, warnings } = readRootLifetime(root, version);
  for (const warning of warnings) log.warn(from, warning);
  return {
    address,
    onboarding,
    storage,
    services,
    lifetime,
    oneshot: invocation.oneshot ?? root['oneshot'] === true,
    debug: invocation.debug || root['debug'] === true,
    diagAddress: textAt(root, 'diag_addr'),
    insecure:
      invocation.insecure || (version.rootKeys.includes('insecure') && root['insecure'] === true),
  };
}

interface Loaded {
  readonly root: Values;
  readonly storage: Destination;
  readonly parsed: readonly ParsedService[];
}

function load({ configPath, configText }: Invocation, version: PlayedVersion): Loaded {
  if (configText !== undefined) return parse(configText, version);
  if (configPath === undefined) return parse('version: v2', version);
  try {
    return parse(readFile(configPath), version);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw error.within(`loading bot config from path ${configPath}`);
  }
}

function parse(text: string, version: PlayedVersion): Loaded {
  const root = readRoot(text, version);
  checkVersion(root);
  return {
    root,
    storage: readDestination(asValues(root['storage'] ?? defaultStorage)),
    parsed: parseServices(root, version),
  };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Failure(`failed to open file: ${path}`);
  }
}

function checkVersion(root: Values): void {
  const declared = root['version'];
  if (declared === 'v2') return;
  if (declared === undefined || declared === '' || declared === 'v1') {
    throw new Failure('the stand-in does not play the migration of a v1 configuration');
  }
  throw new Failure(`unrecognized config version ${JSON.stringify(declared)}`);
}
