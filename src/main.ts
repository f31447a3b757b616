import { holdsYaml, readInputs } from './inputs/inputs.ts';
import { Problem } from './problem.ts';
import { report } from './report.ts';
import type { Runner } from './ci/port.ts';
import { listenForStop } from './stop.ts';
import { isJoinMethod, methodOf } from './methods/index.ts';
import { secretsOf } from './methods/onboarding.ts';
import { ignoreUnverified } from './http/tls-environment.ts';
import type { Yaml } from './yaml/parse.ts';

/** One step: reads its inputs, does what they say, tells of a failure. */
export async function main(runner: Runner): Promise<void> {
  using stop = listenForStop();
  // Also for inputs that can't be read.
  let summary = !/^\s*never\s*$/i.test(runner.inputs['summary'] ?? '');
  try {
    checkNode(process.versions.node);
    maskToken(runner);
    const { inputs, warnings, notices } = readInputs(runner.inputs, await yamlFor(runner.inputs));
    for (const secret of secretsOf(inputs.onboarding ?? {})) runner.mask(secret);
    for (const warning of warnings) runner.warning('machine-id-action', warning);
    for (const notice of notices) runner.notice('machine-id-action', notice);
    ignoreUnverified(runner);
    summary = inputs.summary !== 'never';
    stop.after(inputs.timeout);
    // What talks to the network and starts programs is slow to load, and useless after a mistake.
    const { runStep } = await import('./step.ts');
    await runStep(inputs, runner, stop);
  } catch (error) {
    // What else breaks for a stop is no bug of ours; a Problem is what it says, even then.
    const { aborted, reason } = stop.signal;
    await report(aborted && !(error instanceof Problem) ? reason : error, runner, summary);
  }
}

/** Most steps have no YAML among their inputs, and none of them waits for the package then. */
async function yamlFor(inputs: Runner['inputs']): Promise<Yaml | undefined> {
  if (!holdsYaml(inputs)) return undefined;
  const { loadYaml } = await import('./yaml/load.ts');
  return loadYaml();
}

/** Masks a secret join token before anything else happens, also if the inputs are invalid. */
function maskToken({ inputs, mask }: Runner): void {
  const method = (inputs['join-method'] ?? '').trim().toLowerCase().replaceAll('-', '_');
  if (isJoinMethod(method) && methodOf(method).secretToken) mask((inputs['token'] ?? '').trim());
}

/** A runner that can't say `node24` refuses by itself; act takes whatever Node is on PATH. */
export function checkNode(version: string): void {
  if (Number.parseInt(version, 10) >= 24) return;
  throw new Problem({
    code: 'platform',
    what: `This action needs Node 24, and was started by Node ${version}.`,
    fix: 'Update the runner to 2.327.1 or newer; under act, put a Node 24 first on PATH.',
  });
}
