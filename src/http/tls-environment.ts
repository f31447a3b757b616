import type { CiPort } from '../ci/port.ts';

const variable = 'NODE_TLS_REJECT_UNAUTHORIZED';

/**
 * Reports that NODE_TLS_REJECT_UNAUTHORIZED has no effect, because every connection verifies the
 * certificate explicitly. Removes the variable from this process, because Node would print that the
 * connections are insecure.
 */
export function ignoreUnverified({ env, notice }: Pick<CiPort, 'env' | 'notice'>): void {
  if (env[variable] !== '0') return;
  delete process.env[variable];
  notice(
    'machine-id-action',
    `${variable} is 0, but this action always verifies TLS certificates. To trust your own CA, set \`extra-ca-file\` to a PEM file with its certificate.`,
  );
}
