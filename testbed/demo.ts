import { styleText } from 'node:util';
import {
  createRunner,
  type JobEnd,
  readAction,
  type StandInRunner,
  type StepResult,
} from './runner/runner.ts';
import { startTestbed, type Testbed } from './testbed.ts';

const root = new URL('..', import.meta.url).pathname;

const introduction = `
Demo of machine-id-action on this machine, without Teleport, GitHub or Azure

Real:      the action, as built in dist/
Stand-in:  the Teleport cluster and tbot
Stand-in:  GitHub's runner and its issuer of OIDC tokens
Stand-in:  Azure's metadata service`;

const useIdentity = [
  'stat -c "%A %n" "$TELEPORT_IDENTITY_FILE" "$SSH_CONFIG"',
  'openssl x509 -in "$CERTIFICATE" -noout -enddate',
  'tbot version',
].join('\n');

const several = {
  services: [
    '- type: identity',
    '- type: database',
    '  service: pg',
    '  database: app',
    '  username: ci',
    '  format: tls',
    '- { type: workload-identity-x509, selector: { name: deploy }, name: deploy }',
  ].join('\n'),
  app: 'hello',
  'kubernetes-cluster': 'prod, staging',
};

const useSeveral = [
  "node -e 'const all = JSON.parse(process.env.CREDENTIALS);",
  '  for (const name in all) console.log(`${name}: ${Object.keys(all[name].files).join(" ")}`)' +
    "'",
  'grep -E "^current-context|client-key-data" "$KUBECONFIG"',
  'openssl x509 -in "$CERTIFICATE" -noout -enddate',
].join('\n');

interface Scenario {
  readonly title: string;
  readonly expected: StepResult['outcome'];
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** A later step. */
  readonly later?: { readonly title: string; readonly script: string };
}

function scenariosOf(testbed: Testbed): readonly Scenario[] {
  const github = { ...testbed.github.environment };
  const later = { title: 'reads the identity', script: useIdentity };
  return [
    {
      title: "Join with GitHub's OIDC token",
      expected: 'success',
      inputs: { token: 'ci-github' },
      environment: github,
      later,
    },
    {
      title: 'Several credentials from one join',
      expected: 'success',
      inputs: { token: 'ci-github', ...several },
      environment: github,
      later: { title: 'lists the files of each credential', script: useSeveral },
    },
    {
      title: 'Join with the managed identity of an Azure VM',
      expected: 'success',
      inputs: { token: 'ci-azure', 'join-method': 'azure' },
      environment: { ...testbed.imds.environment },
      later,
    },
    {
      title: 'Denied: the join token is for another repository',
      expected: 'failure',
      inputs: { token: 'other-repo' },
      environment: github,
    },
  ];
}

/** Runs a scenario and shows it. Returns whether it behaved as expected. */
async function play(scenario: Scenario, testbed: Testbed): Promise<boolean> {
  await using runner = await createRunner({ environment: scenario.environment });
  const action = await readAction(root);
  const inputs = {
    proxy: testbed.proxy.address,
    'tbot-path': await testbed.tbot(),
    'extra-ca-file': testbed.caFile,
    summary: 'always',
    ...scenario.inputs,
  };
  show('Step', workflowOf(scenario.inputs));
  const step = await runner.uses({ ...action, declared: action.inputs, inputs, id: 'machine-id' });
  showLog('Log', step.log);
  const later = await runLater(scenario, step, runner);
  show('Job summary', step.summary.split('\n'));
  const end = await runner.finish();
  showLog('Post step', end.posts.map(({ log }) => log).join('\n'));
  const left = leftBy(end);
  show('Left on the runner', left.length > 0 ? left : ['nothing']);
  return judge([
    [step.outcome === scenario.expected, `the step ended with ${step.outcome}`],
    [later?.outcome !== 'failure', 'the later step failed'],
    [left.length === 0, 'the job left files or processes on the runner'],
  ]);
}

/** Returns the step as a workflow contains it, without the address of the testbed. */
function workflowOf(inputs: Scenario['inputs']): readonly string[] {
  const lines = Object.entries(inputs).flatMap(([name, value]) =>
    value.includes('\n')
      ? [`${name}: |`, ...value.split('\n').map((line) => `  ${line}`)]
      : [`${name}: ${value}`],
  );
  return ['- uses: org/machine-id-action@v1', '  with:', ...lines.map((line) => `    ${line}`)];
}

async function runLater(
  { later }: Scenario,
  step: StepResult,
  runner: StandInRunner,
): Promise<StepResult | undefined> {
  if (later === undefined || step.outcome !== 'success') return undefined;
  const result = await runner.run(later.script, {
    env: {
      CREDENTIALS: step.outputs['credentials'] ?? '',
      SSH_CONFIG: step.outputs['ssh-config'] ?? '',
      CERTIFICATE: step.outputs['certificate-file'] ?? '',
    },
  });
  showLog(`Later step (${later.title})`, result.log);
  return result;
}

function leftBy(end: JobEnd): readonly string[] {
  return [...end.leftInTemp, ...end.orphans.map(({ pid }) => `process ${pid}`)];
}

function judge(checks: readonly (readonly [passed: boolean, otherwise: string])[]): boolean {
  const failures = checks.filter(([passed]) => !passed).map(([, otherwise]) => otherwise);
  if (failures.length === 0) print('As expected.', 'green');
  else print(`Not as expected: ${failures.join('; ')}.`, 'red');
  return failures.length === 0;
}

type Style = Parameters<typeof styleText>[0];

/** Prints with colours only where the terminal supports them; see NO_COLOR and FORCE_COLOR. */
function print(text: string, style: Style = 'none'): void {
  console.log(styleText(style, text, { stream: process.stdout }));
}

function show(title: string, lines: readonly string[]): void {
  print(title, 'cyan');
  for (const line of lines.join('\n').trimEnd().split('\n'))
    print(line === '' ? '' : `  ${line}`, line.startsWith('Error: ') ? 'red' : 'none');
}

/** Shows a log as GitHub does: groups folded, without the inputs that come first. */
function showLog(title: string, log: string): void {
  const shown: string[] = [];
  let inside = false;
  for (const line of log.split('\n')) {
    const group = /^##\[group\](.*)/.exec(line)?.[1];
    if (group !== undefined) shown.push(`> ${group}`);
    else if (!inside) shown.push(line.replace('##[error]', 'Error: '));
    inside = group !== undefined || (inside && line !== '##[endgroup]');
  }
  show(
    title,
    shown.filter((line) => !line.startsWith('> Run ')),
  );
}

console.log(introduction);
await using testbed = await startTestbed();
const scenarios = scenariosOf(testbed);
let expected = 0;
for (const [index, scenario] of scenarios.entries()) {
  console.log();
  print(`${index + 1}. ${scenario.title}`, ['bold', 'underline']);
  if (await play(scenario, testbed)) expected += 1;
}
const passed = expected === scenarios.length;
console.log();
print(
  `Demo: ${expected} of ${scenarios.length} scenarios behaved as expected.`,
  passed ? ['bold', 'green'] : ['bold', 'red'],
);
if (!passed) process.exitCode = 1;
