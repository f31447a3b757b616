import type { PlayedVersion } from './versions.ts';

/** The format of a failure in the terminal. */
export type FailureKind = 'plain' | 'aggregate' | 'certificate';

/** An error as in Teleport's `trace`: a cause and the messages of its callers. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** Outermost first. */
  readonly contexts: readonly string[];
  readonly kind: FailureKind;
  /** The message for reports, if the last line differs. */
  readonly hidden: string | undefined;

  constructor(
    message: string,
    contexts: readonly string[] = [],
    kind: FailureKind = 'plain',
    hidden?: string,
  ) {
    super(message);
    this.contexts = contexts;
    this.kind = kind;
    this.hidden = hidden;
  }

  /** Adds the message of a caller. */
  within(...contexts: readonly string[]): Failure {
    return new Failure(this.message, [...contexts, ...this.contexts], this.kind, this.hidden);
  }

  /** Returns one text for a list of errors. */
  get inline(): string {
    return [...this.contexts, this.message].join('\n\t');
  }
}

/**
 * Combines the failures of an address as an Auth Service and as a proxy. Only a certificate of an
 * unknown CA has a long message. Source: `lib/utils/cli.go`.
 */
export function bothStrategies(direct: Failure, byProxy: Failure): Failure {
  if (byProxy.kind !== 'certificate') return bothWays(direct, byProxy);
  return new Failure(byProxy.message, [], 'certificate', `${direct.inline}, ${notVerified}`);
}

/** Combines two failures in one line, in the order in which they occurred. */
export function bothWays(one: Failure, other: Failure): Failure {
  const texts = [one.inline, other.inline];
  if (Math.random() < 0.5) texts.reverse();
  return new Failure(texts.join(', '), [], 'aggregate');
}

const RED = '\u001B[31m';
const RESET = '\u001B[0m';

/** Formats the last output on stderr, which is red even without a terminal. Source: `lib/utils/cli.go`. */
export function fatalText(failure: Failure, version: PlayedVersion, debug: boolean): string {
  if (debug) return `${report(failure)}\n`;
  const prefix = `${RED}ERROR: ${RESET}`;
  if (failure.kind === 'certificate') return `${prefix}${failure.message}\n\n`;
  const lines = [...failure.contexts, failure.message];
  const text = version.indentsCauses
    ? lines.map((line, depth) => '\t'.repeat(depth) + line).join('\n')
    : lines.join('\n');
  return `${prefix}${text}\n\n`;
}

const frames = [
  'lib/auth/register.go:290 github.com/gravitational/teleport/lib/auth.Register',
  'lib/tbot/bot_identity.go:234 github.com/gravitational/teleport/lib/tbot.botIdentityFromToken',
  'lib/tbot/tbot.go:288 github.com/gravitational/teleport/lib/tbot.(*Bot).initialize',
  'lib/tbot/tbot.go:101 github.com/gravitational/teleport/lib/tbot.(*Bot).Run',
  'tool/tbot/main.go:354 main.onStart',
  'tool/tbot/main.go:182 main.Run',
  'tool/tbot/main.go:52 main.main',
];

const notVerified =
  'tls: failed to verify certificate: x509: certificate signed by unknown authority';

/** Formats an error as `trace` does with --debug: by an HTML template, hence the entities. */
export function report(failure: Failure): string {
  const type = failure.kind === 'aggregate' ? 'trace.aggregate' : '*trace.BadParameterError';
  const shown = failure.kind === 'certificate' ? notVerified : failure.inline;
  const text = escape(failure.hidden ?? shown);
  return [
    '',
    'ERROR REPORT:',
    `Original Error: ${type} ${text}`,
    'Stack Trace:',
    ...frames.map((frame) => `\t/go/src/github.com/gravitational/teleport/${frame}`),
    '\t/usr/local/go/src/runtime/proc.go:290 runtime.main',
    '\t/usr/local/go/src/runtime/asm_amd64.s:1771 runtime.goexit',
    `User Message: ${text}`,
    '',
  ].join('\n');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll("'", '&#39;')
    .replaceAll('"', '&#34;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
