import { type MessageFacts, type CauseOf, sentence, type Text } from './message.ts';
import type { JoinContext } from '../diagnosis.ts';
import type { Exit } from '../../../process/child.ts';

/** tbot itself failed, or the machine it runs on. */
export function programMessage(
  cause: CauseOf<'inputs' | 'version' | 'ttl' | 'platform' | 'tbot'>,
  { context }: MessageFacts,
): Text {
  const { tbotVersion } = context;
  switch (cause.code) {
    case 'inputs':
      return inputsText(cause.reason, tbotVersion);
    case 'version':
      return versionText(cause, context);
    case 'ttl':
      return {
        what: `tbot ${tbotVersion} rejected the certificate lifetime: ${sentence(cause.message)}`,
        fix: 'Correct `certificate-ttl`, or `credential_ttl` and `renewal_interval` in `services`.',
      };
    case 'platform':
      return platform[cause.reason];
    case 'tbot':
      return {
        what: `tbot ${tbotVersion} ${exited(cause.exit)}${cause.message ? `: ${sentence(cause.message)}` : '.'}`,
        fix: outOfMemory(cause.exit)
          ? 'The runner has probably run out of memory: add memory, or run fewer jobs at once.'
          : "See the end of tbot's log. To log more, run the job again with debug logging enabled.",
      };
    default:
      return cause satisfies never;
  }
}

function inputsText(reason: CauseOf<'inputs'>['reason'], tbotVersion: string): Text {
  if (reason === 'roles')
    return {
      what: `tbot ${tbotVersion} does not support \`roles\` in \`services\`: Teleport 19 removed this key.`,
      fix: 'Remove `roles` from every entry of `services`. Each credential then has all roles of the bot.',
    };
  return {
    what: '`TBOT_USE_PROXY_ADDR` requires `proxy`, but this step sets `auth-server`.',
    fix: 'Set `proxy` instead of `auth-server`, or unset `TBOT_USE_PROXY_ADDR`.',
  };
}

function versionText(
  { minimum, message }: CauseOf<'version'>,
  { endpoint, tbotVersion }: JoinContext,
): Text {
  const match = matching[endpoint.kind];
  if (minimum !== undefined)
    return {
      what: `The cluster requires tbot ${minimum} or newer, but this is tbot ${tbotVersion}.`,
      fix: `${match}, or use tbot ${minimum} or newer.`,
    };
  if (/fips mode/i.test(message))
    return {
      what: `tbot ${tbotVersion} is not a FIPS build, but FIPS mode was requested.`,
      fix: 'Install a FIPS build, remove `tbot-path` and `version: installed` so that this action downloads one, or remove `fips: true`.',
    };
  if (/client version/.test(message))
    return { what: `The cluster does not accept tbot ${tbotVersion}.`, fix: `${match}.` };
  return {
    what: `tbot ${tbotVersion} rejected its configuration: ${sentence(message)}`,
    fix: `${match}. If tbot already has this version, report a bug of the action.`,
  };
}

const matching = {
  proxy: 'Remove `version` and `tbot-path` so that this action installs the version of the cluster',
  'auth-server': 'Set `version` to the version of the cluster (`tctl status` shows it)',
} as const satisfies Record<JoinContext['endpoint']['kind'], string>;

const platform = {
  full: {
    what: 'tbot could not write its files: the disk is full.',
    fix: 'Free disk space on the file system of RUNNER_TEMP.',
  },
  'read-only': {
    what: 'tbot could not write its files: the file system is read-only.',
    fix: 'Put RUNNER_TEMP on a writable file system.',
  },
  forbidden: {
    what: 'tbot could not write its files: permission denied.',
    fix: 'Check the owner and the permissions of RUNNER_TEMP.',
  },
  binary: {
    what: 'The tbot binary was not built for this runner.',
    fix: 'Remove `tbot-path`, or set it to a tbot for this operating system and architecture. tbot requires glibc, which Alpine Linux does not have.',
  },
} as const satisfies Record<CauseOf<'platform'>['reason'], Text>;

function exited(exit: Exit): string {
  return exit.kind === 'signal'
    ? `was killed by ${exit.signal}`
    : `failed with exit code ${exit.code}`;
}

/** A shell reports a signal as 128 plus its number. */
function outOfMemory(exit: Exit): boolean {
  return exit.kind === 'signal' ? exit.signal === 'SIGKILL' : exit.code === 137;
}
