import { symlink } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { changeMarker, type Home, programsOf, unwritable } from '../home/home.ts';
import type { Tool } from '../install/install.ts';
import { type Joined, soonestEnd } from '../joined.ts';
import type { Runner } from '../runner.ts';
import { variablesFor } from './environment.ts';
import { type Outputs, outputsOf, rfc3339 } from './outputs.ts';
import { successSummary } from './summary.ts';

/**
 * Hands the credentials over to the later steps: outputs, variables, job summary, a line in the log.
 * What post must take back is on the disk before anybody is given it.
 */
export async function publish(joined: Joined, home: Home, runner: Runner): Promise<void> {
  const outputs = outputsOf(joined);
  if (joined.inputs.exportEnv && joined.credentials.length > 0) {
    await exportVariables(outputs, joined.tool, home, runner);
    if (joined.tool.source !== 'installed') await addToPath(joined.tool, home, runner);
  }
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
  if (joined.inputs.summary === 'always')
    await runner.summary(successSummary(joined.credentials, outputs));
  runner.info(sentence(joined, outputs));
}

async function exportVariables(
  outputs: Outputs,
  { tools = [] }: Tool,
  home: Home,
  runner: Runner,
): Promise<void> {
  const tctl = tools.some((path) => parse(path).name === 'tctl');
  const variables = await variablesFor(outputs, runner.env, tctl);
  await changeMarker(home.path, { ...home.marker, exported: variables });
  const before = runner.env['TELEPORT_IDENTITY_FILE'];
  if (before && before !== outputs['identity-file'])
    runner.notice(
      'machine-id-action',
      'TELEPORT_IDENTITY_FILE was set before this step; later steps see the identity of this one.',
    );
  for (const { name, value } of variables) runner.exportVariable(name, value);
}

/** Later steps gain tbot and the tools alone, not what else lies there. Windows asks a right for links. */
async function addToPath({ path, tools = [] }: Tool, home: Home, runner: Runner): Promise<void> {
  const programs = programsOf(home);
  if (process.platform === 'win32') return runner.addPath(dirname(path));
  for (const program of [path, ...tools]) {
    // A binary that was brought may have any name.
    const name = program === path ? 'tbot' : basename(program);
    if (dirname(program) !== programs)
      await symlink(program, join(programs, name)).catch((error: unknown) => {
        throw unwritable(programs, error);
      });
  }
  runner.addPath(programs);
}

function sentence(joined: Joined, outputs: Outputs): string {
  if (joined.credentials.length === 0)
    return `Joined ${outputs.cluster} by ${outputs['join-method']}; no credential was asked for.`;
  const names = joined.credentials.map(({ name }) => name).join(', ');
  const until = rfc3339(soonestEnd(joined.credentials));
  return `Joined ${outputs.cluster} as bot ${outputs.bot} by ${outputs['join-method']}: ${names}, valid until ${until}.`;
}
