import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { text } from '../structure/tree.ts';
import { needs } from '../requirements.ts';
import { cliFixture } from './cli.fixture.ts';

const cli = cliFixture();

/** Returns the commands of an example for the testbed, whose variables are set already. */
function adapted(script: string): string {
  return script
    .replaceAll('node /opt/machine-id-action/dist/machine-id.js', 'machine-id')
    .replaceAll('/tmp/machine-id.env', '"$TMPDIR/machine-id.env"')
    .replaceAll(/^export MACHINE_ID_(PROXY|TOKEN)=.*\n/gm, '')
    .replaceAll(/ssh -F (\S+) \S+ uptime/g, 'ssh -F $1 -G web-1 | head -1; exit 7');
}

function lines(commands: readonly string[]): string {
  return `${['set -e', ...commands].join('\n')}\n`;
}

describe('the commands of the example for', () => {
  it('Bitbucket get credentials and remove them', needs('bash', 'ssh'), async () => {
    const [{ step }] = parse(text('examples/other-systems/bitbucket-pipelines.yml')).pipelines
      .branches.main;
    const env = { BITBUCKET_STEP_UUID: '{1}' };
    const script = await cli.run(adapted(lines(step.script)), { shell: 'bash', env });
    expect(script).toMatchObject({ exit: 7, stdout: 'host web-1\n' });
    expect(await cli.left()).toHaveLength(3);
    const after = await cli.run(adapted(lines(step['after-script'])), { shell: 'bash', env });
    expect(after).toMatchObject({ exit: 0, stderr: 'Removed 17 files.\n' });
    expect(await cli.left()).toEqual([]);
  });

  it('Jenkins get credentials and remove them', needs('bash', 'ssh'), async () => {
    const file = text('examples/other-systems/Jenkinsfile');
    const [, script = ''] = /sh '''\n([^]*?)'''/.exec(file) ?? [];
    const [, post = ''] = /sh '([^'\n]+)'\n/.exec(file) ?? [];
    const env = { BUILD_TAG: 'jenkins-deploy-1', WORKSPACE_TMP: `${cli.folder}/web@tmp` };
    const done = await cli.run(adapted(script), { shell: 'dash', env });
    expect(done).toMatchObject({ exit: 7, stdout: 'host web-1\n' });
    const after = await cli.run(adapted(post), { shell: 'dash', env });
    expect(after).toMatchObject({ exit: 0, stderr: 'Removed 17 files.\n' });
    expect(await readdir(env.WORKSPACE_TMP)).toEqual([]);
  });
});
