import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import {
  type CertificateParameters,
  type ClientRequest,
  clientParameters,
  SERVER_AUTH,
  type SvidRequest,
  svidParameters,
} from './certificate.ts';

const MINUTE = 60_000;
const YEAR = 365 * 24 * 60 * MINUTE;

const algorithms = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const;

/** The key type of a CA. */
export type AuthorityKey = keyof typeof algorithms;

/** A CA of the testbed. Its key exists in this process only. */
export interface Authority {
  /** The CA certificate, PEM. */
  readonly pem: string;
  /** Issues a TLS server certificate (PEM) for names and IP addresses, with its key (PEM, PKCS #8). */
  serverCertificate(hosts: readonly string[]): Promise<{ key: string; cert: string }>;
  /** Issues a TLS client certificate, PEM. */
  clientCertificate(request: ClientRequest): Promise<string>;
  /** Issues an X.509 SVID, PEM. Its only name is the SPIFFE ID, a URI. */
  svid(request: SvidRequest): Promise<string>;
}

/** Creates a self-signed CA that is valid for a year. */
export async function createAuthority(
  name: { readonly organization: string; readonly commonName: string; readonly uri?: string },
  kind: AuthorityKey = 'ec',
): Promise<Authority> {
  const keys = await generateKeys(kind);
  const subject = [{ O: [name.organization] }, { CN: [name.commonName] }];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: subject,
    keys,
    signingAlgorithm: algorithms[kind],
    notBefore: new Date(Date.now() - MINUTE),
    notAfter: new Date(Date.now() + YEAR),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(name.uri === undefined
        ? []
        : [new x509.SubjectAlternativeNameExtension([{ type: 'url', value: name.uri }])]),
    ],
  });
  const issue = issuer(certificate, keys.privateKey, algorithms[kind]);
  return {
    pem: pem(certificate),
    serverCertificate: (hosts) => serverCertificate(issue, hosts),
    clientCertificate: (request) => issue(clientParameters(request)),
    svid: (request) => issue(svidParameters(request)),
  };
}

type Issue = (parameters: CertificateParameters) => Promise<string>;

function issuer(
  authority: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  signingAlgorithm: (typeof algorithms)[AuthorityKey],
): Issue {
  return async (parameters) => {
    const issuerKey = await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      issuer: authority.subjectName,
      signingKey,
      signingAlgorithm,
      ...parameters,
      extensions: [...(parameters.extensions ?? []), issuerKey],
    });
    return pem(certificate);
  };
}

async function serverCertificate(
  issue: Issue,
  hosts: readonly string[],
): Promise<{ key: string; cert: string }> {
  const keys = await generateKeys('ec');
  const cert = await issue({
    subject: [{ CN: [hosts[0] ?? 'localhost'] }],
    publicKey: keys.publicKey,
    notBefore: new Date(Date.now() - MINUTE),
    notAfter: new Date(Date.now() + YEAR),
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value })),
      ),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: `${x509.PemConverter.encode(key, 'PRIVATE KEY')}\n`, cert };
}

function generateKeys(kind: AuthorityKey): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithms[kind], true, ['sign', 'verify']);
}

function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host);
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}
