import { randomInt, randomUUID } from 'node:crypto';
import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type AzureMachine, machineResourceId, type PickedIdentity } from './machine.ts';

/** An RS256 key pair of the service, with the published public key. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** Creates a key pair with the ID `kid`. */
export async function signingKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

/**
 * Returns the attested document of the machine. The real one is PKCS #7 over this JSON; the stand-in
 * has the same envelope (`encoding`, base64 `signature`) around a signed compact JWS.
 */
export async function attestedDocument(
  machine: AzureMachine,
  nonce: string | undefined,
  key: SigningKey,
): Promise<{ readonly encoding: 'pkcs7'; readonly signature: string }> {
  const now = Date.now();
  const payload = {
    licenseType: '',
    nonce: nonce ?? String(randomInt(1_000_000_000, 10_000_000_000)),
    plan: { name: '', product: '', publisher: '' },
    timestamp: { createdOn: azureDate(now), expiresOn: azureDate(now + 6 * 3600 * 1000) },
    vmId: machine.vmId,
    subscriptionId: machine.subscriptionId,
    sku: 'server',
  };
  const signed = await new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'RS256', kid: key.jwk.kid ?? '' })
    .sign(key.privateKey);
  return { encoding: 'pkcs7', signature: Buffer.from(signed).toString('base64') };
}

/** Formats a date as the service does: `11/21/26 10:00:00 -0000`. */
function azureDate(milliseconds: number): string {
  const [day = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  const [year = '', month = '', date = ''] = day.split('-');
  return `${month}/${date}/${year.slice(2)} ${time.slice(0, 8)} -0000`;
}

/** Returns the response with an access token of the identity for `resource`. */
export async function accessToken(
  machine: AzureMachine,
  identity: Exclude<PickedIdentity, { kind: 'none' }>,
  resource: string,
  key: SigningKey,
): Promise<Readonly<Record<string, string>>> {
  const now = Math.floor(Date.now() / 1000);
  const expires = now + 24 * 3600;
  const token = await new SignJWT({ ...identityClaims(machine, identity), ver: '1.0' })
    .setProtectedHeader({ alg: 'RS256', kid: key.jwk.kid ?? '', typ: 'JWT' })
    .setIssuer(`https://sts.windows.net/${machine.tenantId}/`)
    .setAudience(resource)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(expires)
    .sign(key.privateKey);
  return {
    access_token: token,
    client_id: identity.kind === 'user' ? identity.clientId : machine.vmId,
    expires_in: String(expires - now),
    expires_on: String(expires),
    ext_expires_in: String(expires - now),
    not_before: String(now),
    resource,
    token_type: 'Bearer',
  };
}

/** `xms_mirid` names the identity; for a user-assigned one `xms_az_rid` names the machine. */
function identityClaims(
  machine: AzureMachine,
  identity: Exclude<PickedIdentity, { kind: 'none' }>,
): Readonly<Record<string, string>> {
  const common = { tid: machine.tenantId, oid: randomUUID(), idtyp: 'app' };
  const here = machineResourceId(machine);
  if (identity.kind === 'system') return { ...common, appid: machine.vmId, xms_mirid: here };
  return {
    ...common,
    appid: identity.clientId,
    xms_mirid: identity.resourceId,
    xms_az_rid: here,
  };
}
