import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencesOf, stepsIn, valuesOf } from '../structure/fences.ts';
import { type Fixture, openFixture } from './action.fixture.ts';
import { resourcesOf } from './resources.fixture.ts';

const { kinds, bots, tokens } = resourcesOf('README.md');
const workflows = fencesOf('README.md').filter((body) => /^jobs:/m.test(body));

describe('the resources and workflows of README', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture({ clusterName: 'example.teleport.sh', bots, tokens });
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it('are complete', () => {
    expect(kinds).toEqual(['role v7', 'bot v1', 'token v2', 'token v2']);
    expect(bots['example']?.logins).toEqual(['ubuntu']);
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
