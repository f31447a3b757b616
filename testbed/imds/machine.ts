import type { ImdsFault } from '../faults.ts';

/** A user-assigned managed identity. */
interface UserIdentity {
  readonly clientId: string;
  readonly resourceId: string;
}

/** The virtual machine of the metadata service. */
export interface AzureMachine {
  subscriptionId: string;
  resourceGroupName: string;
  vmId: string;
  name: string;
  location: string;
  tenantId: string;
  identities: { system: boolean; user: readonly UserIdentity[] };
}

/** The identity that a request selects, or the reason for an error. */
export type PickedIdentity =
  | { readonly kind: 'system' }
  | ({ readonly kind: 'user' } & UserIdentity)
  | { readonly kind: 'none'; readonly description: string };

const subscription = '11111111-1111-1111-1111-111111111111';

/** A VM of resource group `group1` with a system-assigned and one user-assigned identity. */
export function defaultMachine(): AzureMachine {
  return {
    subscriptionId: subscription,
    resourceGroupName: 'group1',
    vmId: '44444444-4444-4444-4444-444444444444',
    name: 'runner-vm-1',
    location: 'westeurope',
    tenantId: '33333333-3333-3333-3333-333333333333',
    identities: {
      system: true,
      user: [userIdentity('22222222-2222-2222-2222-222222222222', 'ci-identity')],
    },
  };
}

/** Returns an identity in another resource group than the machine. */
function userIdentity(clientId: string, name: string): UserIdentity {
  const group = `/subscriptions/${subscription}/resourcegroups/identities`;
  const provider = 'providers/Microsoft.ManagedIdentity/userAssignedIdentities';
  return { clientId, resourceId: `${group}/${provider}/${name}` };
}

/** Returns the resource ID of the machine as in Azure's tokens. */
export function machineResourceId(machine: AzureMachine): string {
  const group = `/subscriptions/${machine.subscriptionId}/resourcegroups/${machine.resourceGroupName}`;
  return `${group}/providers/Microsoft.Compute/virtualMachines/${machine.name}`;
}

/** Selects an identity. The error messages were recorded with tbot 15.0.0-dev. */
export function pickIdentity(
  machine: AzureMachine,
  fault: ImdsFault,
  clientId: string | undefined,
): PickedIdentity {
  const { system, user } = identitiesUnder(machine, fault);
  if (clientId !== undefined) {
    const asked = user.find((one) => one.clientId.toLowerCase() === clientId.toLowerCase());
    return asked === undefined ? unknown : { kind: 'user', ...asked };
  }
  if (system) return { kind: 'system' };
  const [only, ...others] = user;
  if (only === undefined) return unknown;
  return others.length === 0 ? { kind: 'user', ...only } : ambiguous;
}

const unknown = { kind: 'none', description: 'Identity not found' } as const;

const ambiguous = {
  kind: 'none',
  description:
    'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
} as const;

function identitiesUnder(machine: AzureMachine, fault: ImdsFault): AzureMachine['identities'] {
  if (fault.kind === 'no-identity') return { system: false, user: [] };
  if (fault.kind !== 'several-identities') return machine.identities;
  const second = userIdentity('55555555-5555-5555-5555-555555555555', 'other-identity');
  return { system: false, user: [...machine.identities.user, second, thirdIdentity] };
}

const thirdIdentity = userIdentity('66666666-6666-6666-6666-666666666666', 'third-identity');

/** Returns the fields of `compute` in the instance metadata that a join uses. */
export function instance(machine: AzureMachine): Readonly<Record<string, unknown>> {
  return {
    azEnvironment: 'AzurePublicCloud',
    location: machine.location,
    name: machine.name,
    osType: 'Linux',
    offer: 'ubuntu-24_04-lts',
    publisher: 'Canonical',
    resourceGroupName: machine.resourceGroupName,
    resourceId: machineResourceId(machine),
    sku: 'server',
    subscriptionId: machine.subscriptionId,
    tagsList: [],
    vmId: machine.vmId,
    vmScaleSetName: '',
    vmSize: 'Standard_D2s_v5',
  };
}
