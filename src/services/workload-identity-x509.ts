import { lifetimeFields } from './client-certificate.ts';
import { defineService } from './service.ts';
import {
  selectedName,
  selectorField,
  sinceWorkloadIdentity,
  svidLifetime,
} from './workload-identity.ts';

/** A SPIFFE identity (SVID) as an X.509 certificate. */
export const workloadIdentityX509 = defineService({
  type: 'workload-identity-x509',
  aliases: ['spiffe', 'x509'],
  since: sinceWorkloadIdentity,
  fields: {
    ...selectorField,
    include_federated_trust_bundles: { kind: 'boolean' },
    // Backported to 18 in releases that are not known (pull requests 66587 and 68272).
    trust_domains: { kind: 'choices', words: ['app_client'], since: { since: ['19.0.0'] } },
    ...lifetimeFields,
  },
  lifetime: svidLifetime,
  client: { certificate: 'svid', key: 'svid-key', ca: ['svid-bundle'], dedicated: true },
  target: ({ selector }) => selectedName(selector),
  files: () => ({
    essential: { svid: 'svid.pem', 'svid-key': 'svid_key.pem', 'svid-bundle': 'svid_bundle.pem' },
    // Written only if something was revoked.
    optional: { 'svid-crl': 'svid_crl.pem' },
  }),
});
