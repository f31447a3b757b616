/** A Proxy or Auth Service of the cluster; addresses are `host:port`. */
export type Endpoint =
  | { readonly kind: 'proxy'; readonly address: string }
  | {
      /** An Auth Service. No request is sent to it before the join. */
      readonly kind: 'auth-server';
      readonly address: string;
      /** At least one `sha256:<hex>`, in lower case: tbot compares them as text (lib/utils/spki.go). */
      readonly caPins: readonly string[];
    };

/** Returns the address of the proxy. Undefined if the endpoint is an Auth Service. */
export function proxyOf(endpoint: Endpoint): string | undefined {
  return endpoint.kind === 'proxy' ? endpoint.address : undefined;
}
