/** `kind: bot`. */
export interface Bot {
  /** If empty, the bot can join, but no credentials can be issued. */
  readonly roles: readonly string[];
  readonly logins: readonly string[];
  /** Seconds. Teleport's default is 12 hours. */
  readonly maxSessionTtl?: number;
  /** Whether the bot's user is locked. */
  readonly locked?: boolean;
  readonly kubernetesGroups?: readonly string[];
  readonly databaseNames?: readonly string[];
  readonly databaseUsers?: readonly string[];
}

/** One entry of `spec.github.allow`; an absent field matches any value. Source: Teleport's provision-token reference. */
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

/** One entry of `spec.azure.allow`. Without resource groups, it matches all of them. */
export interface AzureRule {
  readonly subscription: string;
  readonly resource_groups?: readonly string[];
}

/** One entry of `spec.azure_devops.allow`; an absent field matches any value. */
export interface AzureDevopsRule {
  readonly sub?: string;
  readonly project_name?: string;
  readonly pipeline_name?: string;
  readonly project_id?: string;
  readonly definition_id?: string;
  readonly repository_uri?: string;
  readonly repository_version?: string;
  readonly repository_ref?: string;
}

/** One entry of `spec.gitlab.allow`; an absent field matches any value. The fields have the names of claims. */
export interface GitlabRule {
  readonly sub?: string;
  readonly ref?: string;
  readonly ref_type?: string;
  readonly namespace_path?: string;
  readonly project_path?: string;
  readonly pipeline_source?: string;
  readonly environment?: string;
}

/** One entry of `spec.circleci.allow`; an absent field matches any value. */
export interface CircleciRule {
  readonly project_id?: string;
  readonly context_id?: string;
}

/** One entry of `spec.generic_oidc.allow_any`, all of whose conditions must match. */
export interface GenericOidcRule {
  readonly conditions: readonly {
    readonly attribute: string;
    readonly eq: { readonly value: string };
  }[];
}

/** `spec.generic_oidc`, without rules for nested claims. Source: Teleport's provision-token reference. */
export interface GenericOidcRules {
  readonly issuer: string;
  readonly audience: string;
  readonly must_match_fields?: Readonly<Record<string, string>>;
  readonly allow_any?: readonly GenericOidcRule[];
}

/** The fields of every join token. */
interface TokenBase {
  /** The name of a bot of the cluster. */
  readonly bot: string;
  /** Default: `['Bot']`. */
  readonly roles?: readonly string[];
}

/** `kind: token`. The key is its name. */
export type JoinToken =
  | (TokenBase & { readonly joinMethod: 'github'; readonly allow: readonly GithubRule[] })
  | (TokenBase & { readonly joinMethod: 'azure'; readonly allow: readonly AzureRule[] })
  | (TokenBase & {
      readonly joinMethod: 'azure_devops';
      readonly organizationId: string;
      readonly allow: readonly AzureDevopsRule[];
    })
  | (TokenBase & {
      readonly joinMethod: 'gitlab';
      /** Host name of the GitLab instance. Default: `gitlab.com`. */
      readonly domain?: string;
      readonly allow: readonly GitlabRule[];
    })
  | (TokenBase & {
      readonly joinMethod: 'circleci';
      readonly organizationId: string;
      readonly allow: readonly CircleciRule[];
    })
  | (TokenBase & { readonly joinMethod: 'generic_oidc' } & GenericOidcRules);

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
  /** Path of the SPIFFE ID, with a leading slash. */
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly dnsNames?: readonly string[];
}

/** The resources of a cluster by name. */
export interface Resources {
  readonly apps: Readonly<Record<string, App>>;
  readonly databases: Readonly<Record<string, Database>>;
  readonly kubernetesClusters: Readonly<Record<string, KubernetesCluster>>;
  readonly workloadIdentities: Readonly<Record<string, WorkloadIdentity>>;
  /** Names of nodes. `ProxyServer.nodes` has their addresses. */
  readonly nodes: readonly string[];
}
