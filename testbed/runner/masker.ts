/** Replaces secrets by `***`, as `SecretMasker` of actions/runner does. */
export interface Masker {
  /** Registers a value, each of its lines and its common encodings. */
  add(value: string): void;
  mask(text: string): string;
}

/** Creates a masker for one job. */
export function createMasker(): Masker {
  const secrets = new Set<string>();
  const register = (value: string): void => {
    for (const form of forms(value)) if (form !== '') secrets.add(form);
  };
  return {
    add: (value) => {
      register(value);
      for (const line of value.split(/[\r\n]+/)) if (line !== '') register(line);
    },
    mask: (text) => replaceRanges(text, merge(findAll(text, secrets))),
  };
}

/** The encoders of `HostContext`; base64 in its three alignments. */
function forms(value: string): readonly string[] {
  return [
    value,
    base64(value, 0),
    base64(value, 1),
    base64(value, 2),
    JSON.stringify(value).slice(1, -1),
    escapeData(value),
    escapeXml(value),
    value.replaceAll("'", "''"),
    value.replaceAll('\\', '\\\\').replaceAll('"', '\\"'),
    value.length > 8 && /^".*"$/s.test(value) ? value.slice(1, -1) : '',
  ];
}

function base64(value: string, shift: number): string {
  const bytes = Buffer.from(value);
  return bytes.subarray(bytes.length > shift ? shift : 0).toString('base64');
}

/** `Uri.EscapeDataString`: everything but the unreserved characters of RFC 3986. */
function escapeData(value: string): string {
  return encodeURIComponent(Buffer.from(value).toString()).replaceAll(/[!'()*]/g, percent);
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

function escapeXml(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function findAll(text: string, secrets: ReadonlySet<string>): Range[] {
  const found: Range[] = [];
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
      found.push({ start: at, end: at + secret.length });
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}

/** Merges ranges that overlap or touch. */
function merge(ranges: readonly Range[]): readonly Range[] {
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last === undefined || range.start > last.end) merged.push(range);
    else merged.splice(-1, 1, { start: last.start, end: Math.max(last.end, range.end) });
  }
  return merged;
}

function replaceRanges(text: string, ranges: readonly Range[]): string {
  let masked = '';
  let from = 0;
  for (const range of ranges) {
    masked += `${text.slice(from, range.start)}***`;
    from = range.end;
  }
  return masked + text.slice(from);
}
