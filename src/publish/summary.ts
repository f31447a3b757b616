import type { Problem } from '../problem.ts';
import type { Outputs, RunningInBackground } from './outputs.ts';
import { formatDuration, rfc3339 } from '../text/time.ts';
import { bullets, code, fenced, plain } from './markdown.ts';

interface ListedCredential {
  readonly name: string;
  readonly type: string;
  readonly expiresAt: Date | undefined;
  readonly listen?: string | undefined;
}

interface ListedJoin {
  readonly credentials: readonly ListedCredential[];
  readonly background?: RunningInBackground | undefined;
}

/** Returns the job summary of a successful join, in Markdown. */
export function successSummary({ credentials, background }: ListedJoin, outputs: Outputs): string {
  return [
    '### Teleport credentials',
    '',
    joinSentence(outputs),
    '',
    ...credentialTable(credentials),
    '',
    ...(background ? [backgroundSentence(background), ''] : []),
  ].join('\n');
}

/** Returns a sentence about the tbot that keeps running. */
export function backgroundSentence({ pid, interval }: RunningInBackground): string {
  return `tbot keeps running in the background (process ${pid}) and renews the credentials every ${formatDuration(interval)} until the job ends.`;
}

function credentialTable(credentials: readonly ListedCredential[]): readonly string[] {
  if (credentials.length === 0) return ['No credentials were requested.'];
  // A column only if it has values.
  const tunnels = credentials.some(({ listen }) => listen !== undefined);
  const row = (cells: readonly string[]): string =>
    `| ${(tunnels ? cells : cells.slice(0, -1)).join(' | ')} |`;
  return [
    row(['Credential', 'Type', 'Expires', 'Address']),
    row(['', '', '', '']).replaceAll(/\| +(?=\|)/g, '|---'),
    ...credentials.map(({ name, type, expiresAt, listen }) =>
      row([
        code(name),
        code(type),
        rfc3339(expiresAt) || (listen === undefined ? 'never' : ''),
        listen === undefined ? '' : code(listen),
      ]),
    ),
  ];
}

function joinSentence(outputs: Outputs): string {
  const { cluster, bot, 'join-method': method } = outputs;
  const joined = `Joined ${cluster === '' ? 'the cluster' : code(cluster)}`;
  const as = bot === '' ? '' : ` as bot ${code(bot)}`;
  const tbot = `tbot ${code(outputs['tbot-version'])} (source: ${code(outputs['tbot-source'])})`;
  return `${joined}${as} with join method ${code(method)} and ${tbot}.`;
}

/** Returns the job summary of a dry run, in Markdown. `obstacle`: why this job cannot join. */
export function dryRunSummary({
  obstacle,
  heading,
  actions,
  config,
}: {
  readonly obstacle: string | undefined;
  /** The title of the list of actions. */
  readonly heading: string;
  readonly actions: readonly string[];
  /** The configuration of tbot, in YAML. */
  readonly config: string;
}): string {
  return [
    '### Teleport credentials: dry run',
    '',
    'This step did not join the cluster and issued no credentials.',
    '',
    ...(obstacle === undefined ? [] : [plain(obstacle), '']),
    heading,
    '',
    ...bullets(actions),
    'Configuration of tbot:',
    '',
    ...fenced('yaml', config),
  ].join('\n');
}

/**
 * Returns the job summary of a Problem, in Markdown. `section` explains its code: a URL, or a path
 * in the repository of the action. `redact` removes secrets, which the CI system does not recognize
 * once they are escaped. With `renewal`, a sentence, the credentials could not be renewed.
 */
export function problemSummary(
  problem: Problem,
  section: string,
  redact = (text: string): string => text,
  renewal?: string,
): string {
  const { code: name, message, errors, fix, notes, facts, paste } = problem;
  const shown = (text: string): string => plain(redact(text));
  return [
    renewal === undefined
      ? `### Teleport credentials failed: \`${name}\``
      : `### Teleport credentials: renewal failed: \`${name}\``,
    '',
    ...(renewal === undefined ? [] : [shown(renewal), '']),
    shown(message),
    '',
    ...bullets(errors.map(shown)),
    shown(fix),
    '',
    ...bullets(notes.map(shown)),
    ...fenced('yaml', paste ?? ''),
    ...(facts ? [shown(facts.title), '', ...fenced('text', facts.lines.join('\n'))] : []),
    URL.canParse(section) ? `[More about \`${name}\`](${section})` : `See \`${section}\`.`,
    '',
  ].join('\n');
}
