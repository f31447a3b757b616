import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceTypes } from '../../src/services/index.ts';
import { type RunningJob, startJob } from './job.fixture.ts';
import { environment, needs, programPath } from '../requirements.ts';

const execute = promisify(execFile);
const [kubectl, openssl] = [programPath('kubectl'), programPath('openssl')];
const arn = 'arn:aws:rolesanywhere:eu-central-1:123456789012';
const inputs = {
  app: 'hello',
  database: 'pg/postgres/reader',
  services: `
- type: identity
- { name: mongo, type: database, service: mongo, format: mongo }
- { name: plain, type: kubernetes, kubernetes_cluster: staging, disable_exec_plugin: true }
- { name: plugin, type: kubernetes/v2, selectors: [{ labels: { env: prod } }] }
- { name: host, type: ssh_host, principals: [node-1.rig.example.com] }
- { name: svid, type: workload-identity-x509, selector: { name: build } }
- { name: jwt, type: workload-identity-jwt, selector: { name: build }, audiences: [registry] }
- name: aws
  type: workload-identity-aws-roles-anywhere
  selector: { name: deploy }
  role_arn: arn:aws:iam::123456789012:role/deploy
  profile_arn: ${arn}:profile/1
  trust_anchor_arn: ${arn}:trust-anchor/1
  region: eu-central-1
`,
};

describe.each(['17.4.5', '18.2.4', '19.0.0'])('one join by tbot %s', (version) => {
  let job: RunningJob;
  beforeAll(async () => {
    job = await startJob(version, inputs);
  });
  afterAll(async () => await job[Symbol.asyncDispose]());

  it('issues credentials of every type of oneshot mode with one OIDC token', () => {
    const oneshot = serviceTypes.filter((descriptor) => !('serves' in descriptor));
    const types = job.credentials.map(({ type }) => type);
    expect(types).toHaveLength(10);
    expect(new Set(types)).toEqual(new Set(oneshot.map(({ type }) => type)));
    expect(job.testbed.proxy.joins).toEqual([{ method: 'github', token: 'ci-github', ok: true }]);
    expect(job.testbed.github.requests).toHaveLength(1);
  });

  it('exports an identity with a key and its certificate', needs('openssl'), async () => {
    const script = `
      test "$TELEPORT_PROXY" = "$PROXY"
      openssl x509 -in "$TELEPORT_IDENTITY_FILE" -noout -checkend 60 > /dev/null
      openssl x509 -in "$TELEPORT_IDENTITY_FILE" -noout -pubkey > "$RUNNER_TEMP/certified"
      openssl pkey -in "$TELEPORT_IDENTITY_FILE" -pubout | diff - "$RUNNER_TEMP/certified"
      rm "$RUNNER_TEMP/certified"`;
    const step = await job.later(script, { PROXY: job.testbed.proxy.address });
    expect(step).toMatchObject({ outcome: 'success', raw: '' });
  });

  it('exports all kubeconfigs, with and without a plugin', needs('kubectl'), async () => {
    const contexts = await job.later('kubectl config get-contexts -o name | sort');
    expect(contexts.raw).toBe('rig.example.com-prod\nrig.example.com-staging');
    const pods = 'kubectl --context "rig.example.com-$CLUSTER" get pods -o name';
    for (const CLUSTER of ['prod', 'staging'])
      expect((await job.later(pods, { CLUSTER })).raw).toBe(`pod/${CLUSTER}-pod`);
  });

  it('exports AWS credentials of the session', async () => {
    const step = await job.later('cut -d" " -f1 "$AWS_SHARED_CREDENTIALS_FILE"');
    const keys = ['aws_secret_access_key', 'aws_access_key_id', 'aws_session_token', 'expiration'];
    expect(step.raw.split('\n')).toEqual(['[default]', ...keys]);
  });

  it('masks all secrets in the files', async () => {
    const folders = job.credentials.map(({ dir }) => dir);
    const step = await job.later('cd "$RUNNER_TEMP"; find $FOLDERS -type f -exec cat {} +', {
      FOLDERS: folders.join(' '),
    });
    const paths = job.credentials.flatMap(({ files }) => Object.values(files));
    const secrets = paths.flatMap((path) => secretsOf(readFileSync(path, 'utf8')));
    expect(secrets.length).toBeGreaterThan(20);
    expect(secrets.filter((secret) => !step.raw.includes(secret))).toEqual([]);
    expect(secrets.filter((secret) => step.log.includes(secret))).toEqual([]);
  });

  it(
    'cannot be used after the job, not even with a copied kubeconfig',
    needs('openssl', 'kubectl'),
    async () => {
      const plugin = job.file('plugin', 'kubeconfig');
      const copied = join(job.testbed.directory, 'copied.yaml');
      copyFileSync(plugin, copied);
      const env = { ...environment, HOME: job.testbed.directory };
      const tries = [
        [openssl, 'x509', '-noout', '-in', job.file('svid', 'svid')],
        [openssl, 'x509', '-noout', '-in', job.outputs['identity-file']],
        [kubectl, 'get', 'pods', `--kubeconfig=${plugin}`],
        [kubectl, 'get', 'pods', `--kubeconfig=${copied}`],
      ];
      const outcomes = async () =>
        Promise.all(
          tries.map(async ([program = '', ...words]) =>
            execute(program, words.map(String), { env }).then(
              () => 'done',
              ({ stderr }: { stderr: string }) => stderr,
            ),
          ),
        );
      expect(await outcomes()).toEqual(tries.map(() => 'done'));
      const end = await job.finish();
      expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
      const blank = { AWS_SHARED_CREDENTIALS_FILE: '', KUBECONFIG: '', TELEPORT_IDENTITY_FILE: '' };
      expect(end.posts[0]?.exportedEnv).toMatchObject(blank);
      const gone: unknown = expect.stringMatching(/no such file/i);
      expect(await outcomes()).toEqual(tries.map(() => gone));
    },
  );
});

/** Returns the secrets, found in another way than by the action. */
function secretsOf(text: string): readonly string[] {
  let isKey = false;
  const keys: string[] = [];
  const others: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('-----')) isKey = /^-----BEGIN .*PRIVATE KEY-----$/.test(line);
    else if (isKey && line.length > 20) keys.push(line);
    const [, value] = /^ *(?:client-key-data:|aws_\w+ *=) *(\S{20,})/.exec(line) ?? [];
    if (value !== undefined) others.push(value);
  }
  return [...keys, ...others, ...(text.startsWith('ey') ? [text.trim()] : [])];
}
