import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs, type Requirement } from '../requirements.ts';
import { openStand, type Stand } from './workflows.fixture.ts';

/** How a workflow is run, and what its log contains. */
interface Run {
  readonly event: string;
  readonly needs: readonly Requirement[];
  readonly log: readonly (string | RegExp)[];
  readonly files?: Readonly<Record<string, string>>;
}

const ssh = ['ssh', 'sshd'] as const;
const postgres = ['psql', 'initdb', 'pg_ctl'] as const;

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

const runs: Readonly<Record<string, Run>> = {
  'examples/azure.yml': { event: 'push', needs: ssh, log: [/load average/] },
  'examples/connectivity-test.yml': {
    event: 'workflow_dispatch',
    needs: [],
    log: ['Joined example.teleport.sh with join method `github`. No credentials were requested.'],
  },
  'examples/database-tunnel.yml': { event: 'schedule', needs: postgres, log: [/\| +42$/m] },
  'examples/database.yml': { event: 'workflow_dispatch', needs: postgres, log: ['(1 row)'] },
  'examples/github.yml': { event: 'push', needs: ssh, log: [/load average/] },
  'examples/kubernetes.yml': {
    event: 'push',
    needs: ['kubectl'],
    log: [/\| prod-pod\b/, /\| staging-pod\b/],
  },
  'examples/reusable-workflow.yml': { event: 'push', needs: ssh, log: [/load average/] },
  'examples/several-credentials.yml': {
    event: 'push',
    needs: [...ssh, 'curl', 'kubectl'],
    log: [/load average/, 'grafana greets bot-ci', /\| prod-pod\b/],
  },
  'workflow-templates/teleport-azure.yml': { event: 'push', needs: ssh, log: [/load average/] },
  'workflow-templates/teleport-kubernetes.yml': {
    event: 'push',
    needs: ['kubectl'],
    log: ['deployment.apps/web created', 'deployment "web" successfully rolled out'],
    files: { 'deploy/web.yaml': deployment },
  },
  'workflow-templates/teleport-several-credentials.yml': {
    event: 'push',
    needs: [...ssh, 'curl', 'kubectl'],
    log: [/load average/, 'grafana greets bot-ci', /\| prod-pod\b/],
  },
  'workflow-templates/teleport-ssh.yml': { event: 'push', needs: ssh, log: [/load average/] },
};

let stand: Stand;
beforeAll(async () => {
  stand = await openStand();
});
afterAll(async () => await stand[Symbol.asyncDispose]());

describe('the examples and starter workflows', () => {
  it('are all run', () => {
    const paths = ['examples', 'workflow-templates'].flatMap((folder) =>
      readdirSync(new URL(`../../${folder}`, import.meta.url)).map((name) => `${folder}/${name}`),
    );
    const workflows = paths.filter((path) => !/\.(md|properties\.json)$/.test(path));
    expect(workflows.toSorted()).toEqual(Object.keys(runs).toSorted());
  });

  for (const [path, run] of Object.entries(runs))
    it(`${path} succeeds under act and leaves nothing`, needs('act', ...run.needs), async () => {
      const log = await stand.play(path, run.event, run.files);
      if (process.env.SHOW) console.log(log);
      const expected = [
        ...run.log,
        'No private directory, variable or process is left.',
        'Job succeeded',
      ];
      for (const part of expected) expect(log).toMatch(part);
    });
});
