/** Returns the host of a URL without the brackets of an IPv6 address and without a final dot. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Returns whether the host of a URL is a loopback address or `localhost`. */
export function isLoopback(url: URL): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(bareHost(url));
}

/** Returns whether a text is a URL on loopback. */
export function namesLoopback(text: string | undefined): boolean {
  return text !== undefined && URL.canParse(text) && isLoopback(new URL(text));
}

/**
 * Hosts of the cloud metadata services. They return the identity of the machine that sends the
 * request, which would be the machine of an HTTP proxy.
 */
export const metadataHosts = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  'metadata.google.internal',
] as const;
