import { join } from 'node:path';
import type { StepResult } from '../runner/runner.ts';
import type { Testbed, TestbedOptions } from '../testbed.ts';

/** A job of the demo. */
export interface Scenario {
  readonly title: string;
  readonly expected: StepResult['outcome'];
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** A later step. */
  readonly later?: { readonly title: string; readonly script: string };
}

const subscription = '11111111-1111-1111-1111-111111111111';

/** The cluster, with the names that README.md uses. */
export const demoCluster: TestbedOptions = {
  clusterName: 'example.teleport.sh',
  bots: { example: { roles: ['example-deploy'], logins: ['ubuntu'] } },
  tokens: {
    'example-bot': {
      bot: 'example',
      joinMethod: 'github',
      allow: [{ repository: 'acme/web', ref: 'refs/heads/main' }],
    },
    'example-bot-azure': {
      bot: 'example',
      joinMethod: 'azure',
      allow: [{ subscription, resource_groups: ['group1'] }],
    },
    'docs-bot': {
      bot: 'example',
      joinMethod: 'github',
      allow: [{ repository: 'acme/docs', ref: 'refs/heads/main' }],
    },
  },
};

/** Returns the inputs that select the stand-ins. Only Linux has releases on the stand-in download site. */
export async function standInInputs(testbed: Testbed): Promise<Readonly<Record<string, string>>> {
  return {
    proxy: testbed.proxy.address,
    ...(process.platform === 'linux'
      ? { mirror: testbed.downloads.url }
      : { 'tbot-path': await testbed.tbot() }),
    'extra-ca-file': testbed.caFile,
  };
}

/** The tool cache of all scenarios: the first one downloads tbot. */
export function toolCacheOf(testbed: Testbed): string {
  return join(testbed.directory, 'tool-cache');
}

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

/** Returns the scenarios of the demo, in order. */
export function scenariosOf(testbed: Testbed): readonly Scenario[] {
  const github = { ...testbed.github.environment };
  const later = { title: 'reads the identity', script: useIdentity };
  return [
    {
      title: "Join with GitHub's OIDC token",
      expected: 'success',
      inputs: { token: 'example-bot' },
      environment: github,
      later,
    },
    {
      title: 'Several credentials from one join',
      expected: 'success',
      inputs: { token: 'example-bot', ...several },
      environment: github,
      later: { title: 'lists the files of each credential', script: useSeveral },
    },
    {
      title: 'Join with the managed identity of an Azure VM',
      expected: 'success',
      inputs: { token: 'example-bot-azure', 'join-method': 'azure' },
      environment: { ...testbed.imds.environment },
      later,
    },
    {
      title: 'Denied: the join token is for another repository',
      expected: 'failure',
      inputs: { token: 'docs-bot' },
      environment: github,
    },
  ];
}
