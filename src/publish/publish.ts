import { symlink } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import type { ExportedVariable } from '../workdir/marker.ts';
import { changeMarker, deliver, type Workdir, programsOf, unwritable } from '../workdir/workdir.ts';
import type { Tool } from '../install/install.ts';
import { messageOf } from '../problem.ts';
import type { CiPort } from '../ci/port.ts';
import { variablesFor, variablesOfEarlierCalls } from './variables.ts';
import { earliestExpiry, type Joined, type Outputs, outputsOf } from './outputs.ts';
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
    await ci
      .summary(successSummary(joined.credentials, outputs))
      .catch((error: unknown) =>
        ci.warning('machine-id-action', `There is no job summary: ${messageOf(error)}`),
      );
  ci.info(sentence(joined, outputs));
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
  const replaced = variables
    .filter(
      ({ name, value, before }) =>
        credentialVariables.has(name) && before !== '' && before !== value,
    )
    .map(({ name }) => name);
  if (replaced.length > 0)
    ci.notice(
      'machine-id-action',
      `${replaced.join(', ')} ${replaced.length === 1 ? 'was' : 'were'} set before this step; later steps see what this one says, until its post step.`,
    );
  return variables;
}

const credentialVariables = new Set([
  'TELEPORT_IDENTITY_FILE',
  'TELEPORT_CLUSTER',
  'KUBECONFIG',
  'AWS_SHARED_CREDENTIALS_FILE',
]);

/**
 * Adds tbot and its tools to PATH through symbolic links, so that nothing else in their folder is
 * found. Links need a privilege on Windows, so the folder itself is added there.
 */
async function addToPath({ path, tools = [] }: Tool, workdir: Workdir, ci: CiPort): Promise<void> {
  const programs = programsOf(workdir);
  if (process.platform === 'win32') return addFolder(dirname(path), ci);
  for (const program of [path, ...tools]) {
    // The file that `tbot-path` names may have any name.
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

function sentence(joined: Joined, outputs: Outputs): string {
  const where = outputs.cluster || 'the cluster';
  if (joined.credentials.length === 0)
    return `Joined ${where} by ${outputs['join-method']}; no credential was asked for.`;
  const names = joined.credentials.map(({ name }) => name).join(', ');
  const as = outputs.bot === '' ? '' : ` as bot ${outputs.bot}`;
  const until = rfc3339(earliestExpiry(joined.credentials));
  const valid = until === '' ? '' : `, valid until ${until}`;
  return `Joined ${where}${as} by ${outputs['join-method']}: ${names}${valid}.`;
}
