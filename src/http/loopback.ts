/** The host of a URL without the brackets of an IPv6 address and without a final dot. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Whether a URL leads to this machine, by its address or by the name `localhost`. */
export function isLoopback(url: URL): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(bareHost(url));
}

/** Whether a text is a URL that leads to this machine. */
export function namesLoopback(text: string | undefined): boolean {
  return text !== undefined && URL.canParse(text) && isLoopback(new URL(text));
}
