import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import type { JoinToken } from '../../testbed/teleport/resources.ts';
import { programPath } from '../requirements.ts';
import { runUnderAct } from './act.fixture.ts';
import { openRecipeFixture, type RecipeFixture } from './credentials-recipes.fixture.ts';
import { startPostgres } from './postgres.fixture.ts';
import { startSshd } from './ssh.fixture.ts';

const { username } = userInfo();

const github: JoinToken = { bot: 'ci', joinMethod: 'github', allow: [{ repository: 'acme/web' }] };
const subscription = '11111111-1111-1111-1111-111111111111';
const azure: JoinToken = { bot: 'ci', joinMethod: 'azure', allow: [{ subscription }] };

/** A cluster with the names that the examples and starter workflows use, and its servers. */
export interface Stand extends AsyncDisposable {
  /** Runs a workflow file of this repository under act and returns the log. */
  play(path: string, event: string, files?: Readonly<Record<string, string>>): Promise<string>;
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
  const tunnelPort = await freePort();
  const running = stack.move();
  return {
    play: async (path, event, files = {}) => await play(recipes, path, event, files, tunnelPort),
    [Symbol.asyncDispose]: async () => await running.disposeAsync(),
  };
}

/** Starts PostgreSQL with the database and the user of the examples. */
async function startOrders(authorities: Parameters<typeof startPostgres>[1]) {
  const [initdb, pgCtl, psql] = [programPath('initdb'), programPath('pg_ctl'), programPath('psql')];
  return await startPostgres({ initdb, pgCtl, psql }, authorities, [
    'CREATE ROLE ci LOGIN',
    'CREATE DATABASE orders OWNER ci',
    '\\connect orders',
    'CREATE MATERIALIZED VIEW sales AS SELECT 42 AS total',
    'ALTER MATERIALIZED VIEW sales OWNER TO ci',
  ]);
}

async function play(
  { testbed }: RecipeFixture,
  path: string,
  event: string,
  files: Readonly<Record<string, string>>,
  tunnelPort: number,
): Promise<string> {
  // The only changes: values of the cluster, the login and the branch, and the check of what is left.
  const substitutions: readonly (readonly [RegExp, string])[] = [
    [
      /^( +)proxy: example\.teleport\.sh:443/gm,
      `$1mirror: ${testbed.downloads.url}\n$1extra-ca-file: ${testbed.caFile}\n$1proxy: ${testbed.proxy.address}`,
    ],
    [/\bubuntu@/g, `${username}@`],
    [/\b15432\b/g, `${tunnelPort}`],
    [/\borg\/templates\/(\S+)@v1$/gm, './$1'],
    [/\$default-branch\b/g, 'main'],
    [/^( +)steps:\n/gm, '$1steps:\n$1  - uses: org/nothing-left@v1\n'],
  ];
  const replace = (text: string): string =>
    substitutions.reduce((changed, [pattern, value]) => changed.replaceAll(pattern, value), text);
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const caller = callerIn(text);
  const workflow = '.github/workflows/deploy.yml';
  const start = caller === undefined ? workflow : '.github/workflows/caller.yml';
  return await runUnderAct({
    event,
    workflow: start,
    files: { [workflow]: replace(text), ...files, ...(caller && { [start]: replace(caller) }) },
    variables: {
      CURL_HOME: testbed.directory,
      // act runs steps in a terminal, where psql opens a pager.
      PAGER: 'cat',
      ...testbed.imds.environment,
      // As on GitHub, only a job with this permission gets the variables.
      ...((caller ?? text).includes('id-token: write') && testbed.github.environment),
    },
  });
}

/** Returns the workflow that calls a reusable workflow, from the comment of the latter. */
function callerIn(text: string): string | undefined {
  const [, jobs] = /^#\n((?:# {3}.*\n)+)/m.exec(text) ?? [];
  return jobs && `on: push\n${jobs.replaceAll(/^# {3}/gm, '')}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: { port?: number } = Object(server.address());
  server.close();
  await once(server, 'close');
  return port ?? 0;
}
