import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { makePlan, type Plan, type PlanRequest, portsNeeded } from '../../src/plan.ts';
import { renderConfig } from '../../src/tbot/config.ts';
import { problemOf } from './problem.fixture.ts';

const workdir = '/tmp/machine-id-0011223344556677';

function plan(
  given: Readonly<Record<string, string>> = {},
  changes: Partial<PlanRequest> = {},
): Plan {
  return makePlan({
    inputs: readInputs({ proxy: 'example.com', token: 'ci-github', ...given }, yaml).inputs,
    identity: { method: 'github' },
    tool: { path: '/opt/tbot', version: '18.2.4', source: 'tbot-path' },
    serverVersion: '18.2.4',
    workdir,
    env: { PATH: '/usr/bin' },
    debugging: false,
    caBundle: undefined,
    ports: [],
    ...changes,
  });
}

const background = { mode: 'background' };

function needed(given: Readonly<Record<string, string>>): number {
  return portsNeeded(readInputs({ proxy: 'a', token: 'b', ...given }, yaml).inputs);
}

/** A service with a Unix socket, and a name of this length. */
function withSocket(type: string, length: number, more = ''): string {
  return `[{type: ${type}, name: ${'a'.repeat(length)}${more}}]`;
}

describe('makePlan', () => {
  it('plans one identity by default', () => {
    expect(plan().services).toEqual([
      {
        name: 'identity',
        service: { type: 'identity' },
        dir: `${workdir}/identity`,
      },
    ]);
  });

  it('passes on `allow-reissue`', () => {
    expect(plan({ 'allow-reissue': 'true' }).services[0]?.service).toEqual({
      type: 'identity',
      allow_reissue: true,
    });
  });

  it('plans no services for `[]`', () => {
    const { services, config } = plan({ services: '[]' });
    expect(services).toEqual([]);
    expect(config).toHaveProperty('services', []);
  });

  it('starts tbot in the private directory with its config there', () => {
    expect(plan().command).toEqual({
      path: '/opt/tbot',
      args: ['start', '-c', `${workdir}/tbot.yaml`],
      env: { PATH: '/usr/bin', TELEPORT_ANONYMOUS_TELEMETRY: '0' },
      cwd: workdir,
    });
  });

  it('starts tbot with --debug if step debug logging is on', () => {
    expect(plan({}, { debugging: true }).command.args).toEqual([
      'start',
      '--debug',
      '-c',
      `${workdir}/tbot.yaml`,
    ]);
  });

  it('passes the CA bundle and the telemetry setting to tbot', () => {
    const { env } = plan(
      { 'anonymous-telemetry': 'true' },
      { caBundle: `${workdir}/ca-bundle.pem` },
    ).command;
    expect(env).toMatchObject({
      SSL_CERT_FILE: `${workdir}/ca-bundle.pem`,
      TELEPORT_ANONYMOUS_TELEMETRY: '1',
    });
  });

  it('uses the config keys of the version of tbot', () => {
    const tool = { path: '/opt/tbot', version: '15.0.0-dev', source: 'tbot-path' } as const;
    expect(plan({}, { tool }).config).toMatchObject({
      auth_server: 'example.com:443',
      certificate_ttl: '1h',
    });
  });

  describe('in background mode', () => {
    const services = `
- {type: application-tunnel, app_name: a}
- {type: application-tunnel, app_name: b, listen: "tcp://localhost:0"}
- {type: application-tunnel, app_name: c, listen: "tcp://127.0.0.2:4000"}
- {type: database-tunnel, service: pg, database: d, username: u, listen: "unix://"}
- {type: workload-identity-api, selector: {name: w}}
- {type: ssh-multiplexer}
- {type: identity}
`;

    it('needs a port for diagnostics and for each tunnel without one', () => {
      expect(needed({ app: 'a' })).toBe(0);
      expect(needed(background)).toBe(1);
      expect(needed({ ...background, services })).toBe(3);
      const names = { 'application-tunnel': 'a,b', 'database-tunnel': 'a/b/c' };
      expect(needed({ ...background, ...names, 'kubernetes-cluster': 'a,b' })).toBe(4);
    });

    it('gives each tunnel its address', () => {
      const planned = plan({ ...background, services }, { ports: [5000, 5001, 5002] });
      expect(planned.background).toEqual({ diagnostics: '127.0.0.1:5000', renewalInterval: 1200 });
      expect(planned.services.map(({ listen }) => listen)).toEqual([
        'tcp://127.0.0.1:5001',
        'tcp://localhost:5002',
        'tcp://127.0.0.2:4000',
        `unix://${workdir}/database-tunnel-pg-d-u.sock`,
        `unix://${workdir}/workload-identity-api-w.sock`,
        undefined,
        undefined,
      ]);
      expect(planned.config).toMatchObject({ oneshot: false, diag_addr: '127.0.0.1:5000' });
      const [first, , , , , multiplexer] = Object(planned.config['services']);
      expect(first).toEqual({
        type: 'application-tunnel',
        listen: 'tcp://127.0.0.1:5001',
        app_name: 'a',
      });
      expect(multiplexer).toEqual({
        type: 'ssh-multiplexer',
        destination: { type: 'directory', path: `${workdir}/ssh-multiplexer` },
      });
      expect(plan(background).background).toMatchObject({ diagnostics: '127.0.0.1:0' });
      expect(plan().background).toBeUndefined();
    });

    it.each([
      [{}, '20m'],
      [{ 'certificate-ttl': '30m' }, '10m'],
      [{ 'certificate-ttl': '30m', 'renewal-interval': '30m' }, '30m'],
    ])('renews by %j', (given, interval) => {
      expect(plan({ ...background, ...given }).config).toHaveProperty('renewal_interval', interval);
    });

    it('rejects a path that is too long for a Unix socket', () => {
      const socket = ', listen: "unix://"';
      const longest = 103 - `${workdir}/.sock`.length;
      expect(
        plan({ ...background, services: withSocket('application-proxy', longest, socket) })
          .services,
      ).toHaveLength(1);
      const { code, message } = problemOf(() =>
        plan({ ...background, services: withSocket('application-proxy', longest + 1, socket) }),
      );
      expect(code).toBe('platform');
      expect(message).toContain('104 bytes');
      const multiplexer = withSocket('ssh-multiplexer', longest);
      expect(problemOf(() => plan({ ...background, services: multiplexer })).message).toContain(
        '/v1.sock',
      );
    });
  });

  it('contains no secret of the job except the OIDC request token in the environment', async () => {
    const secret = fc.stringMatching(/^[a-z0-9]{24}$/);
    await fc.assert(
      fc.asyncProperty(secret, secret, async (request, other) => {
        const env = {
          ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example.com',
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: `request-${request}`,
          GITHUB_TOKEN: `other-${other}`,
          INPUT_TOKEN: `other-${other}`,
          TELEPORT_BOT_TOKEN: `other-${other}`,
        };
        const { command, config } = plan({}, { env });
        const rendered = [...command.args, await renderConfig(config)].join('\n');
        expect(rendered).not.toContain(request);
        expect(rendered).not.toContain(other);
        expect(JSON.stringify(command.env)).not.toContain(other);
        expect(command.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']).toBe(`request-${request}`);
      }),
    );
  });
});
