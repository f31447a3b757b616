import {
  createRunner,
  type JobEnd,
  readAction,
  type StandInRunner,
  type StepResult,
} from './runner/runner.ts';
import { startTestbed, type Testbed } from './testbed.ts';

const root = new URL('..', import.meta.url).pathname;
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

interface Scene {
  readonly title: string;
  /** What a later step runs. */
  readonly script?: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

function scenes(testbed: Testbed): readonly Scene[] {
  const github = { ...testbed.github.environment };
  return [
    { title: "Join by GitHub's OIDC token", inputs: { token: 'ci-github' }, environment: github },
    {
      title: 'Several credentials from one join',
      inputs: { token: 'ci-github', ...several },
      environment: github,
      script: useSeveral,
    },
    {
      title: "Join by an Azure VM's managed identity",
      inputs: { token: 'ci-azure', 'join-method': 'azure' },
      environment: { ...testbed.imds.environment },
    },
    {
      title: 'Denied: the token is for another repository',
      inputs: { token: 'other-repo' },
      environment: github,
    },
  ];
}

async function play(scene: Scene, testbed: Testbed): Promise<void> {
  await using runner = await createRunner({ environment: scene.environment });
  const action = await readAction(root);
  const inputs = {
    proxy: testbed.proxy.address,
    'tbot-path': await testbed.tbot(),
    'extra-ca-file': testbed.caFile,
    summary: 'always',
    ...scene.inputs,
  };
  heading(scene.title);
  const step = await runner.uses({ ...action, declared: action.inputs, inputs, id: 'machine-id' });
  show(`uses: org/machine-id-action@v1\n${described(scene.inputs)}`, step.log);
  if (step.outcome === 'failure') console.log('- the step failed, and the job with it');
  if (step.outcome === 'success') show('run: a later step', (await later(runner, step, scene)).log);
  if (step.summary !== '') show('job summary', step.summary);
  tell(await runner.finish());
}

/** What a workflow's author wrote below `with:`, beside the address of the testbed. */
function described(inputs: Scene['inputs']): string {
  const lines = Object.entries(inputs).flatMap(([name, value]) =>
    value.includes('\n')
      ? [`${name}: |`, ...value.split('\n').map((line) => `  ${line}`)]
      : [`${name}: ${value}`],
  );
  return ['  with:', ...lines.map((line) => `    ${line}`)].join('\n');
}

async function later(
  runner: StandInRunner,
  step: StepResult,
  { script = useIdentity }: Scene,
): Promise<StepResult> {
  return runner.run(script, {
    env: {
      CREDENTIALS: step.outputs['credentials'] ?? '',
      SSH_CONFIG: step.outputs['ssh-config'] ?? '',
      CERTIFICATE: step.outputs['certificate-file'] ?? '',
    },
  });
}

function tell(end: JobEnd): void {
  show('post', end.posts.map(({ log }) => log).join('\n'));
  const left = [...end.leftInTemp, ...end.orphans.map(({ pid }) => `process ${pid}`)];
  console.log(`- left on the runner: ${left.join(', ') || 'nothing'}`);
  if (left.length > 0) process.exitCode = 1;
}

function heading(title: string): void {
  console.log(`\n${title}\n${'='.repeat(title.length)}`);
}

/** The log of a step as its page shows it: groups folded, without the inputs that come first. */
function show(title: string, log: string): void {
  console.log(`- ${title}`);
  for (const line of folded(log.split('\n'))) console.log(`    ${line}`);
}

function folded(lines: readonly string[]): readonly string[] {
  const shown: string[] = [];
  let inside = false;
  for (const line of lines) {
    const group = /^##\[group\](.*)/.exec(line)?.[1];
    if (group !== undefined) shown.push(`> ${group}`);
    if (!inside && group === undefined && line !== '') shown.push(line);
    if (group !== undefined) inside = true;
    if (line === '##[endgroup]') inside = false;
  }
  return shown.filter((line) => !line.startsWith('> Run '));
}

await using testbed = await startTestbed();
for (const scene of scenes(testbed)) await play(scene, testbed);
