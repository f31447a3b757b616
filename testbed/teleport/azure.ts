import type { KeyObject } from 'node:crypto';
import {
  compactVerify,
  createLocalJWKSet,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { Denial } from './denial.ts';
import type { AzureInstance } from './rules.ts';

const audience = 'https://management.azure.com/';

/** The keys of Azure that a cluster trusts. */
export interface ImdsTrust {
  /** Public key of the attested documents, instead of Azure's certificates. */
  readonly attestedKey: KeyObject | JWK;
  readonly tokenIssuer: string;
  readonly tokenKeys: JSONWebKeySet;
}

/** The evidence for a join with the Azure method. */
export interface AzureProof {
  /** The unchanged response of IMDS. */
  readonly attestedDocument: string;
  readonly accessToken: string;
}

/** A machine that was verified. */
export interface ProvenInstance extends AzureInstance {
  readonly vmId: string;
}

/** Verifies the document and the token as `lib/join/azurejoin/azure.go` does; `challenge` is the nonce. */
export async function verifyInstance(
  proof: AzureProof,
  challenge: string,
  trust: ImdsTrust,
  now: Date,
): Promise<ProvenInstance> {
  const document = await verifyDocument(proof.attestedDocument, trust);
  if (document.nonce !== challenge) throw new Denial('challenge is missing or does not match');
  const resource = await verifyAccessToken(proof.accessToken, trust, now);
  if (resource.subscription !== document.subscriptionId) {
    throw new Denial('subscription ID mismatch between attested data and access token');
  }
  return { ...resource, vmId: document.vmId };
}

interface AttestedDocument {
  readonly nonce: string;
  readonly vmId: string;
  readonly subscriptionId: string;
}

// The testbed's IMDS signs a JWS instead of PKCS #7.
async function verifyDocument(answer: string, trust: ImdsTrust): Promise<AttestedDocument> {
  const { encoding, signature }: { encoding: string; signature: string } = parse(answer);
  if (encoding !== 'pkcs7') throw new Denial(`unsupported signature type: ${encoding}`);
  const jws = Buffer.from(signature, 'base64').toString();
  const { payload } = await compactVerify(jws, trust.attestedKey).catch(
    deny('no certificates for signature'),
  );
  return parse(Buffer.from(payload).toString());
}

async function verifyAccessToken(
  token: string,
  trust: ImdsTrust,
  now: Date,
): Promise<AzureInstance> {
  const { payload } = await jwtVerify(token, createLocalJWKSet(trust.tokenKeys), {
    issuer: trust.tokenIssuer,
    audience,
    currentDate: now,
    requiredClaims: ['exp', 'tid'],
  }).catch(deny('Failed to validate token claims'));
  // The machine is xms_az_rid for a user-assigned identity, otherwise xms_mirid.
  return parseResource(machineOf(payload));
}

function machineOf(payload: JWTPayload): string {
  const id = payload['xms_az_rid'] ?? payload['xms_mirid'];
  return typeof id === 'string' ? id : '';
}

const resourceId =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/Microsoft\.Compute\/(virtualMachines|virtualMachineScaleSets)\//i;

function parseResource(id: string): AzureInstance {
  const [, subscription, resourceGroup] = resourceId.exec(id) ?? [];
  if (subscription === undefined || resourceGroup === undefined) {
    throw new Denial(`unexpected resource type: ${id}`);
  }
  return { subscription, resourceGroup };
}

function parse(text: string): ReturnType<typeof JSON.parse> {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Denial('attested data is not JSON', { cause: error });
  }
}

function deny(message: string): (error: unknown) => never {
  return (cause) => {
    throw new Denial(`${message}: ${cause instanceof Error ? cause.message : ''}`, { cause });
  };
}
