import { symlink } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { callsOf, positionOf } from '../workdir/calls.ts';
import type { ExportedVariable } from '../workdir/marker.ts';
import { changeMarker, deliver, type Workdir, programsOf, unwritable } from '../workdir/workdir.ts';
import type { Tool } from '../install/install.ts';
import { messageOf } from '../problem.ts';
import type { CiPort } from '../ci/port.ts';
import { variablesFor, variablesOfEarlierCalls } from './variables.ts';
import { earliestExpiry, type Joined, type Outputs, outputsOf } from './outputs.ts';
import { listed } from '../text/display.ts';
import { rfc3339 } from '../text/time.ts';
import type { Timeline } from '../timeline.ts';
import { backgroundSentence, successSummary } from './summary.ts';
import { timelineSection, timelineSentence } from './timeline-section.ts';

/**
 * Publishes the credentials to later steps: outputs, variables, job summary and a line in the log.
 * Saves what the post step must restore before it sets any variable. Throws a Problem `platform`.
 */
export async function publish(
  joined: Joined,
  workdir: Workdir,
  ci: CiPort,
  timeline: Timeline,
): Promise<void> {
  const outputs = outputsOf(joined);
  const issued = joined.credentials.length > 0;
  const { own: calls } = await callsOf(workdir.marker.job, dirname(workdir.path));
  const exported =
    issued && joined.inputs.exportEnv ? await variablesOf(joined, outputs, calls, ci) : [];
  const position = 1 + Math.max(0, ...calls.map(positionOf));
  const endpoint = joined.inputs.endpoint.address;
  // Credentials that are renewed expire later.
  const expiresAt = joined.background === undefined ? outputs['expires-at'] : '';
  const expiry = expiresAt === '' ? {} : { expiresAt };
  if (issued || joined.background)
    await changeMarker(workdir.path, {
      ...workdir.marker,
      exported,
      position,
      endpoint,
      ...expiry,
    });
  setValues(exported, outputs, ci);
  if (issued && joined.inputs.exportEnv && joined.tool.source !== 'installed')
    await addToPath(joined.tool, workdir, ci);
  if (joined.inputs.summary === 'always')
    await writeSummary(`${successSummary(joined, outputs)}${timelineSection(timeline)}`, ci);
  ci.info(sentences(joined, outputs).join(' '));
  ci.debug(timelineSentence(timeline));
}

/** Adds Markdown to the job summary. Warns if that fails. */
export async function writeSummary(markdown: string, ci: CiPort): Promise<void> {
  await ci
    .summary(markdown)
    .catch((error: unknown) =>
      ci.warning('machine-id-action', `The job summary cannot be written: ${messageOf(error)}`),
    );
}

function setValues(
  exported: readonly ExportedVariable[],
  outputs: Outputs,
  { exportVariable, output }: CiPort,
): void {
  deliver(() => {
    for (const { name, value } of exported) exportVariable(name, value);
    for (const [name, value] of Object.entries(outputs)) output(name, value);
  });
}

async function variablesOf(
  { inputs, credentials, tool }: Joined,
  outputs: Outputs,
  calls: readonly Workdir[],
  ci: CiPort,
): Promise<readonly ExportedVariable[]> {
  const installsTctl = (tool.tools ?? []).some((path) => parse(path).name === 'tctl');
  const context = {
    installsTctl,
    credentials,
    endpoint: inputs.endpoint,
    leafCluster: inputs.leafCluster,
    earlier: variablesOfEarlierCalls(calls),
  };
  const variables = await variablesFor(outputs, ci.env, context);
  const overridden = variables
    .filter(({ value, before }) => before !== '' && before !== value)
    .map(({ name }) => name);
  if (overridden.length > 0)
    ci.notice(
      'machine-id-action',
      `This step overrides ${listed(overridden)}; the post step restores the previous ${overridden.length === 1 ? 'value' : 'values'}.`,
    );
  return variables;
}

/**
 * Adds tbot and its tools to PATH through symbolic links, which hide the other files of their folder.
 * Adds the folder itself on Windows, where links require a privilege.
 */
async function addToPath({ path, tools = [] }: Tool, workdir: Workdir, ci: CiPort): Promise<void> {
  const programs = programsOf(workdir);
  if (process.platform === 'win32') return addFolder(dirname(path), ci);
  for (const program of [path, ...tools]) {
    // `tbot-path` can name a file of any name.
    const name = program === path ? 'tbot' : basename(program);
    if (dirname(program) !== programs)
      await symlink(program, join(programs, name)).catch((error: unknown) => {
        throw unwritable(programs, error);
      });
  }
  addFolder(programs, ci);
}

function addFolder(folder: string, { addPath }: CiPort): void {
  deliver(() => addPath(folder));
}

function sentences({ credentials, background }: Joined, outputs: Outputs): readonly string[] {
  const tunnels = credentials.flatMap(({ name, listen }) =>
    listen === undefined ? [] : [`\`${name}\` at ${listen}`],
  );
  return [
    issuedSentence(credentials, outputs),
    ...(tunnels.length > 0 ? [`Opened ${listed(tunnels)}.`] : []),
    ...(background ? [backgroundSentence(background)] : []),
  ];
}

function issuedSentence(credentials: Joined['credentials'], outputs: Outputs): string {
  const as = outputs.bot === '' ? '' : ` as bot \`${outputs.bot}\``;
  const joined = `Joined ${outputs.cluster || 'the cluster'}${as} with join method \`${outputs['join-method']}\`.`;
  if (credentials.length === 0) return `${joined} No credentials were requested.`;
  const issued = credentials.filter(({ listen }) => listen === undefined);
  if (issued.length === 0) return joined;
  const until = rfc3339(earliestExpiry(credentials));
  const valid = until === '' ? '' : `, valid until ${until}`;
  return `${joined} Issued ${listed(issued.map(({ name }) => `\`${name}\``))}${valid}.`;
}
