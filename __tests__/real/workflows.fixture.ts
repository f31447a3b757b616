import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { ClusterAuthorities } from '../../testbed/teleport/authorities.ts';
import type { JoinToken } from '../../testbed/teleport/resources.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { programPath } from '../requirements.ts';
import { runUnderAct } from './act.fixture.ts';
import { openRecipeFixture } from './credentials-recipes.fixture.ts';
import { startKubernetes } from './kubernetes.fixture.ts';
import { type Postgres, startPostgres } from './postgres.fixture.ts';
import { freePort, startSshd } from './ssh.fixture.ts';

const { username } = userInfo();

const github: JoinToken = { bot: 'ci', joinMethod: 'github', allow: [{ repository: 'acme/web' }] };
const subscription = '11111111-1111-1111-1111-111111111111';
const azure: JoinToken = { bot: 'ci', joinMethod: 'azure', allow: [{ subscription }] };

/** A run of a workflow. */
export interface Play {
  /** The event that starts it. */
  readonly event: string;
  /** Other files of the repository by their path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether the Kubernetes cluster `prod` accepts deployments. */
  readonly apiServer?: boolean;
  /** A text of the workflow to remove. */
  readonly without?: string;
}

/** A cluster with the names that the examples and starter workflows use, and its servers. */
export interface Stand extends AsyncDisposable {
  /** Runs a workflow file of this repository under act and returns the log. */
  play(path: string, options: Play): Promise<string>;
}

/** Starts the cluster, and the servers whose programs are installed. */
export async function openStand(): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  const tokens = { 'example-bot': github, 'web-bot': github, 'example-bot-azure': azure };
  const recipes = stack.use(await openRecipeFixture(username, tokens));
  const { nodes, databases, authorities } = recipes.testbed.proxy;
  if (programPath('sshd') !== '') {
    const host = stack.use(await recipes.runner());
    const services = '[{type: ssh_host, principals: [web-1.example.teleport.sh]}]';
    const { outputs } = await recipes.begin(host, [{ with: { services } }]);
    const folder = outputs['destination-dir'] ?? '';
    const { port } = stack.use(await startSshd(programPath('sshd'), folder, folder));
    nodes.set('web-1', { host: '127.0.0.1', port });
  }
  if (programPath('initdb') !== '') {
    const { port } = stack.use(await startOrders(authorities));
    databases.set('orders', { host: '127.0.0.1', port });
  }
  const kubernetes = stack.use(await startKubernetes());
  const { apiServers } = recipes.testbed.proxy;
  const running = stack.move();
  return {
    play: async (path, options) => {
      if (options.apiServer) apiServers.set('prod', kubernetes.url);
      else apiServers.delete('prod');
      return await play(recipes.testbed, path, options);
    },
    [Symbol.asyncDispose]: async () => await running.disposeAsync(),
  };
}

/** Starts PostgreSQL with the database, the user and the view of the examples. */
async function startOrders(authorities: ClusterAuthorities): Promise<Postgres> {
  const [initdb, pgCtl, psql] = [programPath('initdb'), programPath('pg_ctl'), programPath('psql')];
  return await startPostgres({ initdb, pgCtl, psql }, authorities, [
    'CREATE ROLE ci LOGIN',
    'CREATE DATABASE orders OWNER ci',
    '\\connect orders',
    'CREATE MATERIALIZED VIEW sales AS SELECT 42 AS total',
    'ALTER MATERIALIZED VIEW sales OWNER TO ci',
  ]);
}

type Substitution = readonly [pattern: RegExp, replacement: string];

/** The only changes of a workflow: the cluster, the user, ports, branches, and a check at the end. */
async function substitutionsFor(testbed: Testbed): Promise<readonly Substitution[]> {
  const { caFile, downloads, proxy } = testbed;
  const inputs = [
    `mirror: ${downloads.url}`,
    `extra-ca-file: ${caFile}`,
    `proxy: ${proxy.address}`,
  ];
  return [
    [/^( +)proxy: example\.teleport\.sh:443/gm, inputs.map((line) => `$1${line}`).join('\n')],
    [/\bubuntu@/g, `${username}@`],
    [/\b15432\b/g, `${await freePort()}`],
    [/\$default-branch\b/g, 'main'],
    // act does not run reusable workflows of other repositories without network access.
    [/\borg\/templates\/(\S+)@v1$/gm, './$1'],
    [/^( +)steps:\n/gm, '$1steps:\n$1  - uses: org/nothing-left@v1\n'],
  ];
}

async function play(testbed: Testbed, path: string, options: Play): Promise<string> {
  const substitutions = await substitutionsFor(testbed);
  const replace = (text: string): string =>
    substitutions.reduce((changed, [pattern, value]) => changed.replaceAll(pattern, value), text);
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const caller = callerIn(text);
  const [called, first] = ['.github/workflows/deploy.yml', '.github/workflows/caller.yml'];
  const mayRequestToken = (caller ?? text).includes('id-token: write');
  return await runUnderAct({
    event: options.event,
    workflow: caller === undefined ? called : first,
    files: {
      [called]: replace(text).replace(options.without ?? '', ''),
      ...(caller !== undefined && { [first]: replace(caller) }),
      ...options.files,
    },
    variables: {
      CURL_HOME: testbed.directory,
      // act runs steps in a terminal, where psql opens a pager.
      PAGER: 'cat',
      ...testbed.imds.environment,
      // GitHub sets these only in jobs with the permission.
      ...(mayRequestToken && testbed.github.environment),
    },
  });
}

/** Returns the workflow that calls a reusable workflow, from the comment of the latter. */
function callerIn(text: string): string | undefined {
  const [, jobs] = /^#\n((?:# {3}.*\n)+)/m.exec(text) ?? [];
  return jobs && `on: push\n${jobs.replaceAll(/^# {3}/gm, '')}`;
}
