import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  calm,
  created,
  errorOf,
  logOf,
  type Sketch,
  type Fixture,
  startFixture,
} from './testbed-teleport.fixture.ts';
import { needs } from '../requirements.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture('15.0.0-dev');
});
beforeEach(() => calm(fixture.faults));
afterAll(async () => await fixture[Symbol.asyncDispose]());

function at(path: string): Sketch {
  return { outputs: `  - type: identity\n    destination: {type: directory, path: ${path}}` };
}

describe('an identity output', () => {
  const failed = 'generating impersonated certs for output: identity (directory: $DEST/id)\n';
  const withRole = `  - type: identity\n    destination: {type: directory, path: $DEST/id}\n    roles: [nope]`;

  it('fails if it requests a role that the bot lacks', async () => {
    expect(errorOf(await fixture.fail({ outputs: withRole }))).toBe(
      `${failed}role nope is not found`,
    );
    expect(fixture.files('id')).toEqual(['.write-test']);
  });

  it('fails for a bot without roles', async () => {
    const ending = await fixture.fail({ token: 'no-roles' });
    expect(errorOf(ending)).toMatch(/\nat least one role request is required$/);
    expect(fixture.files()).toEqual(['.write-test']);
  });

  it('may have an unknown key', async () => {
    const outputs = `  - type: identity\n    destination: {type: directory, path: $DEST/id}\n    surprise: 1`;
    expect(await fixture.start({ outputs })).toMatchObject({ code: 0 });
    expect(fixture.files('id')).toHaveLength(11);
  });
});

describe('a configuration is rejected', () => {
  const parsing = 'loading bot config from path k.yaml\nfailed parsing config file: ';
  it.each<[string, Sketch, string]>([
    [
      'unknown root key',
      { root: 'surprise: 1' },
      'yaml: unmarshal errors:  line 8: field surprise not found in type config.BotConfig',
    ],
    [
      'proxy_server',
      { root: 'proxy_server: rig.example.com:443' },
      'yaml: unmarshal errors:  line 8: field proxy_server not found in type config.BotConfig',
    ],
    [
      'services',
      { root: 'services: []' },
      'yaml: unmarshal errors:  line 8: field services not found in type config.BotConfig',
    ],
    [
      'unknown type',
      { outputs: '  - type: nope\n    destination: {type: directory, path: /x}' },
      'unrecognized output type (nope)',
    ],
  ])('%s', async (_name, sketch, error) => {
    const ending = await fixture.fail(sketch);
    expect(ending.stderr).toBe(`ERROR: ${parsing}${error}\n\n`);
    expect(fixture.files()).toEqual([]);
  });

  it('if it cannot be read', async () => {
    const ending = await fixture.run(['start', '-c', 'missing.yaml']);
    expect(errorOf(ending)).toBe(
      'loading bot config from path missing.yaml\nfailed to open file: missing.yaml',
    );
  });

  it('without a join method', async () => {
    expect(errorOf(await fixture.fail({ method: '""' }))).toBe('join method must be provided');
  });
});

describe('the environment', () => {
  it('replaces `onboarding` with TELEPORT_BOT_TOKEN', async () => {
    const ending = await fixture.fail({}, { TELEPORT_BOT_TOKEN: 'ci-github' });
    expect(ending.stderr).toBe(
      'WARN [TBOT]      CLI parameters are overriding onboarding config from k.yaml config/config.go:631\nERROR: join method must be provided\n\n',
    );
  });

  it('ignores TELEPORT_PROXY', async () => {
    const ending = await fixture.start({}, { TELEPORT_PROXY: 'other.example.com:443' });
    expect(ending.code).toBe(0);
  });

  it('replaces the address with TELEPORT_AUTH_SERVER', async () => {
    const ending = await fixture.fail({}, { TELEPORT_AUTH_SERVER: 'other.example.invalid:443' });
    expect(logOf(ending)).toEqual([
      'WARN [TBOT]      CLI parameters are overriding auth server configured in k.yaml config/config.go:567',
      created,
    ]);
    expect(errorOf(ending)).toContain('lookup other.example.invalid on ');
  });
});

describe('an invalid destination', () => {
  it('cannot be created', needs('linux'), async () => {
    const ending = await fixture.fail(at('/proc/nope'));
    expect(ending.stderr).toBe('ERROR: mkdir /proc/nope: no such file or directory\n\n');
  });

  it('is a file', async () => {
    const path = join(fixture.folder, 'plain');
    writeFileSync(path, '');
    chmodSync(path, 0o600);
    const ending = await fixture.fail(at(path));
    expect(errorOf(ending)).toBe(`Path "${path}" already exists and is not a directory`);
  });
});
