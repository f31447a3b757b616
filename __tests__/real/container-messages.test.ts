import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, openRecipes, type RecipeFixture } from './recipe.fixture.ts';
import { messages } from './recipes.ts';
import { startSshd } from './ssh.fixture.ts';
import { needs, programPath, type Requirement } from '../requirements.ts';

const container = ['root', 'unshare', 'chroot'] as const;

interface Given {
  readonly open: RecipeFixture;
  /** Folders of the credentials by their names. */
  readonly folders: Readonly<Record<string, string>>;
}

interface Provocation {
  readonly programs: readonly Requirement[];
  /** The server at the port that `words` receives. */
  readonly server?: 'sshd' | 'tls';
  /** The user of the container. Default: root. */
  readonly user?: string;
  /** Credentials whose folders are mounted at their own paths. */
  readonly mounted?: readonly string[];
  /** Mounted at `/in` instead. */
  readonly elsewhere?: string;
  readonly env?: (given: Given) => Readonly<Record<string, string>>;
  readonly words: (given: Given, port: number) => readonly string[];
}

const config = (name: string) => (given: Given) => ({
  KUBECONFIG: `${given.folders[name]}/kubeconfig.yaml`,
});
const pods = () => ['kubectl', 'get', 'pods'];
const login = ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'];
const page = 'https://grafana.example.teleport.sh/';
const database = (port: number) => `host=localhost port=${port} user=reader dbname=postgres`;

/** How to provoke each message of the table. */
const provocations: Readonly<Record<string, Provocation>> = {
  'The connection to the server localhost:8080 was refused': {
    programs: ['kubectl'],
    env: config('plain'),
    words: pods,
  },
  'getting credentials: exec: fork/exec …/tbot: no such file or directory': {
    programs: ['kubectl'],
    mounted: ['plugin'],
    env: config('plugin'),
    words: pods,
  },
  'error loading config file "…": open …: permission denied': {
    programs: ['kubectl'],
    user: '65534',
    mounted: ['plain'],
    env: config('plain'),
    words: pods,
  },
  "Can't open user config file …: No such file or directory": {
    programs: ['ssh'],
    words: ({ folders }) => ['ssh', '-F', `${folders['id']}/ssh_config`, 'x.example.teleport.sh'],
  },
  'exec: …/tbot: not found': {
    programs: ['ssh'],
    mounted: ['id'],
    words: ({ folders }) => {
      const file = ['-F', `${folders['id']}/ssh_config`];
      return ['ssh', ...file, ...login, 'web-1.example.teleport.sh'];
    },
  },
  'no such identity: …: No such file or directory': {
    programs: ['ssh', 'sshd'],
    server: 'sshd',
    elsewhere: 'id',
    words: (_, port) => {
      const direct = ['-o', 'ProxyCommand=none', '-o', 'HostName=127.0.0.1', '-p', `${port}`];
      return ['ssh', '-F', '/in/ssh_config', ...login, ...direct, 'web-1.example.teleport.sh'];
    },
  },
  'No user exists for uid …': {
    programs: ['ssh'],
    user: '1001',
    mounted: ['id'],
    words: ({ folders }) => ['ssh', '-F', `${folders['id']}/ssh_config`, 'x.example.teleport.sh'],
  },
  'could not load PEM client certificate from …': {
    programs: ['curl'],
    words: ({ folders: { app } }) => ['curl', '-sS', '--cert', `${app}/tlscert`, page],
  },
  "unable to set private key file: '…' type PEM": {
    programs: ['curl'],
    elsewhere: 'app',
    words: ({ folders: { app } }) => {
      const shown = ['--cert', '/in/tlscert', '--key', `${app}/key`];
      return ['curl', '-sS', ...shown, page];
    },
  },
  'root certificate file "…" does not exist': {
    programs: ['psql'],
    server: 'tls',
    words: ({ folders: { db } }, port) => {
      const trust = `sslmode=verify-full sslrootcert=${db}/tls.cas`;
      return ['psql', `${database(port)} ${trust}`];
    },
  },
  'certificate present, but not private key file "…"': {
    programs: ['psql'],
    server: 'tls',
    elsewhere: 'db',
    words: ({ folders: { db } }, port) => {
      const shown = `sslmode=require sslcert=/in/tls.crt sslkey=${db}/tls.key`;
      return ['psql', `${database(port)} ${shown}`];
    },
  },
};

const services = `
- { type: identity, name: id }
- { type: kubernetes/v2, name: plain, selectors: [{ name: prod }], disable_exec_plugin: true }
- { type: kubernetes/v2, name: plugin, selectors: [{ name: prod }] }
- { type: application, name: app, app_name: grafana }
- { type: database, name: db, service: pg, database: postgres, username: reader, format: tls }
- { type: ssh_host, name: host, principals: [web-1.example.teleport.sh] }
`;

/** Accepts TLS like PostgreSQL, so that psql reads its files. */
async function agreeToTls(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.write('S'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: { port?: number } = Object(server.address());
  return {
    port: port ?? 0,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

it('every message of the table is provoked', () => {
  const heading = 'Errors and their causes';
  expect(messages(heading).toSorted()).toEqual(Object.keys(provocations).toSorted());
});

describe('a container without the mounted path', needs(...container), () => {
  let given: Given;
  let job: Job;
  beforeAll(async () => {
    const open = await openRecipes('root');
    job = await open.job();
    const { outputs } = await job.play({ uses: 'org/machine-id-action@v1', with: { services } });
    const all: Record<string, { dir: string }> = JSON.parse(outputs['credentials'] ?? '{}');
    const folders = Object.entries(all).map(([name, { dir }]) => [name, dir] as const);
    given = { open, folders: Object.fromEntries(folders) };
  });
  afterAll(async () => {
    await job[Symbol.asyncDispose]();
    await given.open[Symbol.asyncDispose]();
  });
  const listen = async (kind: Provocation['server']) => {
    const host = given.folders['host'] ?? '';
    if (kind === 'sshd') return await startSshd(programPath('sshd'), host, host);
    return kind === 'tls' ? await agreeToTls() : undefined;
  };

  for (const [message, provocation] of Object.entries(provocations))
    it(`shows ${message}`, needs(...provocation.programs), async () => {
      const { user, mounted = [], elsewhere, env, words } = provocation;
      await using server = await listen(provocation.server);
      const own = mounted.map((credential) => given.folders[credential] ?? '');
      const volumes = own.map((folder) => `${folder}:${folder}:ro`);
      if (elsewhere !== undefined) volumes.push(`${given.folders[elsewhere]}:/in:ro`);
      const ran = given.open.containers.run(words(given, server?.port ?? 0), {
        volumes,
        ...(user === undefined ? {} : { user }),
        ...(env === undefined ? {} : { env: env(given) }),
      });
      await expect(ran).rejects.toMatchObject({ stderr: expect.stringMatching(pattern(message)) });
    });
});

/** `…` matches any word, as in the table. */
function pattern(message: string): RegExp {
  const literal = message.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(literal.replaceAll('…', String.raw`\S+`));
}
