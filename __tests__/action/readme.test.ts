import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bot, JoinToken } from '../../testbed/teleport/resources.ts';
import { fencesOf, stepsIn, valuesOf } from '../structure/fences.ts';
import { type Fixture, openFixture } from './action.fixture.ts';

/** A resource of Teleport, with the keys that README uses. */
interface Resource {
  readonly kind: string;
  readonly version: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly allow?: { readonly logins: readonly string[] };
    readonly roles?: readonly string[];
    readonly bot_name?: string;
    readonly join_method?: JoinToken['joinMethod'];
    readonly github?: { readonly allow: readonly object[] };
    readonly azure?: { readonly allow: readonly { readonly subscription: string }[] };
  };
}

const fences = fencesOf('README.md');
const resources = fences.filter((body) => /^kind: /m.test(body)).flatMap(readResources);
const workflows = fences.filter((body) => /^jobs:/m.test(body));

function readResources(body: string): readonly Resource[] {
  return JSON.parse(JSON.stringify(valuesOf(body)));
}

function ofKind(kind: string): readonly Resource[] {
  return resources.filter((resource) => resource.kind === kind);
}

function botOf({ spec }: Resource): Bot {
  const roles = spec.roles ?? [];
  const granted = ofKind('role').filter(({ metadata }) => roles.includes(metadata.name));
  return { roles, logins: granted.flatMap((role) => role.spec.allow?.logins ?? []) };
}

function tokenOf({ spec }: Resource): JoinToken {
  const bot = spec.bot_name ?? '';
  if (spec.azure) return { bot, joinMethod: 'azure', allow: spec.azure.allow };
  return { bot, joinMethod: 'github', allow: spec.github?.allow ?? [] };
}

function byName<T>(kind: string, read: (resource: Resource) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(ofKind(kind).map((one) => [one.metadata.name, read(one)]));
}

describe('the resources and workflows of README', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture({
      clusterName: 'example.teleport.sh',
      bots: byName('bot', botOf),
      tokens: byName('token', tokenOf),
    });
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it('are complete', () => {
    expect(resources.map(({ kind, version }) => `${kind} ${version}`)).toEqual([
      'role v7',
      'bot v1',
      'token v2',
      'token v2',
    ]);
    for (const { spec } of ofKind('token')) expect(spec).toHaveProperty(spec.join_method ?? '');
    expect(byName('bot', botOf)['example']?.logins).toEqual(['ubuntu']);
    expect(workflows).toHaveLength(2);
  });

  it.each([
    ['github', workflows[0] ?? ''],
    ['azure', workflows[1] ?? ''],
  ])('issue an identity by %s', async (method, workflow) => {
    const { github, imds } = fixture.testbed;
    const environment = { ...(method === 'azure' ? imds : github).environment };
    const [step] = stepsIn(valuesOf(workflow));
    const { proxy } = fixture.inputs;
    const { step: result, end } = await fixture.job({
      runner: { environment },
      with: { ...step?.inputs, proxy },
    });
    expect(result).toMatchObject({ outcome: 'success', annotations: [] });
    expect(result.outputs).toMatchObject({
      cluster: 'example.teleport.sh',
      bot: 'example',
      'join-method': method,
      roles: '["example-deploy"]',
    });
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });
});
