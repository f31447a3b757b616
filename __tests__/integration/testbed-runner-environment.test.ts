import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunner, readAction } from '../../testbed/runner/runner.ts';
import { scriptFolder } from './script-folder.ts';

const { folder, script, play } = scriptFolder();

describe('the environment of a step', () => {
  it('inherits no variables', async () => {
    process.env['FOREIGN_VARIABLE'] = 'of the test';
    const { step } = await play(
      `append('OUTPUT', 'env<<END-OF-IT\\n' + JSON.stringify(process.env) + '\\nEND-OF-IT\\n');
       append('OUTPUT', 'node=' + process.version + '\\n');`,
      { environment: { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1' } },
    );
    delete process.env['FOREIGN_VARIABLE'];
    const env = new Map<string, string>(Object.entries(JSON.parse(step.outputs['env'] ?? '{}')));
    expect(step.outputs['node']).toMatch(/^v24\./);
    for (const name of ['FOREIGN_VARIABLE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']) {
      expect(env.has(name)).toBe(false);
    }
    expect(Object.fromEntries(env)).toMatchObject({
      AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1',
      CI: 'true',
      GITHUB_ACTION: 'it',
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_RUN_ATTEMPT: '1',
      RUNNER_OS: 'Linux',
      RUNNER_TRACKING_ID: expect.stringMatching(/^github_/),
    });
    expect(env.get('PATH')?.split(':')[0]).toBe(process.execPath.replace(/\/node$/, ''));
  });

  it('contains the event', async () => {
    await using runner = await createRunner({ job: { visibility: 'public' } });
    const main = await script(`append('OUTPUT', 'path=' + process.env.GITHUB_EVENT_PATH + '\\n')`);
    const { outputs } = await runner.uses({ main });
    const event: unknown = JSON.parse(await readFile(outputs['path'] ?? '', 'utf8'));
    expect(event).toMatchObject({ repository: { private: false, visibility: 'public' } });
  });

  it('contains inputs and defaults, with a warning for undeclared inputs', async () => {
    await using runner = await createRunner();
    const step = await runner.uses({
      main: await script(`append('OUTPUT', 'all=' + JSON.stringify(
        Object.entries(process.env).filter(([name]) => name.startsWith('INPUT_')).sort()))`),
      declared: { 'with-default': 'yes', empty: 'default', without: undefined },
      inputs: { empty: '', 'two words': 'x', without: 'given' },
    });
    expect(JSON.parse(step.outputs['all'] ?? '')).toEqual([
      ['INPUT_EMPTY', ''],
      ['INPUT_TWO_WORDS', 'x'],
      ['INPUT_WITH-DEFAULT', 'yes'],
      ['INPUT_WITHOUT', 'given'],
    ]);
    expect(step.log).toContain("Unexpected input(s) 'two words', valid inputs are");
    expect(step.log).toContain('  with-default: yes\n');
  });
});

describe('action.yml', () => {
  it('contains scripts and defaults', async () => {
    await writeFile(
      join(folder(), 'action.yml'),
      'inputs:\n  a: { default: 5 }\n  b: {}\nruns: { using: node24, main: dist/m.js, post: dist/p.js }\n',
    );
    expect(await readAction(folder())).toEqual({
      main: join(folder(), 'dist/m.js'),
      post: join(folder(), 'dist/p.js'),
      inputs: { a: '5', b: undefined },
    });
  });
});
