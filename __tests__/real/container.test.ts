import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Run,
  service,
  type ServiceStage,
  startServiceStage,
} from '../world/testbed-services.stage.ts';
import { type Container, createContainer } from './container.stage.ts';
import { findProgram } from './programs.ts';

const without = 'no container was entered';
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.log(`skipped: only root may mount and chroot, so ${without}`);
const ready = isRoot && findProgram('unshare', without) && findProgram('chroot', without);
const kubectl = findProgram('kubectl', 'no kubeconfig was used in a container') ?? '';
const curl = findProgram('curl', 'no application was asked from a container') ?? '';
const ssh = findProgram('ssh', 'no ssh_config was read in a container') ?? '';
const clusters = 'selectors: [{name: prod}]';

/** `docker run -v "$DEST:/credentials:ro"`, or a `docker://` step that is given a folder. */
describe.runIf(ready)('a container that sees one mounted folder', () => {
  let stage: ServiceStage;
  let run: Run;
  let container: Container;
  beforeAll(async () => {
    stage = await startServiceStage();
    run = await stage.run('18.2.4', [
      service('plain', 'kubernetes/v2', `${clusters}, disable_exec_plugin: true`),
      service('plugin', 'kubernetes/v2', clusters),
      service('app', 'application', 'app_name: hello'),
      service('id', 'identity'),
    ]);
    copyFileSync(stage.testbed.caFile, join(run.directory, 'ca.pem'));
    container = createContainer({ source: run.directory, target: '/credentials' });
  });
  afterAll(async () => {
    await container[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  it('does not see the host’s own path, nor may it write', async () => {
    const look = container.run(['ls', run.directory], {});
    await expect(look).rejects.toMatchObject({ stderr: expect.stringContaining('No such file') });
    await expect(container.run(['touch', '/credentials/x'], {})).rejects.toMatchObject({
      stderr: expect.stringContaining('Read-only file system'),
    });
  });

  it.runIf(kubectl)('uses a self-contained kubeconfig', async () => {
    const env = { KUBECONFIG: '/credentials/plain/kubeconfig.yaml' };
    const { stdout } = await container.run([kubectl, 'get', 'pods', '-o', 'name'], env);
    expect(stdout).toBe('pod/prod-pod\n');
  });

  it.runIf(kubectl)(
    'cannot use one that runs tbot, and kubectl names what is missing',
    async () => {
      const env = { KUBECONFIG: '/credentials/plugin/kubeconfig.yaml' };
      await expect(container.run([kubectl, 'get', 'pods'], env)).rejects.toMatchObject({
        stderr: expect.stringMatching(/exec.*\/tbot.*(not found|no such file)/),
      });
    },
  );

  it.runIf(curl)('uses certificate and key', async () => {
    const [, port] = stage.testbed.proxy.address.split(':');
    const name = `hello.rig.example.com:${port}`;
    const trust = ['--cacert', '/credentials/ca.pem', '--resolve', `${name}:127.0.0.1`];
    const shown = ['--cert', '/credentials/app/tlscert', '--key', '/credentials/app/key'];
    const words = [curl, '-sS', ...trust, ...shown, `https://${name}/`];
    expect(await container.run(words, {})).toMatchObject({ stdout: 'hello greets bot-ci\n' });
  });

  it.runIf(ssh)('reads an ssh_config whose paths are the host’s', async () => {
    const words = [ssh, '-G', '-F', '/credentials/id/ssh_config', 'node-1.rig.example.com'];
    const { stdout } = await container.run(words, {});
    expect(stdout).toContain(`identityfile ${join(run.directory, 'id', 'key')}\n`);
  });
});
