import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { needs, programPath } from '../requirements.ts';
import { hclFences, resourcesOf } from '../terraform.ts';
import { fencesOf, valuesOf } from './fences.ts';

const page = 'docs/terraform.md';
const fences = hclFences(page);

describe('the HCL of docs/terraform.md', needs('hclfmt'), () => {
  const named = fences.map(({ path = 'a part of a file', body }) => [path, body] as const);

  it.each(named)('%s is valid and formatted', (_, body) => {
    const result = spawnSync(programPath('hclfmt'), { input: body, encoding: 'utf8' });
    expect(result).toMatchObject({ status: 0, stderr: '', stdout: body });
  });
});

describe('docs/terraform.md', () => {
  it('creates the resources of README', () => {
    const resources = fencesOf('README.md')
      .filter((body) => /^kind: /m.test(body))
      .flatMap(valuesOf);
    expect(resourcesOf(page).slice(0, resources.length)).toEqual(resources);
    expect(resources).toHaveLength(4);
  });

  it('imports resources that it creates', () => {
    const imports = fences.flatMap(({ body }) => [
      ...body.matchAll(/^import \{\n {2}to = \w+_(\w+)\.\w+\n {2}id = "(.+)"\n\}$/gm),
    ]);
    const imported = imports.map(([, type, name]) => `${type} ${name}`);
    const created = resourcesOf(page).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(imported).toHaveLength(3);
    for (const one of imported) expect(created).toContain(one);
  });
});
