import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment, needs, programPath, type Requirement } from '../requirements.ts';
import { openStand, type Play, type Stand } from './workflows.fixture.ts';

/** How a workflow is run, and what its log contains. */
interface Run extends Play {
  readonly needs: readonly Requirement[];
  readonly log: readonly (string | RegExp)[];
}

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: 'ghcr.io/acme/web:1' }] }
`;

const uptime: Run = { event: 'push', needs: ['ssh', 'sshd'], log: [/\| .* load average: /] };
const postgres = ['psql', 'initdb', 'pg_ctl'] as const;
const several: Run = {
  event: 'push',
  needs: ['ssh', 'sshd', 'curl', 'kubectl'],
  log: [/load average/, '| grafana greets bot-ci', /\| prod-pod\b/],
};

const runs: Readonly<Record<string, Run>> = {
  'examples/azure.yml': uptime,
  'examples/connectivity-test.yml': {
    event: 'workflow_dispatch',
    needs: [],
    log: ['Joined example.teleport.sh with join method `github`. No credentials were requested.'],
  },
  'examples/database-tunnel.yml': {
    event: 'schedule',
    needs: postgres,
    log: ['REFRESH MATERIALIZED VIEW', /\| +42$/m],
  },
  'examples/database.yml': { event: 'workflow_dispatch', needs: postgres, log: ['(1 row)'] },
  'examples/github.yml': uptime,
  'examples/kubernetes.yml': {
    event: 'push',
    needs: ['kubectl'],
    log: [/\| prod-pod\b/, /\| staging-pod\b/],
  },
  'examples/reusable-workflow.yml': uptime,
  'examples/several-credentials.yml': several,
  'workflow-templates/teleport-azure.yml': uptime,
  'workflow-templates/teleport-kubernetes.yml': {
    event: 'push',
    needs: ['kubectl'],
    log: ['deployment.apps/web created', 'deployment "web" successfully rolled out'],
    files: { 'deploy/web.yaml': deployment },
    apiServer: true,
  },
  'workflow-templates/teleport-several-credentials.yml': several,
  'workflow-templates/teleport-ssh.yml': uptime,
};

const nothingLeft = 'No private directory, variable or process is left.';

describe('the examples and starter workflows', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand();
  });
  afterAll(async () => await stand[Symbol.asyncDispose]());

  it('are all run', () => {
    const paths = ['examples', 'workflow-templates'].flatMap((folder) =>
      readdirSync(new URL(`../../${folder}`, import.meta.url)).map((name) => `${folder}/${name}`),
    );
    // The folder has pipelines of CI systems that cannot run here.
    const other = /\.(md|properties\.json)$|^examples\/other-systems$/;
    const workflows = paths.filter((path) => !other.test(path));
    expect(workflows.toSorted()).toEqual(Object.keys(runs));
  });

  for (const [path, { needs: programs, log: expected, ...options }] of Object.entries(runs))
    it(`${path} succeeds under act and leaves nothing`, needs('act', ...programs), async () => {
      const log = await stand.play(path, options);
      for (const part of [...expected, nothingLeft, 'Job succeeded']) expect(log).toMatch(part);
    });

  it(
    'fail if the proxy redirects curl to its login page',
    needs('act', 'ssh', 'sshd', 'curl'),
    async () => {
      const without = '--cert "$CERTIFICATE" --key "$KEY"';
      const path = 'examples/several-credentials.yml';
      const log = await stand.play(path, { event: 'push', without });
      // 47: too many redirects.
      for (const part of ['exit status 47', nothingLeft, 'Job failed']) expect(log).toContain(part);
    },
  );

  it.each(Object.keys(runs))('%s passes actionlint', needs('actionlint'), (path) => {
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const input = text.replaceAll('$default-branch', 'main');
    const { stdout, status } = spawnSync(programPath('actionlint'), ['-'], {
      input,
      env: environment,
      encoding: 'utf8',
    });
    expect([stdout, status]).toEqual(['', 0]);
  });
});
