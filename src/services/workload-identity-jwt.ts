import { lifetimeFields } from './client-certificate.ts';
import { defineService } from './service.ts';
import {
  selectedName,
  selectorField,
  sinceWorkloadIdentity,
  svidLifetime,
} from './workload-identity.ts';

/** A SPIFFE identity (SVID) as a JWT. */
export const workloadIdentityJwt = defineService({
  type: 'workload-identity-jwt',
  aliases: ['jwt'],
  since: sinceWorkloadIdentity,
  fields: {
    ...selectorField,
    audiences: { kind: 'texts', required: true, aliases: ['aud'] },
    ...lifetimeFields,
  },
  lifetime: svidLifetime,
  target: ({ selector }) => selectedName(selector),
  files: () => ({ essential: { 'jwt-svid': 'jwt_svid' }, optional: {} }),
});
