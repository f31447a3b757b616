import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultBots } from '../../testbed/defaults.ts';
import {
  type Run,
  service,
  type ServiceStage,
  startServiceStage,
} from '../world/testbed-services.stage.ts';
import { environment, findProgram } from './programs.ts';
import { type Sshd, startSshd } from './ssh.stage.ts';

const execute = promisify(execFile);
const ssh = findProgram('ssh', 'no ssh_config was read by ssh') ?? '';
const sshd = findProgram('sshd', 'nobody logged in') ?? '';
const { username } = userInfo();
const node = 'node-1.rig.example.com';

describe.runIf(ssh).each(['15.0.0-dev', '16.4.0', '17.4.5', '18.2.4', '19.0.0'])(
  'OpenSSH with the files of tbot %s',
  (version) => {
    let stage: ServiceStage;
    let run: Run;
    beforeAll(async () => {
      const ci = { roles: ['access'], logins: [username] };
      stage = await startServiceStage({
        teleportVersion: version,
        bots: { ...defaultBots, ci },
      });
      run = await stage.run(version, [
        service('id', 'identity'),
        service('host', 'ssh_host', `principals: [${node}]`),
        service('other', 'ssh_host', 'principals: [node-2.rig.example.com]'),
      ]);
    });
    afterAll(async () => await stage[Symbol.asyncDispose]());
    const config = () => ['-F', join(run.directory, 'id', 'ssh_config'), '-o', 'BatchMode=yes'];
    const login = async (...options: string[]) =>
      await execute(ssh, [...config(), ...options, `${username}@${node}`, 'echo "on $USER"'], {
        env: environment,
      });
    const serve = async (host: string): Promise<Sshd> => {
      const server = await startSshd(sshd, join(run.directory, host), run.directory);
      stage.testbed.proxy.nodes.set('node-1', { host: '127.0.0.1', port: server.port });
      return server;
    };

    it('understands ssh_config', async () => {
      const { stdout } = await execute(ssh, ['-G', ...config(), node], { env: environment });
      const lines = stdout.split('\n');
      expect(lines).toContain('port 3022');
      expect(lines).toContain(`identityfile ${join(run.directory, 'id', 'key')}`);
      expect(lines).toContain(`certificatefile ${join(run.directory, 'id', 'key-cert.pub')}`);
      expect(lines).toContain(`userknownhostsfile ${join(run.directory, 'id', 'known_hosts')}`);
      expect(stdout).toMatch(/^proxycommand .*tbot.* --cluster='?rig\.example\.com'? /m);
    });

    it.runIf(sshd)('logs in to a server that has the host certificate', async () => {
      await using server = await serve('host');
      const { stdout } = await login();
      expect(stdout).toBe(`on ${username}\n`);
      expect(server.log()).toMatch(/Accepted certificate ID "bot-ci"|Accepted publickey .*-CERT/);
    });

    it.runIf(sshd)('does not trust a server whose certificate is for another name', async () => {
      await using server = await serve('other');
      const failure = login('-o', 'StrictHostKeyChecking=yes');
      await expect(failure).rejects.toMatchObject({
        code: 255,
        stderr: expect.stringMatching(/Certificate invalid: name is not a listed principal/),
      });
      expect(server.log()).not.toContain('Accepted');
    });

    it.runIf(sshd)('is not let in by a login that the bot does not have', async () => {
      await using server = await serve('host');
      const failure = execute(ssh, [...config(), `nobody@${node}`, 'true'], { env: environment });
      await expect(failure).rejects.toMatchObject({
        code: 255,
        stderr: expect.stringContaining('Permission denied (publickey)'),
      });
      expect(server.log()).not.toContain('Accepted');
    });

    it('tells of a node that is not there', async () => {
      const failure = execute(ssh, [...config(), `root@node-9.rig.example.com`], {
        env: environment,
      });
      await expect(failure).rejects.toMatchObject({
        code: 255,
        stderr: expect.stringContaining('offline or does not exist'),
      });
    });
  },
);
