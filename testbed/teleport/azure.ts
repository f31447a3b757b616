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

/** What a cluster trusts of Azure. */
export interface ImdsTrust {
  /** Public key that signs attested documents: here it stands for Azure's certificates. */
  readonly attestedKey: KeyObject | JWK;
  readonly tokenIssuer: string;
  readonly tokenKeys: JSONWebKeySet;
}

/** What a client hands over to join by Azure. */
export interface AzureProof {
  /** The answer of IMDS as it came. */
  readonly attestedDocument: string;
  readonly accessToken: string;
}

/** A machine whose two proofs agree. */
export interface ProvenInstance extends AzureInstance {
  readonly vmId: string;
}

/** Verifies both proofs as `lib/join/azurejoin/azure.go` does; `challenge` is the nonce that was given out. */
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

// The testbed's IMDS signs a JWS where Azure signs PKCS #7.
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
  // The machine is xms_az_rid when the identity is user-assigned, else xms_mirid.
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
