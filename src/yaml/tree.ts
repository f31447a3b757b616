/** Where something stands in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export const start: Position = { line: 1, column: 1 };

/** A part of a YAML text that holds nothing but plain data, with its place in the text. */
export type Tree = Scalar | List | Mapping | Unread;

export interface Scalar {
  readonly kind: 'scalar';
  readonly at: Position;
  /** As it was written, without quotes; undefined for nothing at all (`key:`) and for `null`. */
  readonly text: string | undefined;
  readonly quoted: boolean;
}

export interface List {
  readonly kind: 'list';
  readonly at: Position;
  readonly items: readonly Tree[];
}

export interface Mapping {
  readonly kind: 'map';
  readonly at: Position;
  /** In the order of the text; no key comes twice. */
  readonly entries: readonly Entry[];
}

/** What could be anything: it was complained of, and nothing more is to be said about it. */
export interface Unread {
  readonly kind: 'unread';
  readonly at: Position;
}

export interface Entry {
  readonly key: string;
  readonly at: Position;
  readonly value: Tree;
}

/** Takes note of what is wrong at a place; `undefined` is what there is instead of a value. */
export type AddError = (at: Position, what: string) => undefined;

/** Passes complaints on, and knows whether there were any. */
export function trackErrors(addError: AddError): {
  readonly addError: AddError;
  readonly hasErrors: () => boolean;
} {
  let hasErrors = false;
  return {
    addError: (at, what) => {
      hasErrors = true;
      return addError(at, what);
    },
    hasErrors: () => hasErrors,
  };
}

/** What a part of a text is, for a sentence. */
export function nameOf(tree: Tree): string {
  switch (tree.kind) {
    case 'scalar':
      return tree.text === undefined ? 'nothing' : 'a single value';
    case 'unread':
      return 'something else';
    case 'list':
      return 'a list';
    case 'map':
      return 'a mapping';
    default:
      return tree satisfies never;
  }
}

/** Whether nothing in it is left unread. */
export function isWhole(tree: Tree): boolean {
  switch (tree.kind) {
    case 'scalar':
      return true;
    case 'unread':
      return false;
    case 'list':
      return tree.items.every(isWhole);
    case 'map':
      return tree.entries.every(({ value }) => isWhole(value));
    default:
      return tree satisfies never;
  }
}

/** Notes of what is wrong. */
export interface ErrorCollector {
  readonly addError: AddError;
  /** In the order of the text, each with its place. */
  inOrder(): readonly string[];
}

export function collectErrors(): ErrorCollector {
  const found: { readonly at: Position; readonly what: string }[] = [];
  return {
    addError: (at, what) => {
      found.push({ at, what });
      return undefined;
    },
    inOrder: () =>
      found
        .toSorted((one, other) => one.at.line - other.at.line || one.at.column - other.at.column)
        .map(({ at, what }) => `${placeName(at)}: ${what}`),
  };
}

/** A place in the words of a mistake. */
export function placeName({ line, column }: Position): string {
  return `line ${line}, column ${column}`;
}
