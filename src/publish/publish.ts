import { symlink } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { variablesOfEarlierCalls } from '../workdir/earlier-calls.ts';
import type { ExportedVariable } from '../workdir/marker.ts';
import { changeMarker, deliver, type Workdir, programsOf, unwritable } from '../workdir/workdir.ts';
import type { Tool } from '../install/install.ts';
import { type Joined, earliestExpiry } from './joined.ts';
import { messageOf } from '../problem.ts';
import type { CiPort } from '../ci/port.ts';
import { variablesFor } from './variables.ts';
import { type Outputs, outputsOf } from './outputs.ts';
import { rfc3339 } from '../text/time.ts';
import { successSummary } from './summary.ts';

/**
 * Publishes the credentials to later steps: outputs, variables, job summary, a line in the log. What
 * the post step must restore is on disk before any of it is set.
 */
export async function publish(joined: Joined, workdir: Workdir, ci: CiPort): Promise<void> {
  const outputs = outputsOf(joined);
  const issued = joined.credentials.length > 0;
  const exported =
    issued && joined.inputs.exportEnv ? await variablesOf(joined, outputs, workdir, ci) : [];
  if (issued) await remember(workdir, exported, outputs, joined.inputs.endpoint.address);
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

/** Writes what the post step needs to restore the variables. */
async function remember(
  { path, marker }: Workdir,
  exported: readonly ExportedVariable[],
  outputs: Outputs,
  endpoint: string,
): Promise<void> {
  const end = outputs['expires-at'];
  await changeMarker(path, {
    ...marker,
    exported,
    endpoint,
    ...(end === '' ? {} : { expiresAt: end }),
  });
}

async function variablesOf(
  { inputs, credentials, tool }: Joined,
  outputs: Outputs,
  workdir: Workdir,
  ci: CiPort,
): Promise<readonly ExportedVariable[]> {
  const { leafCluster } = inputs;
  const bringsTctl = (tool.tools ?? []).some((path) => parse(path).name === 'tctl');
  const further = {
    bringsTctl,
    credentials,
    endpoint: inputs.endpoint,
    earlier: await variablesOfEarlierCalls(dirname(workdir.path), workdir.marker.job),
    ...(leafCluster === undefined ? {} : { leafCluster }),
  };
  const variables = await variablesFor(outputs, ci.env, further);
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

/** Adds only tbot and the tools to PATH, by links, which need a privilege on Windows. */
async function addToPath({ path, tools = [] }: Tool, workdir: Workdir, ci: CiPort): Promise<void> {
  const programs = programsOf(workdir);
  if (process.platform === 'win32') return addFolder(dirname(path), ci);
  for (const program of [path, ...tools]) {
    // The file of `tbot-path` may have any name.
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
