import { describe, expect, it } from 'vitest';
import { defaultClaims } from '../../testbed/github/token.ts';
import { codesIn, tableBelow } from '../structure/tables.ts';
import { text } from '../structure/tree.ts';
import { explainLog, joinContext } from './diagnosis.fixture.ts';

const page = 'docs/incident.md';

describe('the reasons for a denied join in docs/incident.md', () => {
  const { head, rows } = tableBelow(page, '## Why a join was denied');
  const [error = '', code = '', message = ''] = head;
  const cases = rows.map((row) => [
    codesIn(row[error])[0] ?? '',
    /problems\.md#([a-z-]+)/.exec(row[code] ?? '')?.[1] ?? '',
    codesIn(row[message])[0] ?? '',
  ]);

  it.each(cases)('%s is reported as %s: %s', async (cause, expected, part) => {
    const method = /azure|method/.test(expected) ? 'azure' : 'github';
    const context = { ...joinContext({ method }, '15.0.0'), token: 'example-bot' };
    const { problem } = await explainLog([`ERROR: ${cause}`], context);
    expect(problem.code).toBe(expected);
    expect(problem.message).toContain(part);
  });

  it('exist', () => {
    expect(cases.length).toBeGreaterThan(5);
  });
});

describe('the join event in docs/incident.md', () => {
  const [, body = ''] = /```json\n([\s\S]*?)```/.exec(text(page)) ?? [];
  const event: Readonly<Record<string, unknown>> = JSON.parse(body);
  const attributes = new Map(Object.entries(Object(event['attributes'])));

  it('has the claims of an OIDC token', () => {
    const claims = { environment: '', ...defaultClaims() };
    expect(Object.keys(claims)).toEqual(expect.arrayContaining([...attributes.keys()]));
  });

  it('has the fields that the page names', () => {
    const named = [...text(page).matchAll(/\battributes\.(\w+)/g)].map(([, name]) => name);
    expect(named).toContain('run_attempt');
    expect([...attributes.keys()]).toEqual(expect.arrayContaining(named));
  });

  it('leads to the run of the page', () => {
    const [template = ''] = /https:\/\/.*\/attempts\/\{.*\}/.exec(text(page)) ?? [];
    const url = template.replaceAll(/\{attributes\.(\w+)\}/g, (_, name: string) =>
      String(attributes.get(name)),
    );
    expect(url).toBe('https://github.com/acme/web/actions/runs/9000000001/attempts/1');
    expect(text(page)).toContain(`\`${url.replace('/attempts/1', '')}\``);
  });
});
