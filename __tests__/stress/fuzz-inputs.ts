import * as fc from 'fast-check';
import * as yaml from 'yaml';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import { readInputs } from '../../src/inputs/inputs.ts';
import { inputTable } from '../../src/inputs/table.ts';
import { chooseIdentity } from '../../src/methods/choose.ts';
import { makePlan, portsNeeded } from '../../src/plan.ts';
import { renderConfig } from '../../src/tbot/config.ts';
import { createSigningKey } from '../../testbed/signatures.ts';
import { serviceExamples } from './fuzz-examples.ts';
import { ends, type Fuzz, fuzzOf } from './fuzz-ends.ts';
import { mutatedText } from './fuzz-mutate.ts';

const onboardings = [
  'bound_keypair: {registration_secret: abc}',
  'gitlab: {token_env_var_name: MY_TOKEN}',
  'generic_oidc:\n  command: [./bin/token, --x]\n  timeout: 30s\n',
  'terraform: {audience_tag: ci}',
  'kubernetes:\n  token_path: /var/run/token\n',
];

/** Valid values of inputs; the rest of the inputs get words. */
const examples: Readonly<Record<string, readonly string[]>> = {
  proxy: ['example.teleport.sh', 'example.teleport.sh:443', '[::1]:3080', '127.0.0.1:3080'],
  token: ['ci-github'],
  'join-method': ['auto', 'github', 'bound-keypair', 'gitlab', 'generic_oidc', 'kubernetes'],
  'azure-client-id': ['22222222-2222-2222-2222-222222222222'],
  onboarding: onboardings,
  services: serviceExamples,
  'kubernetes-cluster': ['prod', 'prod, staging'],
  app: ['hello', 'hello\nother'],
  database: ['pg/app/ci', 'pg/app/ci, mongo//x'],
  'leaf-cluster': ['leaf.example.com'],
  'certificate-ttl': ['1h', '45m', '1h30m10s'],
  'min-ttl': ['10m'],
  timeout: ['5m'],
  version: ['auto', '18.2.4', 'v17.0.0', 'installed'],
  mirror: ['https://mirror.example.com/x', 'registry.example.com/tbot'],
  checksum: [`sha256:${'a'.repeat(64)}`, 'b'.repeat(64)],
  'signature-key': ['/opt/keys.pem', createSigningKey().pem, createSigningKey('rsa').pem],
  'signature-extension': ['sig', '.sig'],
  tools: ['tsh', 'tsh, tctl'],
  'auth-server': ['auth.example.com:3025'],
  'ca-pins': [`sha256:${'c'.repeat(64)}`],
  'expected-cluster': ['example.teleport.sh'],
};

const words = ['true', 'auto', 'tbot', '1h', 'name', 'type', 'identity', 'sha256:', ':443', '@'];

const good = { proxy: 'example.teleport.sh', token: 'ci-github' };

const anyInputs = fc
  .record(
    Object.fromEntries(
      Object.values(inputTable).map(({ name }) => [
        name,
        fc.oneof(
          { weight: 6, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: mutatedText(examples[name] ?? ['true', '/x/y'], words) },
        ),
      ]),
    ),
  )
  .map((given) => ({ ...good, ...withoutAbsent(given) }));

/** Most cases change one or two inputs of a good step, because the first error hides what comes later. */
const someInputs = fc
  .uniqueArray(fc.constantFrom(...Object.keys(examples)), { minLength: 1, maxLength: 2 })
  .chain((names) =>
    fc.record(
      Object.fromEntries(names.map((name) => [name, mutatedText(examples[name] ?? [], words)])),
    ),
  )
  .map((given) => ({ ...good, ...given }));

function withoutAbsent(
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const env = {
  GITHUB_WORKSPACE: '/workspace',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example.com/?v=2',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
  MY_TOKEN: 'secret',
};

/** A message may repeat an input, however long it is. */
const anyLength = { longest: Infinity };

const versions = fc.constantFrom('15.0.0-dev', '16.4.0', '17.5.1', '18.2.4', '18.11.0', '19.0.0');

/** Reads the inputs and plans the join; the config that tbot would get says what was planned. */
async function planned(inputs: Record<string, string>, version: string): Promise<void> {
  const step = readInputs(inputs, yaml);
  const identity = chooseIdentity(step.inputs, githubActions(env));
  const plan = makePlan({
    inputs: step.inputs,
    identity,
    tool: { path: '/opt/tbot', version, source: 'tbot-path' },
    serverVersion: version,
    workdir: '/tmp/machine-id-0123456789abcdef',
    env,
    debugging: false,
    caBundle: undefined,
    ports: Array.from({ length: portsNeeded(step.inputs) }, (_, index) => 20_000 + index),
  });
  const text = await renderConfig(plan.config);
  const read: unknown = yaml.parse(text, { version: '1.1' });
  if (JSON.stringify(read) !== JSON.stringify(plan.config))
    throw new Error('the config reads differently');
  for (const { dir } of plan.services)
    if (!/^\/tmp\/machine-id-0123456789abcdef\/[^/]+$/.test(dir) || /\/\.+$/.test(dir))
      throw new Error(`credentials are written to ${dir}`);
}

export function inputProperties(): readonly Fuzz[] {
  const all = 'inputs, all of them';
  const some = 'inputs of a good step, one or two changed';
  const inYaml = 'YAML of services and onboarding';
  const texts = fc.tuple(
    mutatedText(serviceExamples, words),
    fc.option(mutatedText(onboardings, words), { nil: '' }),
    versions,
  );
  return [
    fuzzOf(all, fc.tuple(anyInputs, versions), async ([inputs, version]) => {
      await ends(all, async () => planned(inputs, version), anyLength);
    }),
    fuzzOf(some, fc.tuple(someInputs, versions), async ([inputs, version]) => {
      await ends(some, async () => planned(inputs, version), anyLength);
    }),
    fuzzOf(inYaml, texts, async ([services, onboarding, version]) => {
      const inputs = { proxy: 'example.teleport.sh', token: 'ci', services, onboarding };
      await ends(inYaml, async () => planned(inputs, version), anyLength);
    }),
  ];
}
