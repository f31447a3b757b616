/** An error that the cluster returns to the client. */
export class Denial extends Error {
  override readonly name = 'Denial';
}

/** The error messages of a version of Teleport. */
export interface Wording {
  readonly unknownToken: () => string;
  readonly wrongMethod: (asked: string, expected: string) => string;
  readonly roleNotAllowed: () => string;
  readonly azureMismatch: (vmId: string, token: string) => string;
  readonly locked: (user: string) => string;
}

const claims = 'id token claims did not match any allow rules';

/** The same in every version. Source: `lib/githubactions/githubactions.go`. */
export const githubMismatch = claims;

/** Recorded from a cluster 15.0.0-dev, except `roleNotAllowed`, which is from `lib/auth/auth.go`. */
const before17: Wording = {
  unknownToken: () => '"" cannot join the cluster with role "Bot", token expired or not found',
  wrongMethod: (_asked, expected) =>
    `this token is only valid for the ${expected} join method but the node has connected to the wrong endpoint, make sure your node is configured to use the ${expected} join method`,
  roleNotAllowed: () => 'node "" [] cannot join the cluster, the token does not allow "Bot" role',
  azureMismatch: () => 'instance did not match any allow rules',
  locked: (user) => `lock targeting User:${JSON.stringify(user)} is in force`,
};

/** Source: `lib/join/server.go`, `lib/join/azurejoin/azure.go`. */
const from17: Wording = {
  unknownToken: () => 'token expired or not found',
  wrongMethod: (asked, expected) =>
    `client requested join method ${asked}, provision token only supports method ${expected}`,
  roleNotAllowed: () => 'cannot join the cluster, the token does not allow role Bot',
  azureMismatch: (vmId, token) =>
    `instance ${vmId} did not match any allow rules in token ${token}`,
  locked: before17.locked,
};

/** Returns the error messages of a major version. */
export function wordingOf(teleportMajor: number): Wording {
  return teleportMajor < 17 ? before17 : from17;
}
