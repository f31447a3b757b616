import { compactVerify, createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { noFaults } from '../../testbed/faults.ts';
import { type Imds, startImds } from '../../testbed/imds.ts';

const client = '22222222-2222-2222-2222-222222222222';
const api = 'api-version=2023-07-01';
const tokenPath = `/metadata/identity/oauth2/token?${api}&resource=https%3A%2F%2Fmanagement.azure.com%2F`;

async function get(imds: Imds, path: string, headers: Record<string, string> = metadata) {
  const response = await fetch(`${imds.environment.AZURE_POD_IDENTITY_AUTHORITY_HOST}${path}`, {
    headers,
  });
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null) throw new Error('not an object');
  return { status: response.status, body: { ...body } as Record<string, unknown> };
}

const metadata = { Metadata: 'True' };

async function claims(imds: Imds, query = '') {
  const { body } = await get(imds, `${tokenPath}${query}`);
  const keys = createLocalJWKSet(imds.tokenKeys);
  const verified = await jwtVerify(String(body['access_token']), keys, {
    issuer: imds.tokenIssuer,
    audience: 'https://management.azure.com/',
  });
  return verified.payload;
}

describe('the instance metadata service', () => {
  it('lists its versions, with the newest last', async () => {
    await using imds = await startImds({ faults: noFaults() });
    const { body } = await get(imds, '/metadata/versions?format=json');
    expect(body['apiVersions']).toEqual(expect.arrayContaining(['2019-06-04', '2023-07-01']));
    expect([body['apiVersions']].flat().at(-1)).toBe('2023-07-01');
  });

  it('attests the machine over the nonce', async () => {
    await using imds = await startImds({ faults: noFaults() });
    const path = `/metadata/attested/document?${api}&format=json&nonce=Pi_3OUZEfrWZYA7yr7vFoOcq7N0Cbi7B`;
    const { body } = await get(imds, path);
    expect(body['encoding']).toBe('pkcs7');
    const jws = Buffer.from(String(body['signature']), 'base64').toString();
    const { payload } = await compactVerify(jws, imds.attestedKey);
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
      nonce: 'Pi_3OUZEfrWZYA7yr7vFoOcq7N0Cbi7B',
      vmId: imds.machine.vmId,
      subscriptionId: imds.machine.subscriptionId,
      timestamp: { createdOn: expect.stringMatching(/^\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d -0000$/) },
    });
  });

  it('issues tokens of the system-assigned and of a user-assigned identity', async () => {
    await using imds = await startImds({ faults: noFaults() });
    const machine = expect.stringMatching(
      /resourcegroups\/group1\/.*virtualMachines\/runner-vm-1$/,
    );
    const system = await claims(imds);
    expect(system).toMatchObject({ tid: imds.machine.tenantId, ver: '1.0', xms_mirid: machine });
    expect(system).not.toHaveProperty('xms_az_rid');
    const user = await claims(imds, `&client_id=${client}`);
    expect(user).toMatchObject({ appid: client, xms_az_rid: machine });
    expect(user['xms_mirid']).toContain('userAssignedIdentities/ci-identity');
  });

  it('returns the properties of the machine', async () => {
    await using imds = await startImds({ faults: noFaults() });
    imds.machine.resourceGroupName = 'Group2';
    const { body } = await get(imds, `/metadata/instance/compute?${api}&format=json`);
    expect(body).toMatchObject({ resourceGroupName: 'Group2', name: 'runner-vm-1' });
    const whole = await get(imds, `/metadata/instance?${api}`);
    expect(whole.body['compute']).toEqual(body);
  });

  it.each([
    ['no header', tokenPath, {}, 400, 'Required metadata header not specified'],
    ['another value', tokenPath, { Metadata: 'yes' }, 400, 'Required metadata header'],
    ['a proxy in between', tokenPath, { ...metadata, 'X-Forwarded-For': '10.0.0.1' }, 400, 'proxy'],
    ['no resource', `/metadata/identity/oauth2/token?${api}`, metadata, 400, 'resource'],
    ['an unknown client id', `${tokenPath}&client_id=nobody`, metadata, 400, 'Identity not found'],
    ['an unknown path', `/metadata/nothing?${api}`, metadata, 404, 'no such path'],
  ])('refuses %s', async (_case, path, headers, status, description) => {
    await using imds = await startImds({ faults: noFaults() });
    const answer = await get(imds, path, { ...headers });
    expect(answer.status).toBe(status);
    expect(answer.body['error_description']).toContain(description);
  });

  it.each(['/metadata/instance', '/metadata/instance?api-version=1999-01-01'])(
    'rejects the version of %s',
    async (path) => {
      await using imds = await startImds({ faults: noFaults() });
      const { status, body } = await get(imds, path);
      expect(status).toBe(400);
      expect(body['newest-versions']).toContain('2023-07-01');
    },
  );

  it('ignores the case of the header, as Azure does', async () => {
    await using imds = await startImds({ faults: noFaults() });
    expect((await get(imds, tokenPath, { Metadata: 'true' })).status).toBe(200);
  });
});
