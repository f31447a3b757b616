/** The way into the cluster; addresses as `host:port`. */
export type Endpoint =
  | { readonly kind: 'proxy'; readonly address: string }
  | {
      /** The Auth Service itself. It is not asked anything before the join. */
      readonly kind: 'auth-server';
      readonly address: string;
      /** One or more `sha256:<hex>`, in lower case: tbot compares them as texts (lib/utils/spki.go). */
      readonly caPins: readonly string[];
    };

/** The address of the proxy, where one is the way. */
export function proxyOf(endpoint: Endpoint): string | undefined {
  return endpoint.kind === 'proxy' ? endpoint.address : undefined;
}
