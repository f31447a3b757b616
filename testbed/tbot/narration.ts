import type { BotConfig } from './config.ts';
import { describeDestination } from './destination.ts';
import { formatGoDuration } from './duration.ts';
import type { Log, Origin } from './log.ts';
import type { Failure } from './failure.ts';
import { labelOfBackground } from './service/background.ts';
import type { LongRunningService, OutputService, Service } from './service/service.ts';
import type { PlayedVersion } from './versions.ts';

/** The validity of an identity. Times are ISO 8601. */
export interface Validity {
  readonly user: string;
  readonly validAfter: string;
  readonly validBefore: string;
  /** The issuing endpoint. */
  readonly by: 'proxy' | 'auth';
}

/** The log messages of a successful run. */
export interface Narration {
  joining(): void;
  joined(validity: Validity): void;
  /** Logs a renewed identity. */
  rejoined(validity: Validity): void;
  started(config: BotConfig): void;
  generating(service: OutputService): void;
  generated(service: OutputService): void;
  failed(service: OutputService, error: Failure): void;
  /** A long-running service in oneshot mode. */
  skipped(service: LongRunningService): void;
  /** Logs the end of oneshot mode. */
  finished(): void;
}

/** Returns the name of an output in log lines and errors. */
export function labelOf(service: Service, version: PlayedVersion): string {
  if (service.name !== undefined) return service.name;
  if (service.type === 'long-running') return labelOfBackground(service.background);
  const name = version.entry === 'output' ? service.type : (labels[service.type] ?? service.type);
  return `${name} (${describeDestination(service.destination)})`;
}

/** Source: `String()` of the services below `lib/tbot/services`. */
const labels: Readonly<Record<string, string>> = {
  identity: 'identity-output',
  application: 'application-output',
  database: 'database-output',
  kubernetes: 'kubernetes-output',
  'kubernetes/v2': 'kubernetes-v2-output',
  ssh_host: 'ssh-host',
};

/** Returns the log messages of a version. */
export function narrate(version: PlayedVersion, log: Log): Narration {
  return version.entry === 'output' ? outputWords(version, log) : serviceWords(version, log);
}

/** Recorded from tbot 15.0.0-dev. */
function outputWords(version: PlayedVersion, log: Log): Narration {
  const label = (service: Service) => `output:${labelOf(service, version)}`;
  const joined = (validity: Validity) => {
    log.info(registration, registered[validity.by]);
    log.info(
      tbot('tbot.go:298'),
      `Fetched new bot identity. identity:${describeIdentity(validity)}`,
    );
  };
  return {
    joining: () => undefined,
    joined,
    rejoined: joined,
    started({ oneshot }) {
      log.info(tbot('tbot.go:316'), 'Bot initialization complete.');
      if (oneshot) log.info(tbot('tbot.go:118'), 'One-shot mode enabled. Generating outputs.');
    },
    generating(service) {
      log.info(tbot('impersonated_identity.go:548'), `Generating output. ${label(service)}`);
    },
    generated(service) {
      log.info(tbot('impersonated_identity.go:593'), `Generated output. ${label(service)}`);
    },
    failed: () => undefined,
    skipped: () => undefined,
    finished() {
      log.info(tbot('tbot.go:123'), 'Generated outputs. One-shot mode is enabled so exiting.');
    },
  };
}

/** Source: `lib/tbot/internal/identity/service.go`, `lib/tbot/bot/bot.go`. */
function serviceWords(version: PlayedVersion, log: Log): Narration {
  const identity = { component: 'TBOT:IDENTITY', caller: 'identity/service.go' };
  const bot = { component: 'TBOT', caller: 'bot/bot.go' };
  const label = (service: Service) => ({ service: labelOf(service, version) });
  const rejoined = (validity: Validity) => {
    log.info(registration, registered[validity.by]);
    log.info(identity, 'Fetched new bot identity', { identity: describeIdentity(validity) });
  };
  return {
    joining() {
      log.info(identity, 'Initializing bot identity');
      log.info(identity, 'Loading existing bot identity from store', { store: '[memory]' });
      log.info(identity, 'No existing bot identity found in store');
      log.info(
        identity,
        'Bot was unable to load a valid existing identity from the store, will attempt to join using configured token',
      );
      log.info(identity, 'Fetching bot identity using token');
    },
    joined(validity) {
      rejoined(validity);
      log.info(identity, 'Identity initialized successfully');
    },
    rejoined,
    started({ oneshot }) {
      if (!oneshot) log.info(bot, 'Initialization complete. Starting services');
    },
    generating: (service) => log.info(bot, 'Generating output', label(service)),
    generated: (service) => log.info(bot, 'Service finished', label(service)),
    failed(service, error) {
      const about = { ...label(service), error: error.inline.replaceAll(/\n\t+/g, ', ') };
      log.error(bot, 'Service exited with error', about);
    },
    skipped(service) {
      if (version.major >= 18) log.info(bot, `${notOneshot}, will not run`, label(service));
      else log.debug(bot, `${notOneshot}, ignoring`, label(service));
    },
    finished: () => undefined,
  };
}

const notOneshot = 'Service does not support oneshot mode';
const registered = {
  proxy: 'Successfully registered via proxy server.',
  auth: 'Successfully registered with auth server.',
} as const;
const registration = { component: 'AUTH', caller: 'auth/register.go:287' };

function tbot(caller: string): Origin {
  return { component: 'TBOT', caller: `tbot/${caller}` };
}

function describeIdentity({ user, validAfter, validBefore }: Validity): string {
  const seconds = (Date.parse(validBefore) - Date.parse(validAfter)) / 1000;
  const after = validAfter.replace(/\.\d+Z$/, 'Z');
  const before = validBefore.replace(/\.\d+Z$/, 'Z');
  return `valid: after=${after}, before=${before}, duration=${formatGoDuration(seconds)} | kind=tls, renewable=false, disallow-reissue=false, roles=[${user}], principals=[-teleport-internal-join], generation=0`;
}
