import { describe, expect, it } from 'vitest';
import type { Recording } from '../recording.ts';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture();

/** Returns the printed lines of a dry run that succeeded, with and without the folded groups. */
function shown(recording: Recording, parts: readonly string[] = ['group', 'info']): string {
  expect(recording.of('fail')).toEqual([]);
  expect(recording.of('output')).toEqual([]);
  expect(recording.of('saveState')).toEqual([]);
  expect(recording.of('exportVariable')).toEqual([]);
  expect(fixture.testbed.proxy.joins).toEqual([]);
  return parts.flatMap((part) => recording.of(part).flat()).join('\n');
}

const dry = { 'dry-run': 'true' };

describe('a dry run', () => {
  it('shows its plan without a group, and does not join', async () => {
    const inputs = { ...dry, app: 'hello', services: '- {type: identity, credential_ttl: 2h}' };
    const recording = await fixture.play({ inputs });
    expect(shown(recording, ['info']).split('\n')).toEqual([
      'Without `dry-run`, this step would:',
      '- use tbot 18.2.4',
      `- join rig.example.com (Teleport 18.2.4) through ${fixture.testbed.proxy.address} with join method \`github\` and join token \`ci-github\``,
      '- issue `identity` (identity)',
      '- issue `application-hello` (application)',
      'Dry run: this step did not join the cluster and issued no credentials.',
      'Nothing to clean up.',
    ]);
    const [inputsGroup, config] = recording.of('group');
    expect(inputsGroup?.slice(0, 5)).toEqual([
      'Inputs',
      `proxy: ${fixture.testbed.proxy.address}`,
      'token: ci-github',
      'join-method: auto (default)',
      'services:',
    ]);
    expect(inputsGroup).toContain('  - {type: identity, credential_ttl: 2h}');
    expect(config?.[0]).toBe('Configuration of tbot 18.2.4');
    expect(config?.join('\n')).toMatch(/credential_ttl: "2h"\n +renewal_interval: "20m"/);
    expect(recording.of('summary')).toEqual([]);
    expect(fixture.testbed.github.requests).toEqual([]);
  });

  it('writes a job summary with `summary: always`', async () => {
    const recording = await fixture.play({ inputs: { ...dry, summary: 'always' } });
    shown(recording);
    expect(recording.of('summary').map(([text]) => text)).toEqual([
      expect.stringMatching(
        /dry run[^]*this step would:\n\n- use tbot 18\.2\.4\n[^]*oneshot: true/,
      ),
    ]);
  });

  it('downloads nothing', async () => {
    const downloads = fixture.testbed.downloads.requests.length;
    const inputs = { ...dry, 'tbot-path': '', mirror: fixture.testbed.downloads.url };
    expect(shown(await fixture.play({ inputs }))).toContain('use tbot 18.2.4');
    expect(fixture.testbed.downloads.requests).toHaveLength(downloads);
  });

  it('shows the values of inputs, and names a FIPS build', async () => {
    const inputs = { ...dry, fips: '1', 'credential-ttl': '2h', app: 'hello\nwiki' };
    const text = shown(
      await fixture.play({ inputs: { ...inputs, 'tbot-path': '', edition: 'ENTERPRISE' } }),
    );
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'certificate-ttl: 2h',
        'join-method: auto (default)',
        'app: hello, wiki',
        '- use tbot 18.2.4 (FIPS build)',
        'fips: true',
      ]),
    );
  });

  it('shows the plan of a job that cannot join, with a notice', async () => {
    const recording = await fixture.play({
      inputs: { ...dry, services: '[]', summary: 'always' },
      env: { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' },
    });
    const text = shown(recording);
    expect(text).toContain('If this job could join, this step would:\n');
    expect(text).toContain('\n- issue no credentials\n');
    expect(recording.of('notice')).toEqual([
      ['machine-id-action', expect.stringContaining('This job cannot join. ')],
    ]);
    expect(recording.of('summary')[0]?.[0]).toContain('This job cannot join. ');
  });

  it.each(['azure', 'circleci'])(
    'shows join method `%s` even if this job cannot use it',
    async (method) => {
      const inputs = { ...dry, 'join-method': method };
      expect(shown(await fixture.play({ inputs }))).toContain(
        ` with join method \`${method}\` and`,
      );
    },
  );

  it('masks secrets first, and shows none', async () => {
    const recording = await fixture.play({
      inputs: { ...dry, 'join-method': 'token', token: 'hunter2hunter2', summary: 'always' },
    });
    expect(shown(recording)).not.toContain('hunter2');
    expect(recording.said[0]).toEqual(['mask', 'hunter2hunter2']);
    const keypair = await fixture.play({
      inputs: {
        ...dry,
        'join-method': 'bound-keypair',
        summary: 'always',
        onboarding: 'bound_keypair: {registration_secret: hunter2hunter2}',
      },
    });
    expect(keypair.said[0]).toEqual(['mask', 'hunter2hunter2']);
    expect(shown(keypair)).not.toContain('hunter2');
    expect(shown(keypair)).toContain(
      '\nonboarding:\n  bound_keypair:\n    registration_secret: "***"\n',
    );
    for (const [summary] of [recording.of('summary'), keypair.of('summary')].flat())
      expect(summary).not.toContain('hunter2');
  });

  it('warns about lifetimes that the cluster does not issue', async () => {
    const recording = await fixture.play({ inputs: { ...dry, 'certificate-ttl': '200h' } });
    shown(recording);
    expect(recording.of('warning')).toEqual([
      ['machine-id-action: ttl', expect.stringContaining('requests at most 168h')],
    ]);
  });

  it('fails like a step without `dry-run` before it joins', async () => {
    const recording = await fixture.play({
      inputs: { ...dry, services: '- {type: identity, credential_ttl: 200h}' },
    });
    expect(recording.of('fail')).toEqual([
      [
        'machine-id-action: ttl',
        expect.stringContaining('is 200h, but tbot 18.2.4 accepts at most 168h'),
      ],
    ]);
    const elsewhere = await fixture.play({ inputs: { ...dry, 'expected-cluster': 'other' } });
    expect(elsewhere.of('fail')[0]?.[0]).toBe('machine-id-action: wrong-cluster');
  });
});
