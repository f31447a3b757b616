import { always } from '../versions/releases.ts';
import { yamlScalar } from '../yaml/scalar.ts';
import type { AzureMachine } from './evidence.ts';
import type { Method } from './method.ts';

/** Joins with the managed identity of an Azure virtual machine. */
export const azure: Method = {
  since: always,
  automatic: true,
  identifiedBy: 'machine',
  parameters: {
    key: 'azure',
    // The client ID of a user-assigned identity; without it Azure chooses.
    fields: { client_id: { kind: 'text' } },
    input: 'azure-client-id',
    passedBy: 'config',
  },
  metadataService: { variable: 'AZURE_POD_IDENTITY_AUTHORITY_HOST', urlPrefix: '' },
  privateMachine: true,
  // A public log must not name the machine, so its description is not requested.
  needsEvidence: ({ code }, { publicRepository }) =>
    code === 'no-imds' ||
    (!publicRepository && (code === 'azure-denied' || code === 'token-unknown')),
  tokenRules: ({ imds }, { publicRepository }) => {
    const entry =
      imds?.kind === 'machine' && !publicRepository ? azureAllowEntry(imds.machine) : placeholder;
    return ['allow:', ...entry.map((line) => `  ${line}`)];
  },
};

const placeholder = [
  '- subscription: ID-OF-THE-SUBSCRIPTION',
  '  resource_groups: [RESOURCE-GROUP-OF-THE-VM]',
];

/** Returns the entry for `spec.azure.allow` that matches this machine, YAML lines, not indented. */
export function azureAllowEntry(machine: AzureMachine): readonly string[] {
  return [
    `- subscription: ${yamlScalar(machine.subscriptionId)}`,
    `  resource_groups: [${yamlScalar(machine.resourceGroupName)}]`,
  ];
}

/** The path of the machine's description in the instance metadata service. */
export const computePath = '/metadata/instance/compute?api-version=2021-02-01&format=json';

/** Prints subscription, resource group and ID of the machine on which it runs. */
export const imdsCommand = `curl -s --noproxy '*' -H Metadata:true 'http://169.254.169.254${computePath}'`;
