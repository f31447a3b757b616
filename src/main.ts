import { privateKeyLines } from './inputs/public-keys.ts';
import { holdsYaml, readInputs } from './inputs/inputs.ts';
import { Problem } from './problem.ts';
import { report } from './report.ts';
import type { CiPort } from './ci/port.ts';
import { listenForStop } from './process/stop.ts';
import { isJoinMethod, methodOf } from './methods/index.ts';
import { secretsOf } from './methods/onboarding.ts';
import { ignoreUnverified } from './http/tls-environment.ts';
import type { Yaml } from './yaml/parse.ts';

/** Runs the main step: reads the inputs, acts on them and reports a failure. */
export async function main(ci: CiPort): Promise<void> {
  using stop = listenForStop();
  // Also applies if the inputs are invalid.
  let summary = !/^\s*never\s*$/i.test(ci.inputs['summary'] ?? '');
  try {
    checkNode(process.versions.node);
    maskToken(ci);
    maskPasswords(ci);
    for (const line of privateKeyLines(ci.inputs['signature-key'] ?? '')) ci.mask(line);
    const { inputs, warnings, notices } = readInputs(ci.inputs, await yamlFor(ci.inputs));
    for (const secret of secretsOf(inputs.onboarding ?? {})) ci.mask(secret);
    for (const warning of warnings) ci.warning('machine-id-action', warning);
    for (const notice of notices) ci.notice('machine-id-action', notice);
    ignoreUnverified(ci);
    summary = inputs.summary !== 'never';
    stop.after(inputs.timeout);
    // Loaded only with valid inputs, because it is slow to load.
    const { runStep } = await import('./step.ts');
    await runStep(inputs, ci, stop);
  } catch (error) {
    // After a stop, an unexpected error is its consequence, not a bug. A Problem is still reported.
    const { aborted, reason } = stop.signal;
    const failure = aborted && !(error instanceof Problem) ? reason : error;
    await report(failure, ci, summary, stop.timeline);
  }
}

/** Loads the YAML package only if an input contains YAML, because it is slow to load. */
async function yamlFor(inputs: CiPort['inputs']): Promise<Yaml | undefined> {
  if (!holdsYaml(inputs)) return undefined;
  const { loadYaml } = await import('./yaml/load.ts');
  return loadYaml();
}

/** Masks a secret join token before the inputs are read, because they may be invalid. */
function maskToken({ inputs, mask }: CiPort): void {
  const method = (inputs['join-method'] ?? '').trim().toLowerCase().replaceAll('-', '_');
  if (isJoinMethod(method) && methodOf(method).secretToken) mask((inputs['token'] ?? '').trim());
}

/** A password in a URL. A shorter one could be any word, and masking it would garble the log. */
const urlPassword = /:\/\/[^\s/:@]*:([^\s/@]{4,})@/g;

/**
 * Masks passwords in the URLs of inputs and HTTP proxies: one in an unexpected input, such as `token`,
 * reaches the cluster and tbot, which repeat it.
 */
function maskPasswords({ inputs, env, mask }: CiPort): void {
  const proxies = Object.entries(env).filter(([name]) => /_proxy$/i.test(name));
  for (const value of [...Object.values(inputs), ...proxies.map(([, proxy]) => proxy ?? '')])
    for (const [, password = ''] of value.matchAll(urlPassword)) mask(password);
}

/**
 * Throws a Problem `platform` if Node is too old. A runner without `node24` rejects the action, but act
 * runs it with any Node on PATH.
 */
export function checkNode(version: string): void {
  if (Number.parseInt(version, 10) >= 24) return;
  throw new Problem({
    code: 'platform',
    what: `This action requires Node 24, but it was started with Node ${version}.`,
    fix: 'Update the runner to 2.327.1 or newer. With act, put Node 24 first on PATH.',
  });
}
