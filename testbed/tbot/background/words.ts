import { formatGoDuration } from '../duration.ts';
import { type Failure, report } from '../failure.ts';
import type { Lifetime } from '../lifetime.ts';
import type { Attributes, Log, Origin } from '../log.ts';
import type { PlayedVersion } from '../versions.ts';
import { traitsOf } from './traits.ts';

/** The log lines of a renewal loop. Durations are in seconds. */
export interface LoopWords {
  attempt(attempt: number): void;
  failed(attempt: number, backoff: number, failure: Failure): void;
  /** Logs the failure of the last attempt. */
  exhausted(failure: Failure): void;
  succeeded(): void;
}

/** The log lines of a tbot version in background mode. */
export interface Words {
  diagnostics(address: string): void;
  /** Logs the start of a loop. */
  beginning(loop: 'bot identity' | 'output'): void;
  identityLoop(interval: number): LoopWords;
  /** `task` is the loop's name in later versions. */
  loop(task: string, interval: number): LoopWords;
  rejoining(): void;
  serviceStarting(label: string): void;
  serviceFailed(label: string, failure: Failure): void;
  /** Logs a line of a service. Its text is the same in all versions. */
  service(message: string, attributes?: Attributes): void;
  serviceWarning(message: string, attributes: Attributes): void;
  serviceError(message: string, failure: Failure): void;
}

export const identityAttempts = 7;
export const outputAttempts = 5;

/** Returns the log lines of a version. */
export function wordsOf(version: PlayedVersion, lifetime: Lifetime, log: Log): Words {
  if (version.entry === 'service') return laterWords(version, lifetime, log);
  const words = recordedWords(lifetime, log);
  return version.major < 16 ? words : { ...words, ...structuredWords(lifetime, log) };
}

/** Formats an error as an attribute. Source: `lib/utils/log/handle_state.go`. */
function errorOf(failure: Failure): Attributes {
  return { error: `[${report(failure).trimEnd()}]` };
}

function tbot(file: string): Origin {
  return { component: 'TBOT', caller: `tbot/${file}` };
}

/**
 * Recorded from tbot 15.0.0-dev, except for "Renewed bot identity" and the exhausted retries of
 * outputs, which are from the source of that time. Later releases of 15 may log as 16.0 does.
 */
function recordedWords({ ttl, interval }: Lifetime, log: Log): Words {
  const identity = tbot('bot_identity.go');
  const output = tbot('impersonated_identity.go');
  const renewed = tbot('impersonated_identity.go:610');
  const service = tbot('tbot.go');
  const every = formatGoDuration(interval);
  return {
    diagnostics: (addr) =>
      log.info(service, 'diag_addr configured, diagnostics service will be started.', { addr }),
    beginning: (loop) =>
      log.info(
        loop === 'output' ? output : identity,
        `Beginning ${loop} renewal loop: ttl=${formatGoDuration(ttl)} interval=${every}`,
      ),
    identityLoop: () => ({
      attempt: (attempt) =>
        log.info(identity, `Renewing bot identity. Attempt ${attempt} of ${identityAttempts}.`),
      failed: (attempt, backoff, failure) =>
        log.error(
          identity,
          `Bot identity renewal attempt ${attempt} of ${identityAttempts} failed. Retrying after ${formatGoDuration(backoff)}.`,
          errorOf(failure),
        ),
      exhausted: (failure) =>
        log.error(
          identity,
          `${identityAttempts} bot identity renewals failed. All retry attempts exhausted. Exiting.`,
          errorOf(failure),
        ),
      succeeded: () =>
        log.info(
          identity,
          `Renewed bot identity. Next bot identity renewal in approximately ${every}.`,
        ),
    }),
    loop: () => ({
      attempt: (attempt) =>
        log.info(output, `Renewing outputs. Attempt ${attempt} of ${outputAttempts}.`),
      failed: (attempt, backoff, failure) =>
        log.warn(
          output,
          `Output renewal attempt ${attempt} of ${outputAttempts} failed. Retrying after ${formatGoDuration(backoff)}.`,
          errorOf(failure),
        ),
      exhausted: () =>
        log.warn(
          output,
          `${outputAttempts} retry attempts exhausted renewing outputs. Waiting for next normal renewal cycle in ${every}.`,
        ),
      succeeded: () =>
        log.info(renewed, `Renewed outputs. Next output renewal in approximately ${every}.`),
    }),
    rejoining() {
      log.info(identity, 'Fetching bot identity using token.');
      log.info(registration, 'Attempting registration via proxy server.');
    },
    serviceStarting: () => undefined,
    serviceFailed: () => undefined,
    service: (message, attributes) => log.info(service, message, attributes),
    serviceWarning: (message, attributes) => log.warn(service, message, attributes),
    serviceError: (message, failure) => log.error(service, message, errorOf(failure)),
  };
}

function counted(limit: number, attempt?: number): Attributes {
  const made = attempt === undefined ? {} : { attempt: `${attempt}` };
  return { ...made, retry_limit: `${limit}` };
}

/** Overrides the lines that differ in 16.0. Source: `lib/tbot/service_bot_identity.go` and `outputs_service.go` of that time; not recorded. */
function structuredWords(
  { ttl, interval }: Lifetime,
  log: Log,
): Pick<Words, 'beginning' | 'identityLoop' | 'loop'> {
  const identity = tbot('service_bot_identity.go');
  const output = tbot('outputs_service.go');
  const every = formatGoDuration(interval);
  return {
    beginning: (loop) =>
      log.info(loop === 'output' ? output : identity, `Beginning ${loop} renewal loop`, {
        ttl: formatGoDuration(ttl),
        interval: every,
      }),
    identityLoop: () => ({
      attempt: (attempt) =>
        log.info(identity, 'Attempting to renewing bot identity', counted(7, attempt)),
      failed: (attempt, backoff, failure) =>
        log.error(identity, 'Bot identity renewal attempt failed. Waiting to retry.', {
          ...errorOf(failure),
          ...counted(7, attempt),
          backoff: formatGoDuration(backoff),
        }),
      exhausted: (failure) =>
        log.error(identity, 'All bot identity renewal attempts exhausted. Exiting', {
          ...errorOf(failure),
          ...counted(7),
        }),
      succeeded: () =>
        log.info(identity, 'Renewed bot identity. Waiting to renew again', { wait: every }),
    }),
    loop: () => ({
      attempt: (attempt) => log.info(output, 'Attempting to renew outputs', counted(5, attempt)),
      failed: (attempt, backoff, failure) =>
        log.warn(output, 'Output renewal attempt failed. Waiting to retry', {
          ...counted(5, attempt),
          backoff: formatGoDuration(backoff),
          ...errorOf(failure),
        }),
      exhausted: () =>
        log.warn(
          output,
          'All retry attempts exhausted renewing outputs. Waiting for next normal renewal cycle',
          { ...counted(5), interval: every },
        ),
      succeeded: () =>
        log.info(output, 'Renewed outputs. Waiting for next output renewal', { interval: every }),
    }),
  };
}

const registration = { component: 'AUTH', caller: 'auth/register.go:287' };

/** Source: `lib/tbot/internal/loop.go`, `lib/tbot/bot/bot.go`, `lib/tbot/internal/identity/service.go` of 17 and 18; not recorded. */
function laterWords(version: PlayedVersion, { ttl, interval }: Lifetime, log: Log): Words {
  const identity = { component: 'TBOT:IDENTITY', caller: 'identity/service.go' };
  const bot = { component: 'TBOT', caller: 'bot/bot.go' };
  const exits = traitsOf(version).endsWhenExhausted;
  const lifetime = { ttl: formatGoDuration(ttl), interval: formatGoDuration(interval) };
  return {
    diagnostics: (addr) => log.info(bot, 'diagnostics service will be starting', { addr }),
    beginning(loop) {
      if (loop === 'output') return;
      log.info(identity, 'Beginning bot identity renewal loop', lifetime);
    },
    identityLoop: (every) =>
      taskWords(log, identity, { task: 'bot-identity-renewal', every, limit: 7, exits }),
    loop: (task, every) => taskWords(log, bot, { task, every, limit: 5, exits: false }),
    rejoining: () => log.info(identity, 'Fetching bot identity using token'),
    serviceStarting: (service) => log.info(bot, 'Starting service', { service }),
    serviceFailed: (service, failure) =>
      log.error(bot, 'Service exited with error', { service, ...errorOf(failure) }),
    service: (message, attributes) => log.info(bot, message, attributes),
    serviceWarning: (message, attributes) => log.warn(bot, message, attributes),
    serviceError: (message, failure) => log.error(bot, message, errorOf(failure)),
  };
}

function taskWords(
  log: Log,
  { component }: Origin,
  {
    task,
    every,
    limit,
    exits,
  }: {
    readonly task: string;
    readonly every: number;
    readonly limit: number;
    readonly exits: boolean;
  },
): LoopWords {
  const from = { component, caller: 'internal/loop.go' };
  const retryLimit = { retry_limit: `${limit}` };
  const interval = { interval: formatGoDuration(every) };
  return {
    attempt: (attempt) =>
      log.info(from, 'Attempting task', { task, attempt: `${attempt}`, ...retryLimit }),
    failed: (attempt, backoff, failure) =>
      log.warn(from, 'Task failed. Backing off and retrying', {
        attempt: `${attempt}`,
        ...retryLimit,
        backoff: formatGoDuration(backoff),
        ...errorOf(failure),
      }),
    exhausted(failure) {
      const words = 'All retry attempts exhausted.';
      if (exits) {
        log.error(from, `${words} Exiting`, { task, ...errorOf(failure), ...retryLimit });
      } else {
        log.warn(from, `${words} Will wait for next interval`, {
          task,
          ...retryLimit,
          ...interval,
        });
      }
    },
    succeeded: () => log.info(from, 'Task succeeded. Waiting interval', { task, ...interval }),
  };
}
