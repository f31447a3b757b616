import { Denial } from './denial.ts';
import { type Expected, isIn, verifyOidc } from './oidc.ts';
import type { CircleciRule } from './resources.ts';

/** Verifies the OIDC token of a CircleCI job. Throws a Denial. Source: lib/join/circleci/circleci.go. */
export async function verifyCircleciJob(
  idToken: string,
  allow: readonly CircleciRule[],
  expected: Expected,
): Promise<void> {
  const claims = await verifyOidc(idToken, expected);
  const contexts = new Set([claims['oidc.circleci.com/context-ids']].flat());
  const matches = ({ project_id: project, context_id: context = '' }: CircleciRule): boolean =>
    isIn(project, claims['oidc.circleci.com/project-id']) &&
    (context === '' || contexts.has(context));
  if (!allow.some(matches)) throw new Denial('id token claims did not match any allow rules');
}
