import { describe, expect, it } from 'vitest';
import type { Recording } from '../recording.ts';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture();

function shown(recording: Recording): string {
  expect(recording.of('fail')).toEqual([]);
  expect(recording.of('output')).toEqual([]);
  expect(recording.of('saveState')).toEqual([]);
  expect(recording.of('exportVariable')).toEqual([]);
  expect(fixture.testbed.proxy.joins).toEqual([]);
  return [...recording.of('group'), ...recording.of('info')].flat().join('\n');
}

const dry = { 'dry-run': 'true' };

describe('a dry run', () => {
  it('shows plan and config and joins nothing', async () => {
    const inputs = { ...dry, app: 'hello', services: '- {type: identity, credential_ttl: 2h}' };
    const text = shown(await fixture.play({ inputs }));
    expect(text).toContain('Cluster rig.example.com, version 18.2.4');
    expect(text).toContain('Use tbot 18.2.4');
    expect(text).toContain('Join by github with the token ci-github');
    expect(text).toContain('Issue `application-hello` (application)');
    expect(text).toMatch(/credential_ttl: "2h"\n +renewal_interval: "20m"/);
    expect(fixture.testbed.github.requests).toEqual([]);
  });

  it('downloads nothing', async () => {
    const downloads = fixture.testbed.downloads.requests.length;
    const inputs = { ...dry, 'tbot-path': '', mirror: fixture.testbed.downloads.url };
    expect(shown(await fixture.play({ inputs }))).toContain('Use tbot 18.2.4');
    expect(fixture.testbed.downloads.requests).toHaveLength(downloads);
  });

  it('shows the inputs as they are understood, and a FIPS build as one', async () => {
    const inputs = { ...dry, fips: '1', 'credential-ttl': '2h', app: 'hello\nwiki' };
    const text = shown(
      await fixture.play({ inputs: { ...inputs, 'tbot-path': '', edition: 'ENTERPRISE' } }),
    );
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'certificate-ttl: 2h',
        'join-method: auto (default)',
        'app: hello, wiki',
        'Use tbot 18.2.4, a FIPS build',
        'fips: true',
      ]),
    );
  });

  it('works in a job that could not join, and says so', async () => {
    const recording = await fixture.play({
      inputs: { ...dry, services: '[]' },
      env: { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' },
    });
    expect(shown(recording)).toContain('Issue nothing');
    expect(recording.of('notice')).toEqual([
      ['machine-id-action', expect.stringContaining('This job could not join')],
    ]);
  });

  it.each(['azure', 'circleci'])(
    'shows the method %s also where it would not work',
    async (method) => {
      const inputs = { ...dry, 'join-method': method };
      expect(shown(await fixture.play({ inputs }))).toContain(`Join by ${method} with`);
    },
  );

  it('shows no secret, and masks it first', async () => {
    const recording = await fixture.play({
      inputs: { ...dry, 'join-method': 'token', token: 'hunter2hunter2' },
    });
    expect(shown(recording)).not.toContain('hunter2');
    expect(recording.said[0]).toEqual(['mask', 'hunter2hunter2']);
    const keypair = await fixture.play({
      inputs: {
        ...dry,
        'join-method': 'bound-keypair',
        onboarding: 'bound_keypair: {registration_secret: hunter2hunter2}',
      },
    });
    expect(keypair.said[0]).toEqual(['mask', 'hunter2hunter2']);
    expect(shown(keypair)).not.toContain('hunter2');
    expect(shown(keypair)).toContain('registration_secret: "***"');
  });

  it('warns of what the cluster will not give', async () => {
    const recording = await fixture.play({ inputs: { ...dry, 'certificate-ttl': '200h' } });
    shown(recording);
    expect(recording.of('warning')).toEqual([
      ['machine-id-action: ttl', expect.stringContaining('requests at most 168h')],
    ]);
  });

  it('fails as the real one would before it joins', async () => {
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
