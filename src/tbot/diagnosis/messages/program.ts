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
        what: `tbot ${tbotVersion} refused the lifetime of the certificates: ${sentence(cause.message)}`,
        fix: 'Give a shorter `certificate-ttl`; without it, an hour is asked for.',
      };
    case 'platform':
      return platform[cause.reason];
    case 'tbot':
      return {
        what: `tbot ${tbotVersion} ${ended(cause.exit)}${cause.message ? `: ${sentence(cause.message)}` : '.'}`,
        fix: outOfMemory(cause.exit)
          ? 'The machine has probably run out of memory: give it more, or run fewer jobs on it at once.'
          : "Read the end of tbot's log below; run the job again with debug logging to see more.",
      };
    default:
      return cause satisfies never;
  }
}

function inputsText(reason: CauseOf<'inputs'>['reason'], tbotVersion: string): Text {
  if (reason === 'roles')
    return {
      what: `tbot ${tbotVersion} does not accept \`roles\` in \`services\`, which Teleport 19 removed.`,
      fix: 'Remove `roles` from every entry of `services`: each credential then has all roles of the bot.',
    };
  return {
    what: '`TBOT_USE_PROXY_ADDR` requires the address of a proxy, but tbot was given that of an Auth Service.',
    fix: 'Set `proxy` instead of `auth-server`, or do not set `TBOT_USE_PROXY_ADDR` where tbot is started.',
  };
}

function versionText(
  { minimum, message }: CauseOf<'version'>,
  { endpoint, tbotVersion }: JoinContext,
): Text {
  const match = matching[endpoint.kind];
  if (minimum !== undefined)
    return {
      what: `The cluster takes tbot ${minimum} or newer, and this is tbot ${tbotVersion}.`,
      fix: `${match}, or give \`version\` at least ${minimum}.`,
    };
  if (/fips mode/i.test(message))
    return {
      what: `This tbot ${tbotVersion} is no FIPS build, and was to run as one.`,
      fix: 'Bring a FIPS build, leave `tbot-path` and `version: installed` out to have one downloaded, or take `fips: true` away.',
    };
  if (/client version/.test(message))
    return { what: `The cluster does not take tbot ${tbotVersion}.`, fix: `${match}.` };
  return {
    what: `tbot ${tbotVersion} did not understand the configuration it was given: ${sentence(message)}`,
    fix: `${match}; if it is so already, this is a mistake of the action: please report it.`,
  };
}

const matching = {
  proxy: 'Leave `version` and `tbot-path` out, so that tbot is of the version of the cluster',
  'auth-server': 'Give as `version` that of the cluster (`tctl status` shows it)',
} as const satisfies Record<JoinContext['endpoint']['kind'], string>;

const platform = {
  full: {
    what: 'tbot could not write its files: the disk is full.',
    fix: 'Free space where RUNNER_TEMP lies.',
  },
  'read-only': {
    what: 'tbot could not write its files: the file system is read-only.',
    fix: 'Let RUNNER_TEMP lie on a file system that can be written to.',
  },
  forbidden: {
    what: 'tbot could not write its files: the operating system does not permit it.',
    fix: 'Look at the owner and the mode of the folder that RUNNER_TEMP names.',
  },
  binary: {
    what: 'The tbot binary is not made for this machine.',
    fix: 'Leave `tbot-path` out, or name a tbot for this operating system and architecture; it needs glibc, which Alpine does not have.',
  },
} as const satisfies Record<CauseOf<'platform'>['reason'], Text>;

function ended(exit: Exit): string {
  return exit.kind === 'signal'
    ? `was ended by ${exit.signal}`
    : `ended with exit code ${exit.code}`;
}

/** A shell reports a signal as 128 plus its number. */
function outOfMemory(exit: Exit): boolean {
  return exit.kind === 'signal' ? exit.signal === 'SIGKILL' : exit.code === 137;
}
