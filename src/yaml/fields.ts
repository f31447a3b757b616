import type { Availability } from '../versions/releases.ts';

/** The rule for the value of a key. */
export type Field = Rule & {
  /** The tbot releases that support the key. Undefined: all that support the mapping. */
  readonly since?: Availability;
  /** A required list must have at least one entry. */
  readonly required?: true;
  /** The value is masked and never shown. */
  readonly secret?: true;
  /** Other names that users may try, for the error about an unknown key. */
  readonly aliases?: readonly string[];
};

export type Rule =
  | { readonly kind: 'text' }
  /** A Go duration, read as seconds. */
  | { readonly kind: 'duration' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly words: readonly string[] }
  | { readonly kind: 'texts' }
  /** A list of words from a fixed set. */
  | { readonly kind: 'choices'; readonly words: readonly string[] }
  /** A mapping of text to text. */
  | { readonly kind: 'labels' }
  /** A mapping of text to a list of texts. */
  | { readonly kind: 'label-lists' }
  | ({ readonly kind: 'map' } & Shape)
  /** A list of mappings. */
  | ({ readonly kind: 'maps' } & Shape);

/** The keys of a nested mapping. */
export interface Shape {
  readonly fields: Fields;
  /** Exactly one of these keys must be set. */
  readonly oneOf?: readonly string[];
}

export type Fields = Readonly<Record<string, Field>>;

/** The type of a field's value. */
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

type RequiredKey<G> = {
  [K in keyof G]: G[K] extends { readonly required: true } ? K : never;
}[keyof G];

/** The type of a mapping's values. Absent keys are absent here as well. */
export type ValuesOf<G> = {
  readonly [K in RequiredKey<G>]: ValueOf<G[K]>;
} & { readonly [K in Exclude<keyof G, RequiredKey<G>>]?: ValueOf<G[K]> };

export type Values = Readonly<Record<string, unknown>>;
