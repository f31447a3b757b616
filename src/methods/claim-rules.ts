import { azureDevopsTable } from './azure-devops-allow.ts';
import { circleciTable } from './circleci-allow.ts';
import { claimRules } from './claim-table.ts';
import type { ClaimRules } from './claims.ts';
import { genericOidcTable } from './generic-oidc-allow.ts';
import { allowEntry, claimNames } from './github-allow.ts';
import { gitlabTable } from './gitlab-allow.ts';
import type { JoinMethod } from './index.ts';

const rules: { readonly [Method in JoinMethod]?: ClaimRules } = {
  github: { names: claimNames, allowEntry },
  gitlab: claimRules(gitlabTable),
  circleci: claimRules(circleciTable),
  azure_devops: claimRules(azureDevopsTable),
  generic_oidc: claimRules(genericOidcTable),
};

/** Returns how the allow rules of a method match claims. Only a failed join loads this. */
export function claimRulesOf(method: JoinMethod): ClaimRules | undefined {
  return rules[method];
}
