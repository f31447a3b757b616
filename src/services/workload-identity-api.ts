import { lifetimeFields } from './client-certificate.ts';
import { checkListen, listenField } from './listen.ts';
import { defineService, noFiles } from './service.ts';
import {
  selectedName,
  selectorField,
  sinceWorkloadIdentity,
  svidLifetime,
} from './workload-identity.ts';

const enabled = { enabled: { kind: 'boolean' } } as const;
const container = { ...enabled, addr: { kind: 'text' } } as const;

/** The SPIFFE Workload API, which issues SVIDs to the programs that connect to it. */
export const workloadIdentityApi = defineService({
  type: 'workload-identity-api',
  aliases: ['workload-api', 'spiffe-api'],
  since: sinceWorkloadIdentity,
  // tbot identifies programs only at a Unix socket (lib/tbot/workloadidentity/workloadattest).
  serves: { at: 'unix' },
  fields: {
    ...selectorField,
    ...listenField,
    attestors: {
      kind: 'map',
      fields: {
        docker: { kind: 'map', fields: container },
        podman: { kind: 'map', fields: container },
        kubernetes: { kind: 'map', fields: enabled },
        systemd: { kind: 'map', fields: enabled },
      },
    },
    trust_domains: { kind: 'choices', words: ['app_client'], since: { since: ['19.0.0'] } },
    ...lifetimeFields,
  },
  lifetime: svidLifetime,
  target: ({ selector }) => selectedName(selector),
  files: noFiles,
  check: checkListen,
});
