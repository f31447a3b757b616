import { execFile } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultBots } from '../../testbed/defaults.ts';
import { type RunningJob, startJob } from './job.fixture.ts';
import { type Sshd, startSshd } from './ssh.fixture.ts';
import { environment, needs, programPath } from '../requirements.ts';

const execute = promisify(execFile);
const [ssh, sshd] = [programPath('ssh'), programPath('sshd')];
const { username } = userInfo();
const node = 'node-1.rig.example.com';
const services = `
- type: identity
- type: ssh_host
  name: host
  principals: [${node}]
- type: ssh_host
  name: other
  principals: [node-2.rig.example.com]
`;

describe.each(['15.0.0-dev', '16.4.0', '17.4.5', '18.2.4', '19.0.0'])(
  'OpenSSH with the files of tbot %s',
  needs('ssh'),
  (version) => {
    let job: RunningJob;
    beforeAll(async () => {
      const ci = { roles: ['access'], logins: [username] };
      job = await startJob(version, { services }, { bots: { ...defaultBots, ci } });
    });
    afterAll(async () => await job[Symbol.asyncDispose]());
    const config = () => ['-F', job.outputs['ssh-config'] ?? '', '-o', 'BatchMode=yes'];
    const login = async (...options: string[]) =>
      await execute(ssh, [...config(), ...options, `${username}@${node}`, 'echo "on $USER"'], {
        env: environment,
      });
    const serve = async (host: string): Promise<Sshd> => {
      const folder = dirname(job.file(host, 'ssh-host-key'));
      const server = await startSshd(sshd, folder, job.testbed.directory);
      job.testbed.proxy.nodes.set('node-1', { host: '127.0.0.1', port: server.port });
      return server;
    };

    it('reads ssh_config', async () => {
      const { stdout } = await execute(ssh, ['-G', ...config(), node], { env: environment });
      const lines = stdout.split('\n');
      expect(lines).toContain('port 3022');
      expect(lines).toContain(`identityfile ${job.file('identity', 'key')}`);
      expect(lines).toContain(`certificatefile ${job.file('identity', 'ssh-certificate')}`);
      expect(lines).toContain(`userknownhostsfile ${job.outputs['known-hosts']}`);
      expect(stdout).toMatch(/^proxycommand .*tbot.* --cluster='?rig\.example\.com'? /m);
    });

    it('logs in to a server with the host certificate', needs('sshd'), async () => {
      await using server = await serve('host');
      const { stdout } = await login();
      expect(stdout).toBe(`on ${username}\n`);
      expect(server.log()).toMatch(/Accepted certificate ID "bot-ci"|Accepted publickey .*-CERT/);
    });

    it('logs in from a later step, as in the README', needs('sshd'), async () => {
      await using server = await serve('host');
      const script = 'ssh -F "$SSH_CONFIG" -o BatchMode=yes "$LOGIN" uptime';
      const env = { SSH_CONFIG: job.outputs['ssh-config'] ?? '', LOGIN: `${username}@${node}` };
      expect(await job.later(script, env)).toMatchObject({ outcome: 'success' });
      expect(server.log()).toContain('Accepted');
    });

    it(
      'does not trust a server with a certificate for another host name',
      needs('sshd'),
      async () => {
        await using server = await serve('other');
        const failure = login('-o', 'StrictHostKeyChecking=yes');
        await expect(failure).rejects.toMatchObject({
          code: 255,
          stderr: expect.stringMatching(/Certificate invalid: name is not a listed principal/),
        });
        expect(server.log()).not.toContain('Accepted');
      },
    );

    it('is rejected with a login that the bot lacks', needs('sshd'), async () => {
      await using server = await serve('host');
      const failure = execute(ssh, [...config(), `nobody@${node}`, 'true'], { env: environment });
      await expect(failure).rejects.toMatchObject({
        code: 255,
        stderr: expect.stringContaining('Permission denied (publickey)'),
      });
      expect(server.log()).not.toContain('Accepted');
    });

    it('reports an unknown node', async () => {
      const failure = execute(ssh, [...config(), `root@node-9.rig.example.com`], {
        env: environment,
      });
      await expect(failure).rejects.toMatchObject({
        code: 255,
        stderr: expect.stringContaining('offline or does not exist'),
      });
    });

    // The last test, because it ends the job.
    it(
      'cannot log in after the job, not even with a copied ssh_config',
      needs('sshd'),
      async () => {
        await using server = await serve('host');
        const copied = join(job.testbed.directory, 'ssh_config');
        copyFileSync(job.outputs['ssh-config'] ?? '', copied);
        const words = ['-F', copied, '-o', 'BatchMode=yes', `${username}@${node}`, 'true'];
        await execute(ssh, words, { env: environment });
        expect(server.log()).toContain('Accepted');
        const before = server.log().length;
        expect(await job.finish()).toMatchObject({ leftInTemp: [], orphans: [] });
        await expect(login()).rejects.toMatchObject({
          code: 255,
          stderr: expect.stringContaining("Can't open user config file"),
        });
        await expect(execute(ssh, words, { env: environment })).rejects.toMatchObject({
          code: 255,
        });
        expect(server.log().slice(before)).not.toContain('Accepted');
      },
    );
  },
);
