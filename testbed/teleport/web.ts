/** The public facts about the cluster. */
export interface WebOptions {
  readonly clusterName: string;
  readonly teleportVersion: string;
  /** Default: `community`. Reported from 17 on. */
  readonly edition?: string;
  readonly fips?: boolean;
  /** `auto_update`, reported from 17 on. */
  readonly autoUpdate?: Readonly<Record<string, string | boolean | number>>;
  /** Default: one major version below the cluster's. */
  readonly minClientVersion?: string;
  /** Reported by `/webapi/ping` only. */
  readonly automaticUpgrades?: boolean;
}

/** Returns the major version of `18.2.4` or `15.0.0-dev`. */
export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/**
 * Returns the response of `/webapi/find` and `/webapi/ping`. Recorded from a cluster 15.0.0-dev; later
 * fields are from `api/client/webclient/webclient.go`.
 */
export function findAnswer(options: WebOptions, address: string, asked: 'find' | 'ping'): object {
  const major = majorOf(options.teleportVersion);
  return {
    proxy: {
      kube: { enabled: true, listen_addr: address },
      ssh: {
        listen_addr: address,
        tunnel_listen_addr: address,
        web_listen_addr: address,
        public_addr: address,
      },
      db: { postgres_listen_addr: address, mysql_listen_addr: address },
      tls_routing_enabled: true,
    },
    server_version: options.teleportVersion,
    min_client_version: options.minClientVersion ?? `${major - 1}.0.0`,
    cluster_name: options.clusterName,
    // Source: lib/web/apiserver.go.
    automatic_upgrades: asked === 'ping' && (options.automaticUpgrades ?? false),
    ...(major < 17 ? {} : laterFields(options)),
  };
}

function laterFields(options: WebOptions): object {
  return {
    edition: options.edition ?? 'community',
    fips: options.fips ?? false,
    auto_update: options.autoUpdate ?? {
      tools_version: options.teleportVersion,
      tools_auto_update: false,
      agent_version: options.teleportVersion,
      agent_auto_update: false,
      agent_update_jitter_seconds: 60,
    },
  };
}
