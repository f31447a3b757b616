/** A bot and what it may be: `kind: bot`. */
export interface Bot {
  /** May be empty: such a bot joins and can issue nothing. */
  readonly roles: readonly string[];
  readonly logins: readonly string[];
  /** Seconds; Teleport's own default is 12 hours. */
  readonly maxSessionTtl?: number;
  /** A lock that targets the bot's user is in force. */
  readonly locked?: boolean;
  readonly kubernetesGroups?: readonly string[];
  readonly databaseNames?: readonly string[];
  readonly databaseUsers?: readonly string[];
}

/** One entry of `spec.github.allow`; an absent field allows any value. Source: Teleport's provision-token reference. */
export interface GithubRule {
  readonly repository?: string;
  readonly repository_owner?: string;
  readonly sub?: string;
  readonly workflow?: string;
  readonly environment?: string;
  readonly actor?: string;
  readonly ref?: string;
  readonly ref_type?: string;
}

/** One entry of `spec.azure.allow`; no resource groups allow every one. */
export interface AzureRule {
  readonly subscription: string;
  readonly resource_groups?: readonly string[];
}

/** Fields that every join token has. */
interface TokenBase {
  /** The name of a bot of the cluster. */
  readonly bot: string;
  /** What a joiner becomes; `['Bot']` when absent. */
  readonly roles?: readonly string[];
}

/** A join token: `kind: token`. Its name is the key under which it is given. */
export type JoinToken =
  | (TokenBase & { readonly joinMethod: 'github'; readonly allow: readonly GithubRule[] })
  | (TokenBase & { readonly joinMethod: 'azure'; readonly allow: readonly AzureRule[] });
