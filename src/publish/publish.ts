import { symlink } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import type { ExportedVariable } from '../workdir/marker.ts';
import { changeMarker, deliver, type Workdir, programsOf, unwritable } from '../workdir/workdir.ts';
import type { Tool } from '../install/install.ts';
import { messageOf } from '../problem.ts';
import type { CiPort } from '../ci/port.ts';
import { variablesFor, variablesOfEarlierCalls } from './variables.ts';
import { earliestExpiry, type Joined, type Outputs, outputsOf } from './outputs.ts';
import { listed } from '../text/display.ts';
import { rfc3339 } from '../text/time.ts';
import { successSummary } from './summary.ts';

/**
 * Publishes the credentials to later steps: outputs, variables, job summary and a line in the log.
 * Saves what the post step must restore before it sets any variable. Throws a Problem `platform`.
 */
export async function publish(joined: Joined, workdir: Workdir, ci: CiPort): Promise<void> {
  const outputs = outputsOf(joined);
  const issued = joined.credentials.length > 0;
  const exported =
    issued && joined.inputs.exportEnv ? await variablesOf(joined, outputs, workdir, ci) : [];
  if (issued) await rememberExported(workdir, exported, outputs, joined.inputs.endpoint.address);
  setValues(exported, outputs, ci);
  if (issued && joined.inputs.exportEnv && joined.tool.source !== 'installed')
    await addToPath(joined.tool, workdir, ci);
  if (joined.inputs.summary === 'always')
    await writeSummary(successSummary(joined.credentials, outputs), ci);
  ci.info(sentence(joined, outputs));
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

/** Records in the marker what the post step needs to restore the variables. */
async function rememberExported(
  { path, marker }: Workdir,
  exported: readonly ExportedVariable[],
  outputs: Outputs,
  endpoint: string,
): Promise<void> {
  const expiresAt = outputs['expires-at'];
  await changeMarker(path, {
    ...marker,
    exported,
    endpoint,
    ...(expiresAt === '' ? {} : { expiresAt }),
  });
}

async function variablesOf(
  { inputs, credentials, tool }: Joined,
  outputs: Outputs,
  workdir: Workdir,
  ci: CiPort,
): Promise<readonly ExportedVariable[]> {
  const installsTctl = (tool.tools ?? []).some((path) => parse(path).name === 'tctl');
  const context = {
    installsTctl,
    credentials,
    endpoint: inputs.endpoint,
    leafCluster: inputs.leafCluster,
    earlier: await variablesOfEarlierCalls(dirname(workdir.path), workdir.marker.job),
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

function sentence({ credentials }: Joined, outputs: Outputs): string {
  const as = outputs.bot === '' ? '' : ` as bot \`${outputs.bot}\``;
  const joined = `Joined ${outputs.cluster || 'the cluster'}${as} with join method \`${outputs['join-method']}\`.`;
  if (credentials.length === 0) return `${joined} No credentials were requested.`;
  const until = rfc3339(earliestExpiry(credentials));
  const valid = until === '' ? '' : `, valid until ${until}`;
  return `${joined} Issued ${listed(credentials.map(({ name }) => `\`${name}\``))}${valid}.`;
}
