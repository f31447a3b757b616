import { always } from '../versions/releases.ts';
import type { ValuesOf } from '../yaml/fields.ts';
import type { Method } from './method.ts';

const fields = { token_path: { kind: 'text' } } as const;

const pathVariable = 'KUBERNETES_TOKEN_PATH';

export const kubernetes: Method = {
  since: always,
  identifiedBy: 'machine',
  parameters: { key: 'kubernetes', fields, passedBy: 'variable', paths: ['token_path'] },
  variables: () => ({ required: [], optional: [pathVariable], secret: [] }),
  // Every release reads the variable, only newer ones the key (lib/kube/token/source.go).
  environment: ({ token_path: path }: ValuesOf<typeof fields>) =>
    path === undefined ? {} : { [pathVariable]: path },
  staticKeys: true,
};
