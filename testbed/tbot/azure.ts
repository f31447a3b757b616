import { exchange, type Reach } from './exchange.ts';
import { Failure } from './failure.ts';
import { parseJson } from './network.ts';
import { isLoopback } from './route.ts';

const metadata = 'http://169.254.169.254';
const minimumVersion = '2019-06-04';
const resource = 'https%3A%2F%2Fmanagement.azure.com%2F';

/** The evidence of a virtual machine. */
export interface AzureProof {
  readonly attestedDocument: string;
  readonly accessToken: string;
}

/** Sends three requests to the metadata service, as `lib/cloud/imds/azure/imds.go` does. */
export async function azureProof(
  challenge: string,
  clientId: string,
  reach: Reach,
): Promise<AzureProof> {
  const version = await apiVersion(reach);
  const attestedDocument = await get(
    `/attested/document?api-version=${version}&format=json&nonce=${challenge}`,
    reach,
  );
  const client = clientId === '' ? '' : `&client_id=${encodeURIComponent(clientId)}`;
  const token = await get(
    `/identity/oauth2/token?api-version=${version}${client}&resource=${resource}`,
    reach,
  );
  const { access_token: accessToken }: { access_token: string } = parseJson(token);
  return { attestedDocument, accessToken };
}

// All failures here have the same message.
async function apiVersion(reach: Reach): Promise<string> {
  const newest = await get('/versions?format=json', reach)
    .then(newestOf)
    .catch(() => undefined);
  if (newest !== undefined && newest >= minimumVersion) return newest;
  throw new Failure('could not reach instance metadata. Is Teleport running on an Azure VM?');
}

function newestOf(text: string): string | undefined {
  const { apiVersions }: { apiVersions: string[] } = parseJson(text);
  return apiVersions.at(-1);
}

async function get(route: string, reach: Reach): Promise<string> {
  const url = new URL(`${baseOf(reach.env)}/metadata${route}`);
  const answer = await exchange({ method: 'GET', url, headers: { Metadata: 'True' } }, reach);
  if (answer.status === 200) return answer.text;
  const body = answer.text.trim();
  throw new Failure(body, errorOf(body));
}

function errorOf(body: string): string[] {
  try {
    const { error }: { error?: string } = JSON.parse(body);
    return [error ?? ''];
  } catch {
    return [];
  }
}

/** Only a loopback address can replace the metadata address. Tests without root need it. */
function baseOf(env: NodeJS.ProcessEnv): string {
  const given = env['AZURE_POD_IDENTITY_AUTHORITY_HOST'];
  if (given === undefined || !URL.canParse(given)) return metadata;
  const url = new URL(given);
  return isLoopback(url.hostname.replace(/^\[|\]$/g, '')) ? url.origin : metadata;
}
