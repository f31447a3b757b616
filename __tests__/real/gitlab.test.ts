import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { noFaults } from '../../testbed/faults.ts';
import { type OidcIssuer, startOidcIssuer } from '../../testbed/oidc-issuer.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { needs } from '../requirements.ts';
import { fencesOf, valuesOf } from '../structure/fences.ts';
import { openProject, type Project } from './gitlab.fixture.ts';
import { fenceAfter } from './guide.fixture.ts';

const page = 'docs/gitlab.md';
/** Inputs of the component, in place of the documented ones. */
type Inputs = Readonly<Record<string, string>>;

const documented = fencesOf(page).find((body) => /^include:/m.test(body)) ?? '';

/** The folder for files of the job, which the component uses. */
const left = 'echo "left: $(ls -A "$CI_PROJECT_DIR.tmp")"';
const nothingLeft = /^left: $/gm;

describe('the GitLab component', needs('git', 'rsync', 'ssh'), () => {
  let testbed: Testbed;
  let issuer: OidcIssuer;
  let project: Project;
  beforeAll(async () => {
    issuer = await startOidcIssuer();
    testbed = await startTestbed({
      clusterName: 'example.teleport.sh',
      issuers: { gitlab: (domain) => `${issuer.url}/${domain}` },
    });
    project = await openProject();
  });
  afterEach(() => void Object.assign(testbed.faults, noFaults()));
  afterAll(async () => {
    await project[Symbol.asyncDispose]();
    await testbed[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  });

  /** Runs jobs, one after the other, with the component as in the documentation. */
  async function play(
    jobs: Readonly<Record<string, readonly string[]>>,
    variables: Readonly<Record<string, string>>,
    own: Inputs = {},
  ): Promise<readonly string[]> {
    const { include, deploy } = Object(valuesOf(documented)[0]);
    const { component: _, inputs } = include[0];
    const { repository } = project;
    const local = { repository, version: 'main', proxy: testbed.proxy.address };
    const names = Object.keys(jobs);
    const pipeline = {
      include: [{ local: 'templates/machine-id.yml', inputs: { ...inputs, ...local, ...own } }],
      stages: names,
      ...Object.fromEntries(
        names.map((name) => [
          name,
          { ...deploy, image: undefined, rules: undefined, stage: name, script: jobs[name] },
        ]),
      ),
    };
    const cleanup = '  after_script:\n    - !reference [.machine-id, after_script]\n';
    const yaml = stringify(pipeline).replaceAll(
      /^ {2}extends: .*\n/gm,
      (line) => `${line}  allow_failure: true\n${cleanup}    - ${JSON.stringify(left)}\n`,
    );
    const log = await project.run({
      yaml,
      variables: {
        MACHINE_ID_TBOT_PATH: await testbed.tbot(),
        MACHINE_ID_EXTRA_CA_FILE: testbed.caFile,
        ...variables,
      },
    });
    return names.map((name) => ofJob(log, name));
  }

  it('runs the documented job, and cleans up after a failed and a killed one', async () => {
    const { github } = testbed;
    const [works = '', fails = '', killed = ''] = await play(
      {
        works: ['tbot version', 'ssh -F "$MACHINE_ID_OUTPUT_SSH_CONFIG" -G root@node-1 | head -1'],
        fails: ['test -s "$TELEPORT_IDENTITY_FILE"', 'exit 7', 'echo not reached'],
        killed: ['test -s "$TELEPORT_IDENTITY_FILE" && kill -KILL $$', 'echo not reached'],
      },
      { MACHINE_ID_JOIN_METHOD: 'github', ...github.environment },
      { token: 'ci-github' },
    );
    expect(works).toMatch(/^Teleport v18\.2\.4/m);
    expect(works).toContain('Issued `identity`');
    expect(works).toMatch(/^host node-1$/m);
    for (const log of [works, fails, killed]) {
      expect(log).not.toMatch(/^not reached$/m);
      expect(log).toContain('Removed 17 files.');
      expect(log.match(nothingLeft)).toHaveLength(1);
    }
    expect(fails).toContain('WARN 7');
  }, 120_000);

  it('shows the claims of a job that no allow rule matches, and its rule', async () => {
    testbed.faults.tbot = { kind: 'print', lines: ['section_end:1:forged section_start:2:forged'] };
    testbed.proxy.tokens['example-bot-gitlab'] = {
      bot: 'ci',
      joinMethod: 'gitlab',
      allow: [{ project_path: 'acme/other' }],
    };
    const token = await issuer.sign(
      {
        sub: 'project_path:acme/web:ref_type:branch:ref:main',
        project_path: 'acme/web',
        ref: 'main',
        ref_type: 'branch',
        ref_protected: 'true',
        pipeline_source: 'push',
      },
      { issuer: `${issuer.url}/gitlab.com`, audience: 'example.teleport.sh' },
    );
    const [denied = ''] = await play({ denied: ['echo not reached'] }, { TBOT_GITLAB_JWT: token });
    const shown = denied.replaceAll(`${issuer.url}/`, 'https://');
    expect(shown).toContain(fenceAfter(page, 'a push to its branch `main` prints:'));
    expect(denied).toContain('section_end :1:forged section_start :2:forged');
    expect(denied).not.toMatch(/^not reached$/m);
    expect(denied).not.toContain(token);
    expect(denied.match(nothingLeft)).toHaveLength(1);
  }, 120_000);
});

/** Returns what a job printed, without its name in front of each line. */
function ofJob(log: string, name: string): string {
  const line = new RegExp(`^${name} +(?:> ?)?(.*)$`, 'gm');
  return [...log.matchAll(line)].map(([, text]) => text).join('\n');
}
