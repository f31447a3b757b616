import type { ClaimRules } from './claims.ts';
import { allowEntry, claimNames } from './github-allow.ts';
import { gitlabClaims } from './gitlab-allow.ts';
import type { JoinMethod } from './index.ts';

const rules: { readonly [Method in JoinMethod]?: ClaimRules } = {
  github: { names: claimNames, allowEntry },
  gitlab: gitlabClaims,
};

/** Returns how the allow rules of a method match claims. Only a failed join loads this. */
export function claimRulesOf(method: JoinMethod): ClaimRules | undefined {
  return rules[method];
}
