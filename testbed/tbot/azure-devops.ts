import { exchange, type Reach } from './exchange.ts';
import { Failure } from './failure.ts';
import { parseJson } from './network.ts';

/** Requests the job's OIDC token. Source: lib/join/azuredevops/token_source.go. */
export async function azureDevopsIdToken(reach: Reach): Promise<string> {
  const accessToken = variable('SYSTEM_ACCESSTOKEN', reach);
  const url = new URL(variable('SYSTEM_OIDCREQUESTURI', reach));
  url.searchParams.set('api-version', '7.1');
  const answer = await exchange(
    {
      method: 'POST',
      url,
      headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' },
      body: '',
    },
    reach,
  );
  if (answer.status !== 200)
    throw new Failure(`exchanging token\n\treceived status code ${answer.status}, expected 200`);
  const { oidcToken }: { oidcToken?: string } = parseJson(answer.text);
  if (!oidcToken) throw new Failure('exchanging token\n\tresp did not include oidc token');
  return oidcToken;
}

function variable(name: string, reach: Reach): string {
  const value = reach.env[name];
  if (!value) throw new Failure(`${name} environment variable missing`);
  return value;
}
