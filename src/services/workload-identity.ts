import { certificateLifetime } from './client-certificate.ts';
import type { LifetimeRule } from './service.ts';

/** Which workload identity is issued. */
export const selectorField = {
  selector: {
    kind: 'map',
    required: true,
    aliases: ['workload_identity', 'labels'],
    fields: { name: { kind: 'text' }, labels: { kind: 'label-lists' } },
    oneOf: ['name', 'labels'],
  },
} as const;

/** Returns the name in a selector, if it has one. */
export function selectedName(selector: { readonly name?: string } | undefined): readonly string[] {
  return selector?.name === undefined ? [] : [selector.name];
}

/** tbot sets no limit for SVIDs. */
export const svidLifetime: LifetimeRule = {
  ...certificateLifetime,
  limitedByTbot: false,
  shortenedBy:
    'Teleport limits SVIDs to the maximum lifetime of the workload identity and to a maximum of its own.',
};

/**
 * The release that announced the resource `workload_identity`: earlier releases spell one of the keys
 * differently (pull requests 51054, 51161 and 51288).
 */
export const sinceWorkloadIdentity = { since: ['17.2.7'] } as const;
