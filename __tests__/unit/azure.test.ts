import { TaskCommand, commandFromString } from 'azure-pipelines-task-lib/taskcommand.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textPort } from '../../src/ci/shell/text-port.ts';
import { systemFor } from '../../src/ci/systems.ts';
import { inputTable } from '../../src/inputs/table.ts';

const found = systemFor({ TF_BUILD: 'True', AGENT_TEMPDIRECTORY: '/opt/agent/_temp' });
if (found?.name !== 'azure-pipelines') throw new Error('the system is not recognized');
const system = found;

const env = {};

/** Returns the lines that a function writes. */
function written(use: (write: (line: string) => void) => void): readonly string[] {
  const lines: string[] = [];
  use((line) => lines.push(line));
  return lines;
}

/** Returns the lines of an annotation. */
const annotated = (level: 'notice' | 'warning'): readonly string[] =>
  written((write) => system.annotate?.({ level, title: 'ttl', text: 'one\ntwo' }, { env, write }));

const hostile = fc.string({
  unit: fc.constantFrom('%', '%0A', '%AZP25', '\r', '\n', ']', ';', '=', '##vso[', 'a', ' '),
});

describe('the port of Azure Pipelines', () => {
  it('writes commands that are read as they were written', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const passed = { variables: { KUBECONFIG: value }, path: [], outputs: {} };
        const [line = '', ...others] = written((write) => system.pass?.(passed, { env, write }));
        expect(others).toEqual([]);
        expect(line).toBe(
          new TaskCommand('task.setvariable', { variable: 'KUBECONFIG' }, value).toString(),
        );
        expect(commandFromString(line).message).toBe(value);
      }),
    );
  });

  it('names outputs in camel case, and puts the first folder at the start of PATH', () => {
    const passed = { variables: {}, path: ['/opt/a', '/opt/b'], outputs: { 'ca-file': '/opt/ca' } };
    expect(written((write) => system.pass?.(passed, { env, write }))).toEqual([
      '##vso[task.setvariable variable=caFile;isOutput=true;]/opt/ca',
      '##vso[task.prependpath]/opt/b',
      '##vso[task.prependpath]/opt/a',
    ]);
  });

  it('masks each line of a secret', () => {
    expect(written((write) => system.mask?.('a%b\r\n\n \nc', { env, write }))).toEqual([
      '##vso[task.setsecret]a%AZP25b',
      '##vso[task.setsecret]c',
    ]);
  });

  it('shows errors and warnings as issues, and notices as lines', () => {
    expect(annotated('warning')).toEqual(['##vso[task.logissue type=warning;]ttl: one%0Atwo']);
    expect(annotated('notice')).toEqual(['ttl: one', 'two']);
  });

  it('folds groups, and writes no summary without a temporary directory', async () => {
    expect(written((write) => system.group?.('Log', ['a', 'b'], { env, write }))).toEqual([
      '##[group]Log',
      'a',
      'b',
      '##[endgroup]',
    ]);
    const lines: string[] = [];
    await system.summary?.('# x', { env, write: (line) => lines.push(line) });
    expect(lines).toEqual([]);
  });

  it('keeps the state of a step in a variable of the task', () => {
    expect(written((write) => system.keepState?.('workdir', '/opt/x', { env, write }))).toEqual([
      '##vso[task.settaskvariable variable=machine_id_workdir;]/opt/x',
    ]);
    const later = { VSTS_TASKVARIABLE_MACHINE_ID_WORKDIR: '/opt/x' };
    expect(system.keptState?.('workdir', later)).toBe('/opt/x');
    expect(system.keptState?.('workdir', env)).toBeUndefined();
  });

  it.each([
    ['a ##vso[task.complete]', 'a # #vso[task.complete]'],
    ['###VSO[x]', '## #VSO[x]'],
    ['##[error]x', '# #[error]x'],
    ['#\u200c#v\u200dso[x]', '# \u200c#v\u200dso[x]'],
    ['## [x] #[y]', '## [x] #[y]'],
  ])('prints %j without a command', (text, expected) => {
    expect(system.inert?.(text)).toBe(expected);
  });

  it('names each input as task.json does', () => {
    const { worded } = textPort(system, {
      inputs: {},
      env,
      debugging: false,
      jobName: '',
      write: () => undefined,
    });
    const names = Object.values(inputTable).map(({ name }) => name);
    const inCamelCase = names.map((name) => worded(`\`${name}\``).replaceAll('`', ''));
    expect(inCamelCase).toEqual(Object.keys(inputTable));
  });

  it('distinguishes runs of a pipeline and attempts of a job', () => {
    const job = { SYSTEM_PLANID: 'p1', SYSTEM_JOBID: 'j', SYSTEM_JOBATTEMPT: '1' };
    const keys = [job, { ...job, SYSTEM_PLANID: 'p2' }, { ...job, SYSTEM_JOBATTEMPT: '2' }].map(
      (variables) => system.job(variables).key,
    );
    expect(new Set(keys).size).toBe(3);
    expect(system.job(job)).toMatchObject({ fromFork: false, publicRepository: true });
    expect(system.job({ SYSTEM_PULLREQUEST_ISFORK: 'True' }).fromFork).toBe(true);
  });
});
