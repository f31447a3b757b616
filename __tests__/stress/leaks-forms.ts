import type { Secret } from '../../testbed/issued.ts';

/** The forms in which a secret can be seen; a part is 20 characters of it or more. */
export const forms = [
  'plain',
  'part',
  'base64',
  'base64 + 1',
  'base64 + 2',
  'base64url',
  'hex',
  'HEX',
  'uri',
  'json',
] as const;

export type Form = (typeof forms)[number];

/** A secret that was seen. */
export interface Sighting {
  readonly kind: string;
  readonly form: Form;
  /** Where in the text it begins, to find it again. */
  readonly at: number;
}

interface Needle extends Pick<Sighting, 'kind' | 'form'> {
  readonly text: string;
}

/** Shorter ones are no secrets: the action masks lines of 8 characters or more (SECURITY.md). */
const shortest = 8;
const partLength = 20;

/** Finds any of the secrets in any of the forms, in one pass over a text. */
export function seeker(secrets: readonly Secret[]): (text: string) => readonly Sighting[] {
  const byStart = new Map<string, Needle[]>();
  for (const needle of secrets.flatMap(needlesOf)) {
    const start = needle.text.slice(0, shortest);
    const others = byStart.get(start);
    if (others === undefined) byStart.set(start, [needle]);
    else others.push(needle);
  }
  return (text) => {
    const found = new Map<string, Sighting>();
    for (let at = 0; at + shortest <= text.length; at += 1)
      for (const { kind, form, text: needle } of byStart.get(text.slice(at, at + shortest)) ?? [])
        if (!found.has(`${kind} ${form}`) && text.startsWith(needle, at))
          found.set(`${kind} ${form}`, { kind, form, at });
    return [...found.values()];
  };
}

/** A text of several lines is as secret as each of its lines. */
function needlesOf({ kind, text }: Secret): readonly Needle[] {
  const lines = [...new Set([text, ...text.split(/[\r\n]+/)])];
  return lines
    .flatMap((line) =>
      line.length < shortest || line.startsWith('-----')
        ? []
        : [...formsOf(line), ...partsOf(line)],
    )
    .filter(({ text: form }) => form.length >= shortest)
    .map((form) => ({ kind, ...form }));
}

function formsOf(secret: string): readonly Omit<Needle, 'kind'>[] {
  const base64 = [0, 1, 2].map((shift) => base64Within(secret, shift));
  const [aligned = ''] = base64;
  const hex = Buffer.from(secret).toString('hex');
  const uri = encodeURIComponent(secret);
  const all: readonly (readonly [Form, string])[] = [
    ['plain', secret],
    ['base64', aligned],
    ['base64 + 1', base64[1] ?? ''],
    ['base64 + 2', base64[2] ?? ''],
    ...base64.map((one) => ['base64url', base64Url(one)] as const),
    ['hex', hex],
    ['HEX', hex.toUpperCase()],
    ['uri', uri],
    ['uri', uri.replaceAll(/[!'()*]/g, percent)],
    ['uri', uri.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase())],
    ['json', JSON.stringify(secret).slice(1, -1)],
  ];
  return all.map(([form, text]) => ({ form, text }));
}

/** What of the secret's base64 does not depend on the bytes around it, of which there are `shift` before. */
function base64Within(secret: string, shift: number): string {
  const bytes = Buffer.from(secret);
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}

function base64Url(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** A secret that is cut short, or shown without its beginning. */
function partsOf(secret: string): readonly Omit<Needle, 'kind'>[] {
  return Array.from({ length: Math.max(0, secret.length - partLength) }, (_, at) => ({
    form: 'part',
    text: secret.slice(at, at + partLength),
  }));
}
