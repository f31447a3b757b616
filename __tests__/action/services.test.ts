import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, openFixture, type Fixture } from './action.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('one call for several credentials', () => {
  it('publishes all of them for later steps and removes them in post', async () => {
    await using runner = await fixture.runner();
    const step = await fixture.uses(runner, {
      inputs: {
        ...fixture.inputs,
        services: '- type: identity\n- {type: application, app_name: hello}\n',
        database: 'pg/app/ci',
        'kubernetes-cluster': 'prod, staging',
      },
    });
    expect(step).toMatchObject({ outcome: 'success', annotations: [] });
    const names = Object.keys(JSON.parse(step.outputs['credentials'] ?? '{}'));
    expect(names).toEqual([
      'identity',
      'application-hello',
      'kubernetes-prod',
      'kubernetes-staging',
      'database-pg-app-ci',
    ]);
    const later = await runner.run('grep -c client-key-data "$KUBECONFIG"; cat "$KUBECONFIG"');
    expect(later.log).toMatch(/client-key-data: \*\*\*/);
    const end = await runner.finish();
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
    expect(end.posts[0]?.exportedEnv).toMatchObject({ KUBECONFIG: '', TELEPORT_IDENTITY_FILE: '' });
  });

  it('reports all errors with their positions', async () => {
    const { step } = await fixture.job({
      with: { services: '- {type: applicaton}\n- {type: database, servce: pg}\n', app: ',' },
    });
    expect(codesOf(step)).toEqual(['inputs']);
    expect(step.log).toContain(
      '- `services`, line 1, column 10: unknown service type. Did you mean `application`?',
    );
    expect(step.log).toContain(
      '- `services`, line 2, column 20: `database` has no key `servce`. Did you mean `service`?',
    );
    expect(step.log).toContain('- `app`: it contains only separators.');
  });

  it('shows the plan in a dry run', async () => {
    const { step, end } = await fixture.job({ with: { 'dry-run': 'true', app: 'hello' } });
    expect(step).toMatchObject({ outcome: 'success', outputs: {} });
    expect(step.log).toContain('app_name: "hello"');
    expect(end.leftInTemp).toEqual([]);
  });
});
