import { describe, expect, it } from 'vitest';
import { contextForMarker, contextFromMarker } from '../../src/background/context.ts';
import type { JoinContext } from '../../src/tbot/diagnosis/explain.ts';
import { ciWith } from '../recording.ts';

const { job } = ciWith({ GITHUB_REPOSITORY: 'acme/web' });
const join: JoinContext = {
  endpoint: { kind: 'proxy', address: 'example.teleport.sh:443' },
  cluster: 'example.teleport.sh',
  token: 'ci',
  identity: { method: 'azure', onboarding: { azure: { client_id: 'x' } } },
  tbotVersion: '18.2.4',
  job,
};

/** Writes a context to a marker and reads it in a later step. */
function passed(changes: Partial<JoinContext> = {}, marked: object = {}) {
  const given = { join: { ...join, ...changes }, extraCaFile: '/ca.pem', summary: false };
  const json: Readonly<Record<string, unknown>> = JSON.parse(
    JSON.stringify({ ...contextForMarker(given), ...marked }),
  );
  return contextFromMarker({ log: 'tbot.log', ready: true, context: json }, job);
}

describe('the context of a renewal', () => {
  it('passes through the marker, with the facts of the later step', () => {
    expect(passed()).toEqual({ join, extraCaFile: '/ca.pem', summary: false });
  });

  it('contains neither the parameters of a join with a secret nor the CA pins', () => {
    const secret = { bound_keypair: { registration_secret: 'hush' } };
    const identity = { method: 'bound_keypair', onboarding: secret } as const;
    const endpoint = { kind: 'auth-server', address: 'a:3025', caPins: ['sha256:00'] } as const;
    const context = passed({ identity, endpoint, token: undefined });
    expect(context?.join).toMatchObject({
      identity: { method: 'bound_keypair' },
      endpoint: { ...endpoint, caPins: [] },
      token: undefined,
    });
    expect(JSON.stringify(context)).not.toContain('hush');
  });

  it.each([
    { endpoint: 1 },
    { endpoint: { kind: 'other', address: 'a' } },
    { endpoint: { kind: 'proxy' } },
    { identity: 'x' },
    { identity: { method: 'magic' } },
    { tbotVersion: 18 },
  ])('is ignored if it is damaged: %o', (marked) => {
    expect(passed({}, marked)).toBeUndefined();
  });

  it('ignores parameters that are not mappings', () => {
    const identity = { method: 'azure', onboarding: { azure: 'x' } };
    expect(passed({}, { identity })?.join.identity).toEqual({ method: 'azure' });
  });
});
