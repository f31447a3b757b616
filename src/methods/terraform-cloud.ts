import type { ValuesOf } from '../yaml/fields.ts';
import { type Method, requires } from './method.ts';

const fields = { audience_tag: { kind: 'text' } } as const;

export const terraformCloud: Method = {
  since: { since: ['16.4.0'] },
  identifiedBy: 'claims',
  parameters: { key: 'terraform', fields, passedBy: 'config' },
  variables: ({ audience_tag: tag }: ValuesOf<typeof fields>) =>
    requires(
      tag === undefined
        ? 'TFC_WORKLOAD_IDENTITY_TOKEN'
        : `TFC_WORKLOAD_IDENTITY_TOKEN_${tag.toUpperCase()}`,
    ),
};
