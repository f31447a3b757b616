import type { Secret } from '../../testbed/issued.ts';

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----\n([^-]*)/g;
const inKubeconfig = /client-key-data: "?([\w+/=]+)/g;
const awsKey = /^aws_(?:secret_access_key|session_token)\s*=\s*(\S+)$/gm;
const jwt = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/** The secrets in a file that tbot wrote. Keys may be in it twice: as they are, and in base64. */
export function secretsIn(content: string): readonly Secret[] {
  const encoded = matches(content, inKubeconfig);
  const decoded = encoded.map((text) => Buffer.from(text, 'base64').toString());
  return [
    ...[content, ...decoded].flatMap((text) =>
      matches(text, privateKey).map((body) => ({ kind: 'private key', text: body.trim() })),
    ),
    ...encoded.map((text) => ({ kind: 'key of a kubeconfig', text })),
    ...matches(content, awsKey).map((text) => ({ kind: 'AWS credential', text })),
    ...matches(content, jwt).map((text) => ({ kind: 'JWT', text })),
  ];
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([whole, group]) => group ?? whole);
}
