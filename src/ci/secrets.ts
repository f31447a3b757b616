/** The texts that must not be shown. */
interface SecretSet {
  readonly add: (secret: string) => void;
  /** Replaces every secret, and each line of one. */
  readonly redact: (text: string) => string;
}

export function secretSet(): SecretSet {
  const secrets = new Set<string>();
  return {
    // Logs quote texts as JSON does; GitHub's runner masks that form as well.
    add: (secret) => {
      for (const part of [secret, ...secret.split(/[\r\n]+/)])
        secrets.add(part).add(JSON.stringify(part).slice(1, -1));
    },
    redact: (text) => redacted(text, secrets),
  };
}

/** Replaces the longest secrets first, because one can be part of another. */
function redacted(text: string, secrets: ReadonlySet<string>): string {
  return [...secrets]
    .filter((secret) => secret !== '')
    .toSorted((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
