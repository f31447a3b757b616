import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { reference } from '../../docs/generate/reference.ts';
import { files, text } from './tree.ts';

const workflows = files(/^workflow-templates\/.*\.yml$/);
const properties = files(/^workflow-templates\/.*\.properties\.json$/);

// Source: https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations
const required = ['name', 'description'];
const optional = ['iconName', 'categories', 'filePatterns'];

// The general categories. Source: README.md of actions/starter-workflows.
const categories = [
  'continuous-integration',
  'deployment',
  'testing',
  'code-quality',
  'code-review',
  'dependency-management',
  'monitoring',
  'automation',
  'utilities',
];

// Source: `icons/<name>-24.svg` of primer/octicons. A new name must exist there.
const octicons = ['rocket', 'server', 'stack', 'terminal'];

/** The properties of a starter workflow. */
interface Properties {
  readonly name: string;
  readonly iconName: string;
  readonly categories: readonly string[];
}

function propertiesOf(path: string): Properties {
  return JSON.parse(text(path));
}

describe('starter workflows', () => {
  it('are pairs of a workflow and its properties', () => {
    const names = workflows.map((path) => basename(path, '.yml'));
    expect(names.length).toBeGreaterThan(3);
    expect(properties.map((path) => basename(path, '.properties.json'))).toEqual(names);
    expect(new Set(properties.map((path) => propertiesOf(path).name)).size).toBe(names.length);
  });

  it.each(properties)('%s has valid properties', (path) => {
    const { iconName, categories: chosen, ...rest } = propertiesOf(path);
    for (const name of required) expect(rest).toHaveProperty(name, expect.stringMatching(/\S/));
    for (const name of Object.keys(rest)) expect([...required, ...optional]).toContain(name);
    expect(octicons.map((name) => `octicon ${name}`)).toContain(iconName);
    expect(chosen.length).toBeGreaterThan(0);
    for (const category of chosen) expect(categories).toContain(category);
  });

  it.each(workflows)('%s uses the default branch, least permissions and pinned actions', (path) => {
    const { on, permissions, jobs } = parse(text(path));
    expect(on.push.branches).toEqual(['$default-branch']);
    expect(permissions).toEqual({});
    for (const job of Object.values<Record<string, object>>(jobs)) {
      const usesCheckout = JSON.stringify(job).includes('actions/checkout@');
      const joinsAsMachine = JSON.stringify(job).includes('azure-client-id');
      expect(job['permissions'] ?? {}).toEqual({
        ...(!joinsAsMachine && { 'id-token': 'write' }),
        ...(usesCheckout && { contents: 'read' }),
      });
    }
    for (const [, action] of text(path).matchAll(/uses: (.*)$/gm))
      if (action !== reference) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});
