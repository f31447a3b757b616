import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { inputTable } from '../../src/inputs/table.ts';
import { isRecord, parseJson } from '../../src/text/json.ts';
import { needs } from '../requirements.ts';
import { cliFixture } from './cli.fixture.ts';

const cli = cliFixture();

describe('invalid options', () => {
  it('are reported all at once', async () => {
    const { exit, stdout, stderr } = await cli.run(
      'machine-id join --tokne x --mode --proxy a --proxy b extra --foramt=sh --format yaml --ci gitlap --json',
    );
    expect(exit).toBe(2);
    const errors = [
      'Option `--tokne` is unknown: did you mean `--token`?',
      'Option `--mode` requires a value.',
      'Option `--proxy` is set more than once.',
      'An argument belongs to no option: the names of options begin with `--`.',
      'Option `--foramt` is unknown: did you mean `--format`?',
      expect.stringMatching(/^Option `--ci` is `gitlap`, but must be one of .*`shell`\./),
      'Option `--format` is `yaml`, but must be one of `sh`, `dotenv`, `json`.',
    ];
    expect(JSON.parse(stdout)).toEqual({
      code: 'inputs',
      message: '7 options are invalid:',
      errors,
      fix: 'Run `machine-id join --help` to see all options.',
      notes: [],
      documentation: 'docs/problems.md#inputs',
    });
    expect(stderr).toContain('error (inputs): 7 options are invalid:\n- Option `--tokne`');
  });

  it('contain no commands of a log as JSON', async () => {
    const { stdout } = await cli.run(`machine-id join --json --format '##vso[task.a]b'`);
    expect(stdout).not.toContain('##');
    expect(JSON.parse(stdout)).toMatchObject({
      message: expect.stringContaining('`##vso[task.a]b`'),
    });
  });

  it('override variables, and values of both are checked', async () => {
    const env = { MACHINE_ID_MODE: 'both', MACHINE_ID_TOKNE: 'x', MACHINE_ID_TIMEOUT: '1d' };
    const { exit, stderr } = await cli.run(
      'machine-id join --timeout=5m --export-env false --allow-reissue --no-proxy',
      { env },
    );
    expect([exit, stderr]).toEqual([2, expect.stringContaining('`--no-proxy` is unknown')]);
    expect((await cli.run('machine-id join --timeout=5m --allow-reissue', { env })).stderr).toBe(
      `error (inputs): 2 inputs are invalid:
- \`tokne\` is unknown: did you mean \`token\`?
- \`mode\`: \`both\` is not one of oneshot, background.
Correct the options of the command.
See docs/problems.md#inputs
`,
    );
  });

  it.each([
    ['', 'machine-id requires a command.'],
    ['jion', '`jion` is not a command of machine-id. Did you mean `join`?'],
    ['completion fish', 'machine-id completion requires `bash` or `zsh`.'],
  ])('the command line `%s` is not a command', async (args, text) => {
    const { exit, stdout, stderr } = await cli.run(`machine-id ${args}`);
    expect([exit, stdout, stderr]).toEqual([2, '', `${text}\nRun machine-id --help.\n`]);
  });
});

describe('help', () => {
  it('lists every input of the table', async () => {
    const { exit, stdout, stderr } = await cli.run('machine-id join --help');
    expect([exit, stderr]).toEqual([0, '']);
    for (const { name } of Object.values(inputTable)) expect(stdout).toContain(`\n  --${name}`);
  });

  it('shows the commands and the version', async () => {
    const { stdout } = await cli.run('machine-id --help; machine-id --version');
    for (const name of ['join', 'setup', 'scrub', 'dry-run', 'completion'])
      expect(stdout).toContain(`\n  ${name} `);
    expect(stdout).toMatch(/\n\d+\.\d+\.\d+\n$/);
  });
});

/** Completes the last word as bash does, and prints the result. */
function complete(words: string): string {
  return `COMP_WORDS=(machine-id ${words})
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMPREPLY=(); _machine_id; echo "\${COMPREPLY[*]}"`;
}

describe('the completion', () => {
  it('of bash completes commands, options and values', needs('bash'), async () => {
    const { exit, stdout, stderr } = await cli.run(
      `set -eu
      machine-id completion bash > completion
      bash -n completion; . ./completion
      ${['s', 'join --tok', 'join --format ""', 'scrub --st', 'completion z'].map(complete).join('\n')}`,
      { shell: 'bash' },
    );
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'setup scrub',
      '--token',
      'sh dotenv json',
      '--strict',
      'zsh',
      '',
    ]);
  });

  it('of zsh can be read', needs('zsh'), async () => {
    const { exit, stderr } = await cli.run(
      'machine-id completion zsh > completion && zsh -n completion',
    );
    expect([exit, stderr]).toEqual([0, '']);
  });
});

describe('--exports', () => {
  it.each([
    ['is a file of the user', async (path: string) => writeFile(path, 'mine\n')],
    ['is a link', async (path: string) => symlink('elsewhere', path)],
    ['is a directory', async (path: string) => mkdir(path)],
  ])('refuses a path that %s, before the join', async (_, create) => {
    await create(join(cli.folder, 'exports'));
    const { exit, stderr } = await cli.run('machine-id join --exports exports');
    expect([exit, stderr]).toEqual([
      2,
      expect.stringContaining('/exports, which exists and was not written by machine-id.'),
    ]);
    expect(await cli.left()).toEqual([]);
  });

  it('writes the same values in all formats, and replaces its own files', async () => {
    const hostile = join(cli.temp, '$(a) "b" #c \\');
    const { exit } = await cli.run(
      `mkdir "$HOSTILE"; export TMPDIR="$HOSTILE"; umask 0
      : > exports
      machine-id join --exports exports --format json && cp -p exports json || exit
      machine-id join --exports exports --format dotenv && mv exports dotenv || exit
      machine-id scrub`,
      { env: { HOSTILE: hostile } },
    );
    expect(exit).toBe(0);
    const json = parseJson(await readFile(join(cli.folder, 'json'), 'utf8'));
    const dotenv = parseEnv(await readFile(join(cli.folder, 'dotenv'), 'utf8'));
    expect((await stat(join(cli.folder, 'json'))).mode & 0o777).toBe(0o600);
    if (!isRecord(json) || !isRecord(json['variables'])) throw new Error('no variables');
    const { variables } = json;
    for (const values of [variables, dotenv])
      expect(String(values['TELEPORT_IDENTITY_FILE'])).toMatch(
        / "b" #c \\\/machine-id-\w+\/identity/,
      );
    expect(Object.keys(dotenv)).toEqual(
      expect.arrayContaining([...Object.keys(variables), 'PATH']),
    );
    expect(dotenv['PATH']).toContain('/bin:');
  });
});
