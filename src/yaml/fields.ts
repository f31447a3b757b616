import type { Availability } from '../versions/releases.ts';

/** What may stand behind a key. */
export type Field = Rule & {
  /** The tbot releases that know the key. Undefined: all that know the mapping it is in. */
  readonly since?: Availability;
  /** Of a list: with an entry at least. */
  readonly required?: true;
  /** Never shown, and masked. */
  readonly secret?: true;
};

export type Rule =
  | { readonly kind: 'text' }
  /** A Go duration; seconds once it is read. */
  | { readonly kind: 'duration' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly words: readonly string[] }
  | { readonly kind: 'texts' }
  /** A list whose entries are words of a fixed set. */
  | { readonly kind: 'choices'; readonly words: readonly string[] }
  /** Text -> text. */
  | { readonly kind: 'labels' }
  /** Text -> list of texts. */
  | { readonly kind: 'label-lists' }
  | ({ readonly kind: 'map' } & Part)
  /** A list of mappings. */
  | ({ readonly kind: 'maps' } & Part);

/** What a mapping within another has. */
export interface Part {
  readonly fields: Fields;
  /** Of these keys it has one, and no more. */
  readonly oneOf?: readonly string[];
}

export type Fields = Readonly<Record<string, Field>>;

/** What a field is once it is read. */
export type ValueOf<F> = F extends { readonly kind: 'text' }
  ? string
  : F extends { readonly kind: 'duration' }
    ? number
    : F extends { readonly kind: 'boolean' }
      ? boolean
      : F extends { readonly kind: 'choice'; readonly words: readonly (infer W)[] }
        ? W
        : F extends { readonly kind: 'choices'; readonly words: readonly (infer W)[] }
          ? readonly W[]
          : F extends { readonly kind: 'texts' }
            ? readonly string[]
            : F extends { readonly kind: 'labels' }
              ? Readonly<Record<string, string>>
              : F extends { readonly kind: 'label-lists' }
                ? Readonly<Record<string, readonly string[]>>
                : F extends { readonly kind: 'map'; readonly fields: infer G }
                  ? ValuesOf<G>
                  : F extends { readonly kind: 'maps'; readonly fields: infer G }
                    ? readonly ValuesOf<G>[]
                    : never;

type NeededKey<G> = {
  [K in keyof G]: G[K] extends { readonly required: true } ? K : never;
}[keyof G];

/** What a mapping is once it is read; keys that were not given are absent. */
export type ValuesOf<G> = {
  readonly [K in NeededKey<G>]: ValueOf<G[K]>;
} & { readonly [K in Exclude<keyof G, NeededKey<G>>]?: ValueOf<G[K]> };

export type Values = Readonly<Record<string, unknown>>;
