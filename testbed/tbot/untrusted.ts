/** Recorded from tbot 15.0.0-dev, which prints it if no trusted CA signed the proxy's certificate. */
export const unknownAuthority = `WARNING:

  The proxy you are connecting to has presented a certificate signed by a
  unknown authority. This is most likely due to either being presented
  with a self-signed certificate or the certificate was truly signed by an
  authority not known to the client.

  If you know the certificate is self-signed and would like to ignore this
  error use the --insecure flag.

  If you have your own certificate authority that you would like to use to
  validate the certificate chain presented by the proxy, set the
  SSL_CERT_FILE and SSL_CERT_DIR environment variables respectively and try
  again.

  If you think something malicious may be occurring, contact your Teleport
  system administrator to resolve this issue.`;

/** Source: `lib/utils/cli.go`. */
export function wrongHost(host: string, detail: string): string {
  return `Cannot establish https connection to ${host}:
${detail}
try a different hostname for --proxy or specify --insecure flag if you know what you're doing.
`;
}
