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

/** `kind: app`. */
export interface App {
  /** Default: `<name>.<cluster>`. */
  readonly publicAddress?: string;
}

/** `kind: db`. */
export interface Database {
  readonly protocol: 'postgres' | 'mysql' | 'mongodb' | 'cockroachdb';
}

/** `kind: kube_cluster`. */
export interface KubernetesCluster {
  readonly labels: Readonly<Record<string, string>>;
}

/** `kind: workload_identity`. */
export interface WorkloadIdentity {
  /** Path of the SPIFFE id, with the slash in front. */
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly dnsNames?: readonly string[];
}

/** What a bot may be given access to, by name. */
export interface Resources {
  readonly apps: Readonly<Record<string, App>>;
  readonly databases: Readonly<Record<string, Database>>;
  readonly kubernetesClusters: Readonly<Record<string, KubernetesCluster>>;
  readonly workloadIdentities: Readonly<Record<string, WorkloadIdentity>>;
  /** Names of nodes; where they are is `ProxyServer.nodes`. */
  readonly nodes: readonly string[];
}
