import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedService } from './requests.ts';

/** A private key in PEM, also a truncated one that is followed by another block. */
const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(.*?)(?:-----|$)/gs;

/** A key or a token on one line of a kubeconfig or of AWS's shared credentials file. */
const oneLine =
  /^[ \t-]*(?:client-key-data|token|aws_access_key_id|aws_secret_access_key|aws_session_token)\s*[:=]\s*["']?([^\s"']+)/gm;

const jwt = /(?<![\w-])eyJ[\w-]*\.[\w-]+\.[\w-]+/g;

/** A shorter text could be any word, and masking it would garble the log. */
const shortest = 8;

/** Returns the secrets in a file that tbot wrote, line by line, because a mask covers one line. */
function secretsIn(text: string): readonly string[] {
  const keys = [...text.matchAll(privateKey)].flatMap(([, body = '']) => body.split('\n'));
  const lines = [...text.matchAll(oneLine)].map(([, value = '']) => value);
  const tokens = [...text.matchAll(jwt)].flatMap(([token]) => [token, ...token.split('.')]);
  return [...keys, ...lines, ...tokens]
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest);
}

/**
 * Masks the keys and tokens in everything that tbot wrote for these services, including incomplete
 * and unexpected files. Skips what it cannot read and never throws: it also runs after a failure, before
 * tbot's log is shown.
 */
export function maskWritten(
  services: readonly Pick<PlannedService, 'dir'>[],
  mask: (secret: string) => void,
): void {
  const secrets = services.flatMap(({ dir }) => filesBelow(dir)).flatMap(secretsOf);
  for (const secret of new Set(secrets)) mask(secret);
}

function filesBelow(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
  } catch {
    // tbot creates the folder, and may have failed before.
    return [];
  }
}

function secretsOf(file: string): readonly string[] {
  try {
    return secretsIn(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}
