import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { reference } from '../../docs/generate/reference.ts';
import { fencesOf, mappingsIn, valuesOf } from './fences.ts';
import { files, text } from './tree.ts';

const documents = files(/\.md$/);
const { outputs }: { outputs: object } = parse(text('action.yml'));
const workflows = files(/^(\.github\/workflows|examples|workflow-templates)\/.*\.yml$/);

function runsScript(body: string, step: string): boolean {
  return mappingsIn(valuesOf(body)).some((one) => one.get('id') === step && one.has('run'));
}

describe('YAML', () => {
  it.each([...documents, ...workflows])('in %s is valid', (path) => {
    const problems = fencesOf(path)
      .flatMap((body) => parseAllDocuments(body))
      .flatMap(({ errors, warnings }) => [...errors, ...warnings]);
    expect(problems).toEqual([]);
  });

  it.each([...documents, ...workflows])('in %s uses outputs of existing steps', (path) => {
    for (const body of fencesOf(path))
      for (const [, step = '', output] of body.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
        expect(body).toMatch(new RegExp(`\\bid: ${step}$`, 'm'));
        if (!runsScript(body, step)) expect(Object.keys(outputs)).toContain(output);
      }
  });
});

describe('documents', () => {
  it.each(documents)('%s names existing files', (path) => {
    const named = text(path).matchAll(
      /`((?:src|testbed|__tests__|docs|examples|\.ci)\/[\w./-]+)`/g,
    );
    for (const [, name = ''] of named)
      expect(files(/./).filter((file) => `${file}/`.startsWith(`${name}/`))).not.toEqual([]);
  });

  it('and all other files contain no path of a development machine', () => {
    const ours = /\/work\/(main|shared)\b|\/tmp\/spec\b|(?<![\w.>}])\/root\//;
    expect(files(/./).filter((path) => ours.test(text(path)))).toEqual([]);
  });
});

describe('workflows', () => {
  it.each(files(/^\.github\/workflows\/.*\.yml$/))('%s pins its actions', (path) => {
    const used = [...text(path).matchAll(/uses: (?!\.\/)(.*)$/gm)].map(([, action]) => action);
    const [name = '', ref = ''] = reference.split('@');
    for (const action of used)
      if (!action?.startsWith(name) || !action.endsWith(`@${ref}`))
        expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(files(/^\.github\/workflows\/.*\.yml$/))('%s runs existing scripts', (path) => {
    const { scripts }: { scripts: object } = JSON.parse(text('package.json'));
    for (const [, name] of text(path).matchAll(/npm run (?:-s )?([\w-]+)/g))
      expect(Object.keys(scripts)).toContain(name);
  });
});
