import { exchange, type Reach } from './exchange.ts';
import { Failure } from './failure.ts';
import { parseJson } from './network.ts';

/** Fetches the job's OIDC token. The status of the response is ignored. Source: `lib/githubactions/token_source.go`. */
export async function githubIdToken(reach: Reach): Promise<string> {
  const endpoint = variable('ACTIONS_ID_TOKEN_REQUEST_URL', reach);
  const bearer = variable('ACTIONS_ID_TOKEN_REQUEST_TOKEN', reach);
  const url = new URL(`${endpoint}&audience=teleport.cluster.local`);
  const answer = await exchange(
    {
      method: 'GET',
      url,
      headers: {
        Authorization: `Bearer ${bearer}`,
        Accept: 'application/json; api-version=2.0',
        'Content-Type': 'application/json',
      },
    },
    reach,
  ).catch((error: unknown) => {
    throw error instanceof Failure ? new Failure(`Get "${url.href}": ${error.message}`) : error;
  });
  const { value }: { value?: string } = parseJson(answer.text);
  if (!value) throw new Failure('response did not include ID token');
  return value;
}

function variable(name: string, reach: Reach): string {
  const value = reach.env[name];
  if (!value) throw new Failure(`${name} environment variable missing`);
  return value;
}
