import { open } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Inputs } from '../../inputs/inputs.ts';
import { parsePublicKeys, privateKeyLines, type PublicKey } from '../../inputs/public-keys.ts';
import { Problem } from '../../problem.ts';
import { codeOf } from '../../text/error-code.ts';
import { InputErrors, placeName } from '../../text/input-error.ts';
import { bytesAt } from '../../files/files.ts';
import type { InstallRequest } from '../request.ts';

/** Bytes. Ten RSA keys have 12 KB. */
const longestFile = 64 * 1024;

/**
 * Returns the keys that a download must be signed with; undefined if no signature is required. Throws a
 * Problem `inputs` if the file of `signature-key` has no valid keys.
 */
export async function trustedKeys(
  signatureKey: Inputs['signatureKey'],
  { directories, ci }: Pick<InstallRequest, 'directories' | 'ci'>,
): Promise<readonly PublicKey[] | undefined> {
  if (signatureKey === undefined) return undefined;
  if (signatureKey.kind === 'keys') return signatureKey.keys;
  const path = resolve(directories.workspace ?? '', signatureKey.path);
  const text = await contentOf(path);
  for (const line of privateKeyLines(text)) ci.mask(line);
  try {
    return parsePublicKeys(text);
  } catch (error) {
    if (!(error instanceof InputErrors)) throw error;
    throw invalid(path, error);
  }
}

async function contentOf(path: string): Promise<string> {
  try {
    await using handle = await open(path, 'r');
    if (!(await handle.stat()).isFile()) throw new Error('it is not a regular file');
    const bytes = await bytesAt(handle, 0, longestFile + 1);
    if (bytes.length > longestFile) throw new Error(`it is larger than ${longestFile / 1024} KiB`);
    return bytes.toString('utf8');
  } catch (cause) {
    throw new Problem({
      code: 'inputs',
      what: `\`signature-key\` ${path} cannot be read: ${reason(cause)}.`,
      fix,
      cause,
    });
  }
}

const fix = 'Set `signature-key` to public keys in PEM, or to the path of a file with them.';

function reason(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'the file does not exist';
  if (code === 'EACCES') return 'permission denied';
  return code ?? (error instanceof Error ? error.message : String(error));
}

function invalid(path: string, { all }: InputErrors): Problem {
  const errors = all.map(({ message, at }) => {
    const text = at === undefined ? message : `${placeName(at)}: ${message}`;
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  });
  return new Problem({
    code: 'inputs',
    what: `\`signature-key\` ${path} is invalid:`,
    errors,
    fix,
  });
}
