import { join, relative, sep } from 'node:path';
import { cleanUp, nothing } from './cleanup.ts';
import { isTaken } from './files/files.ts';
import { readTable } from './inputs/read-table.ts';
import { parseLine } from './inputs/parsers.ts';
import type { InputTable } from './inputs/table.ts';
import { Problem } from './problem.ts';
import { report } from './report.ts';
import { quoted } from './text/display.ts';
import { type Calls, callsOf } from './workdir/calls.ts';
import { type Leftover, leftoverText, leftoverTitle } from './workdir/leftover.ts';
import { workdirName, workdirRoot } from './workdir/workdir.ts';
import type { CiPort } from './ci/port.ts';

/** All inputs of scrub/action.yml. */
export const scrubTable = {
  destinationDir: {
    name: 'destination-dir',
    required: false,
    defaultValue: undefined,
    parse: parseLine,
  },
} as const satisfies InputTable;

/**
 * Runs the step of ./scrub: cleans up after one call of this job, or after all of them. Unlike the post
 * step, it fails if something remains, because the workflow relies on the removal.
 */
export async function scrub(ci: CiPort): Promise<void> {
  try {
    const { inputs, warnings } = readTable(scrubTable, () => [], ci.inputs);
    for (const warning of warnings) ci.warning('machine-id-action', warning);
    const { destinationDir } = inputs;
    const root = await workdirRoot(ci.directories);
    const calls = await callsOf(ci.job.key, root);
    const { own, unknown } =
      destinationDir === undefined ? calls : await callIn(destinationDir, calls, root, ci);
    for (const path of unknown) ci.warning(leftoverTitle, leftoverText(path, unknownJob));
    if (own.length + unknown.length === 0) ci.info(nothing);
    const paths = own.map(({ path }) => path);
    const remains = await cleanUp({ paths, root, moment: 'this step' }, ci);
    if (remains.length > 0) throw incomplete(remains);
  } catch (error) {
    await report(error, ci, false);
  }
}

/**
 * Returns the call that `destination-dir` names, or none if its directory no longer exists. Throws a
 * Problem `inputs` if the path is not inside a private directory of this job.
 */
async function callIn(
  destination: string,
  { own }: Calls,
  root: string,
  { directories }: CiPort,
): Promise<Calls> {
  const workdir = workdirOf(destination, [root, directories.temp ?? root]);
  const named = own.filter(({ path }) => path === workdir);
  if (named.length === 0 && (await isTaken(workdir))) throw foreign(workdir);
  return { own: named, unknown: [] };
}

/**
 * Returns the private directory that contains a path, by the form of the path alone: it may no longer
 * exist, and links in it are not followed. `roots` are spellings of the folder of private directories;
 * the first one has no links.
 */
function workdirOf(path: string, roots: readonly [string, ...string[]]): string {
  const [root] = roots;
  const names = path.split(/[\\/]/).includes('..')
    ? []
    : roots.map((folder) => relative(folder, path).split(sep)[0] ?? '');
  const name = names.find((candidate) => workdirName.test(candidate));
  if (name === undefined) throw outside(path, root);
  return join(root, name);
}

const postRemoves =
  'If a step of this job created the directory, the post step of that step removes it.';

const unknownJob: Leftover = {
  why: 'its marker is missing or damaged, so its job is unknown',
  fix: postRemoves,
};

function outside(path: string, root: string): Problem {
  return new Problem({
    code: 'inputs',
    what: `Input \`destination-dir\` is ${quoted(path)}, which is not inside a private directory of this action (\`machine-id-*\` in ${root}).`,
    fix: 'Set it to the output `destination-dir` of the step to clean up, or omit it to clean up after all steps of this job.',
  });
}

function foreign(workdir: string): Problem {
  return new Problem({
    code: 'inputs',
    what: `Input \`destination-dir\` names ${workdir}, which is not a private directory of this job, or its marker file is missing or damaged.`,
    fix: `Set it to the output \`destination-dir\` of a step of this job. ${postRemoves}`,
  });
}

function incomplete(remains: readonly string[]): Problem {
  return new Problem({
    code: 'leftover',
    what: 'The cleanup is incomplete:',
    errors: remains,
    fix: 'If a private directory remains, the post step tries again when the job ends.',
  });
}
