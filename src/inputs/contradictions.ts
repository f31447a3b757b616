import { downloadContradictions } from './download-contradictions.ts';
import type { Inputs } from './table.ts';

/** Inputs that are each right and can't be meant together, a sentence for each. */
export function contradictions(inputs: Inputs): readonly string[] {
  const found: (string | false)[] = [
    inputs.azureClientId !== undefined &&
      inputs.joinMethod === 'github' &&
      '`azure-client-id`: has no meaning with `join-method: github`',
    inputs.minTtl !== undefined &&
      inputs.minTtl > inputs.certificateTtl &&
      '`min-ttl`: is longer than `certificate-ttl`, so it can never be reached',
    ...downloadContradictions(inputs),
  ];
  return found.filter((mistake) => mistake !== false);
}
