import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultBots, defaultResources } from '../../testbed/defaults.ts';
import { type RunningJob, startJob } from './job.fixture.ts';
import { type KubernetesApi, startKubernetes } from './kubernetes.fixture.ts';
import { type Postgres, startPostgres } from './postgres.fixture.ts';
import { type CallResult, callWorkflows, processesWith } from './reusable.fixture.ts';
import { needs, programPath } from '../requirements.ts';
import { type Sshd, startSshd } from './ssh.fixture.ts';

const programs = {
  initdb: programPath('initdb'),
  pgCtl: programPath('pg_ctl'),
  psql: programPath('psql'),
};
const { username } = userInfo();

function manifest(name: string): string {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec });
}

const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: {} };

const expectedFailures = /-(continue|stop|denied|inject|broken|fails)$/;

/** The repository that calls the workflows. */
const repository = {
  'scripts/show.sh':
    'echo "stdin: $(cat)"; for word in "$@"; do echo "<$word>"; done; echo "::error::forged"\n',
  'scripts/once.sh': 'mkdir "$1/once"\n',
  'deploy/web.json': manifest('web'),
  'deploy/settings.json': JSON.stringify(settings),
  'broken.json': manifest('broken'),
  'database/prepare.sh': 'echo "before the join: <$TELEPORT_PROXY>"\n',
  'database/migrate.sh':
    'psql -XAt -P pager=off -c "SELECT \'migrated by \' || current_user"\necho "<$1>"\nexit ${2:-0}\n',
};

describe(
  'the reusable workflows',
  needs('linux', 'act', 'ssh', 'sshd', 'kubectl', 'psql', 'initdb', 'pg_ctl'),
  () => {
    let job: RunningJob;
    let sshd: Sshd;
    let kubernetes: KubernetesApi;
    let postgres: Postgres;
    let folder: string;
    let calls: Readonly<Record<string, CallResult>>;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'calls-'));
      job = await startJob(
        '18.2.4',
        { services: '[{type: ssh_host, name: host, principals: [node-1.rig.example.com]}]' },
        {
          bots: { ...defaultBots, ci: { roles: ['access'], logins: [username] } },
          resources: { ...defaultResources, nodes: ['node-1', 'node-2'] },
        },
      );
      const { proxy } = job.testbed;
      sshd = await startSshd(
        programPath('sshd'),
        dirname(job.file('host', 'ssh-host-key')),
        folder,
      );
      proxy.nodes.set('node-1', { host: '127.0.0.1', port: sshd.port });
      kubernetes = await startKubernetes();
      proxy.apiServers.set('prod', kubernetes.url);
      postgres = await startPostgres(programs, proxy.authorities);
      proxy.databases.set('pg', { host: '127.0.0.1', port: postgres.port });
      const all = Object.entries(allCalls());
      // act starts no further job after a failure, so the calls that fail are in a run of their own.
      const [succeeding, failing] = [false, true].map((fails) =>
        callWorkflows(
          job.testbed,
          Object.fromEntries(all.filter(([name]) => expectedFailures.test(name) === fails)),
          repository,
        ),
      );
      calls = { ...(await succeeding), ...(await failing) };
    }, 300_000);
    afterAll(async () => {
      await postgres[Symbol.asyncDispose]();
      await kubernetes[Symbol.asyncDispose]();
      await sshd[Symbol.asyncDispose]();
      await job[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    const marker = () => join(folder, 'injected');
    const allCalls = () => {
      const { proxy, caFile } = job.testbed;
      const common = {
        proxy: proxy.address,
        token: 'ci-github',
        version: 'installed',
        'extra-ca-file': caFile,
        'expected-cluster': 'rig.example.com',
      };
      const inject = `$(touch ${marker()})`;
      const ssh = { ...common, hosts: 'node-1', user: username, script: 'scripts/show.sh' };
      const kubernetesInputs = { 'kubernetes-cluster': 'prod', namespace: 'web', path: 'deploy' };
      const deploy = { ...common, ...kubernetesInputs };
      const database = { service: 'pg', database: 'postgres', username: 'reader' };
      const migrate = { ...common, ...database, command: 'sh database/migrate.sh' };
      const inputs = {
        ssh: {
          ...ssh,
          hosts: 'node-1, node-1.rig.example.com\n',
          arguments: `it's\n${inject}\ntwo  words "quoted" \\n\n`,
        },
        'ssh-continue': {
          ...ssh,
          hosts: 'node-1\nnode-2\nnode-1.rig.example.com',
          script: 'scripts/once.sh',
          arguments: folder,
          'continue-on-failure': true,
        },
        'ssh-stop': { ...ssh, hosts: 'node-2\nnode-1' },
        'ssh-denied': { ...ssh, token: 'other-repo' },
        'ssh-inject': {
          ...ssh,
          hosts: `-oProxyCommand=touch ${marker()}\n${inject}\nnode-1;touch ${marker()}`,
          user: '-oProxyCommand=x',
          script: '../../../../../../../../etc/hostname',
          interpreter: `bash -c 'touch ${marker()}'`,
        },
        deploy,
        'deploy-dry-run': { ...deploy, namespace: 'dry', 'dry-run': true },
        'deploy-broken': { ...deploy, path: 'broken.json' },
        'deploy-inject': {
          ...deploy,
          'kubernetes-cluster': '',
          namespace: `web --kubeconfig=${inject}`,
          path: '../..',
        },
        'deploy-empty-inject': { ...deploy, path: '' },
        migrate: {
          ...migrate,
          prepare: 'sh prepare.sh',
          command: `sh migrate.sh ${inject.replaceAll(' ', '')}`,
          'working-directory': 'database',
        },
        'migrate-certificate': {
          ...migrate,
          connection: 'certificate',
          address: `localhost:${postgres.port}`,
        },
        'migrate-fails': { ...migrate, command: 'sh database/migrate.sh x 3' },
        'migrate-inject': { ...migrate, username: 'reader"\n  name: other\n- type: identity\n' },
        check: {
          ...common,
          hosts: 'node-1',
          user: username,
          'kubernetes-cluster': 'prod',
          application: 'hello',
          'runs-on': '["self-hosted", "linux"]',
        },
        'check-fails': { ...common, hosts: 'node-2, node-1', user: username },
      };
      const workflows = {
        ssh: 'run-over-ssh',
        deploy: 'kubernetes-deploy',
        migrate: 'database-migration',
        check: 'connectivity-check',
      };
      return Object.fromEntries(
        Object.entries(inputs).map(([name, given]) => {
          const [, kind] =
            Object.entries(workflows).find(([start]) => name.startsWith(start)) ?? [];
          return [name, { workflow: kind ?? '', with: given }];
        }),
      );
    };
    const call = (name: string) => {
      const found = calls[name];
      if (found === undefined) throw new Error(`there is no call ${name}`);
      return found;
    };

    it('run a script on servers, with arguments that no shell changes', () => {
      const { result, outputs, log } = call('ssh');
      expect([result, log]).toEqual([
        'success',
        expect.stringContaining('<two  words "quoted" \\n>'),
      ]);
      expect(JSON.parse(outputs['results'] ?? '')).toEqual({
        'node-1': 0,
        'node-1.rig.example.com': 0,
      });
      // Only the outputs of the workflow, not those of its steps.
      expect(Object.keys(outputs).toSorted()).toEqual(['bot', 'cluster', 'failed', 'results']);
      expect(outputs).toMatchObject({ failed: '[]', cluster: 'rig.example.com', bot: 'ci' });
      expect(log).toContain("<it's>");
      expect(log).toContain(`<$(touch ${marker()})>`);
      expect(log).toMatch(/^stdin: $/m);
      // act shows a command that it executes with another sign.
      expect(log).toContain('⚙  ::error::forged');
    });

    it('continue on the remaining servers, or stop, and report each of them', () => {
      const { result, outputs } = call('ssh-continue');
      expect([result, JSON.parse(outputs['results'] ?? '')]).toEqual([
        'failure',
        { 'node-1': 0, 'node-2': 255, 'node-1.rig.example.com': 1 },
      ]);
      expect(outputs['failed']).toBe('["node-2","node-1.rig.example.com"]');
      const stopped = call('ssh-stop');
      expect([stopped.result, stopped.outputs['results']]).toEqual([
        'failure',
        '{"node-2":255,"node-1":null}',
      ]);
      expect(stopped.log).toContain('is offline or does not exist');
    });

    it('fail if the join is denied', () => {
      const { result, outputs, log } = call('ssh-denied');
      expect([result, outputs['results'] ?? '']).toEqual(['failure', '']);
      expect(log).toContain('claims-denied');
    });

    it('reject inputs that are not what they must be, before the join', () => {
      const ssh = call('ssh-inject');
      for (const name of ['hosts', 'user', 'script', 'interpreter'])
        expect(ssh.log).toContain(`Input \`${name}\` must be`);
      const deploy = call('deploy-inject');
      for (const name of ['kubernetes-cluster', 'namespace', 'path'])
        expect(deploy.log).toContain(`Input \`${name}\` must be`);
      const empty = call('deploy-empty-inject');
      expect(empty.log).toContain('Input `path` must be');
      for (const { result, log } of [ssh, deploy, empty]) {
        expect(result).toBe('failure');
        expect(log).not.toContain('Joined');
      }
      expect(existsSync(marker())).toBe(false);
    });

    it('apply manifests and wait for the rollout', () => {
      const { result, outputs, log } = call('deploy');
      expect([result, log]).toEqual([
        'success',
        expect.stringContaining('successfully rolled out'),
      ]);
      expect(JSON.parse(outputs['objects'] ?? '')).toEqual(
        expect.arrayContaining(['deployment.apps/web', 'configmap/settings']),
      );
      expect(outputs).toMatchObject({
        changed: 'true',
        rollouts: '{"deployment.apps/web":"complete"}',
      });
      expect([...kubernetes.objects.keys()]).toContain(
        '/apis/apps/v1/namespaces/web/deployments/web',
      );
    });

    it('show the differences without applying them', () => {
      const { result, outputs, log } = call('deploy-dry-run');
      expect([result, log]).toEqual(['success', expect.stringContaining('+kind: Deployment')]);
      expect(outputs).toMatchObject({ changed: 'true', objects: '[]' });
      expect([...kubernetes.objects.keys()].filter((path) => path.includes('/dry/'))).toEqual([]);
    });

    it('fail if the rollout fails', () => {
      const { result, outputs, log } = call('deploy-broken');
      expect([result, outputs['rollouts']]).toEqual([
        'failure',
        '{"deployment.apps/broken":"failed"}',
      ]);
      expect(log).toContain('exceeded its progress deadline');
    });

    it.each(['migrate', 'migrate-certificate'])('run a migration (%s)', (name) => {
      const { result, outputs, log } = call(name);
      expect([result, log]).toEqual(['success', expect.stringContaining('migrated by reader')]);
      expect(outputs['exit-code']).toBe('0');
    });

    it('run the command of a migration without a shell, and its preparation without credentials', () => {
      const { log } = call('migrate');
      expect(log).toContain(`<$(touch${marker()})>`);
      expect(log).toContain('before the join: <>');
      expect(log.indexOf('before the join')).toBeLessThan(log.indexOf('Joined'));
    });

    it('report the exit code of a migration, and reject a value that is more than a name', () => {
      const failed = call('migrate-fails');
      expect([failed.result, failed.outputs['exit-code']]).toEqual(['failure', '3']);
      const injected = call('migrate-inject');
      expect(injected.result).toBe('failure');
      expect(injected.log).not.toContain('migrated by');
      expect(injected.log).not.toContain('Issued `identity`');
    });

    it('check what the bot can reach', () => {
      const { result, outputs, log } = call('check');
      expect([result, log]).toEqual(['success', expect.stringContaining('HTTP 200')]);
      expect(JSON.parse(outputs['results'] ?? '')).toEqual({
        'ssh/node-1': 'reachable',
        'kubernetes/prod': 'reachable',
        'application/hello': 'reachable',
      });
      expect(outputs).toMatchObject({ roles: '["access"]', 'join-method': 'github' });
      const failed = call('check-fails');
      expect([failed.result, failed.outputs['results']]).toEqual([
        'failure',
        '{"ssh/node-2":"unreachable","ssh/node-1":"reachable"}',
      ]);
    });

    it('leave nothing, not even after a failure', () => {
      const joined = Object.values(calls).filter(({ log }) => log.includes('Joined'));
      expect(joined.length).toBeGreaterThan(8);
      for (const { log } of joined) expect(log).toMatch(/Removed \d+ files/);
      expect(processesWith(`${job.testbed.directory}/tbot`)).toEqual([]);
    });
  },
);
