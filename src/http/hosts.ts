/** Returns the host of a URL without the brackets of an IPv6 address and without a final dot. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Returns whether a URL leads to this machine, by a loopback address or the name `localhost`. */
export function isLoopback(url: URL): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(bareHost(url));
}

/** Returns whether a text is a URL that leads to this machine. */
export function namesLoopback(text: string | undefined): boolean {
  return text !== undefined && URL.canParse(text) && isLoopback(new URL(text));
}

/**
 * Hosts of the cloud metadata services. They answer for the machine that sends the request, so a
 * request through a proxy would get the identity of the proxy's machine.
 */
export const metadataHosts = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  'metadata.google.internal',
] as const;
