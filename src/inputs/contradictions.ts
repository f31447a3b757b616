import type { Inputs } from './table.ts';

/** Inputs that are each right and can't be meant together, a sentence for each. */
export function contradictions(inputs: Inputs): readonly string[] {
  const found: (string | false)[] = [
    inputs.azureClientId !== undefined &&
      inputs.joinMethod === 'github' &&
      '`azure-client-id`: has no meaning with `join-method: github`',
    inputs.checksum !== undefined &&
      inputs.version.kind !== 'exact' &&
      '`checksum`: belongs to one release, so it needs an exact `version`',
    inputs.minTtl !== undefined &&
      inputs.minTtl > inputs.certificateTtl &&
      '`min-ttl`: is longer than `certificate-ttl`, so it can never be reached',
    ...downloadContradictions(inputs),
  ];
  return found.filter((mistake) => mistake !== false);
}

function downloadContradictions(inputs: Inputs): (string | false)[] {
  const source =
    inputs.tbotPath === undefined
      ? inputs.version.kind === 'installed' && '`version: installed`'
      : '`tbot-path`';
  if (source === false) return [];
  return [
    inputs.mirror !== undefined && `\`mirror\`: nothing is downloaded with ${source}`,
    inputs.checksum !== undefined && `\`checksum\`: nothing is downloaded with ${source}`,
    inputs.tbotPath !== undefined &&
      inputs.version.kind === 'installed' &&
      '`tbot-path`: contradicts `version: installed`, which takes the tbot on PATH',
  ];
}
