/** A private key in PEM, also one that is cut short, even where another block follows. */
const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(.*?)(?:-----|$)/gs;

/** A key or a token on one line: of a kubeconfig, and of AWS's shared credentials file. */
const oneLine =
  /^[ \t-]*(?:client-key-data|token|aws_access_key_id|aws_secret_access_key|aws_session_token)\s*[:=]\s*["']?([^\s"']+)/gm;

const jwt = /(?<![\w-])eyJ[\w-]*\.[\w-]+\.[\w-]+/g;

/** A shorter text could be any word, and would mask half of the log. */
const shortest = 8;

/**
 * All that must not be seen of a file that tbot wrote, line by line, because masks are for single
 * lines.
 */
export function secretsIn(text: string): readonly string[] {
  const keys = [...text.matchAll(privateKey)].flatMap(([, body = '']) => body.split('\n'));
  const lines = [...text.matchAll(oneLine)].map(([, value = '']) => value);
  const tokens = [...text.matchAll(jwt)].flatMap(([token]) => [token, ...token.split('.')]);
  return [...keys, ...lines, ...tokens]
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest);
}
