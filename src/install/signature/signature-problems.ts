import type { PublicKey } from '../../inputs/public-keys.ts';
import { type Facts, Problem } from '../../problem.ts';

/** Returns the text that identifies a key in messages. */
export function keyName({ fingerprint }: PublicKey): string {
  return `sha256:${fingerprint}`;
}

export function noSignature(url: string, status: number): Problem {
  return new Problem({
    code: 'signature',
    what: `No signature is published at ${url} (HTTP ${status}), so the archive was not used.`,
    fix: 'Publish the signature there, or correct `version`, `mirror` or `signature-extension`.',
  });
}

/** Returns the Problem for a signature file that cannot be read; `flaw` is a clause. */
export function badSignature(url: string, flaw: string): Problem {
  return new Problem({
    code: 'signature',
    what: `${url} is not a signature: ${flaw}.`,
    fix: 'Publish an ECDSA or RSA signature of the archive with SHA-256 there, as base64 or as plain bytes.',
  });
}

const keysFix =
  'Check that `signature-key` contains the current keys of the publisher. If it does, do not use this';

export function wrongSignature(url: string, digest: string, keys: readonly PublicKey[]): Problem {
  return new Problem({
    code: 'signature',
    what: `${url} is not signed with a key in \`signature-key\`, so the download was discarded.`,
    fix: `${keysFix} site: the archive may have been modified.`,
    facts: comparison([`archive: sha256:${digest}`], keys),
  });
}

/** What was found for one digest of an image. */
export interface Examined {
  readonly digest: string;
  readonly kind: 'missing' | 'wrong' | 'other-image';
  /** A clause. */
  readonly why: string;
}

const unsigned: Readonly<Record<Examined['kind'], string>> = {
  missing: 'has no signature in its repository',
  wrong: 'is not signed with a key in `signature-key`',
  'other-image': 'has only the signature of another image',
};

/** Returns the Problem for an image; `examined` lists its index and its platform manifest. */
export function unsignedImage(
  name: string,
  examined: readonly Examined[],
  keys: readonly PublicKey[],
): Problem {
  const kinds = new Set(examined.map(({ kind }) => kind));
  const kind = (['other-image', 'wrong'] as const).find((one) => kinds.has(one)) ?? 'missing';
  return new Problem({
    code: 'signature',
    what: `${name} ${unsigned[kind]}, so the image was not used.`,
    fix:
      kind === 'missing'
        ? 'Sign the image with `cosign sign --key` in its legacy format, or correct `mirror`.'
        : `${keysFix} registry: the image may have been replaced.`,
    facts: comparison(
      examined.map(({ digest, why }) => `image:   sha256:${digest}: ${why}`),
      keys,
    ),
  });
}

function comparison(lines: readonly string[], keys: readonly PublicKey[]): Facts {
  return {
    title: 'Digests of the download and of the keys:',
    lines: [...lines, ...keys.map((key) => `key:     ${keyName(key)}`)],
  };
}
