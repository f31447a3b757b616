import type { Position, ValueError } from '../text/input-error.ts';

export const start: Position = { line: 1, column: 1 };

/** A node of a YAML document that contains only plain data, with its position. */
export type Tree = Scalar | List | Mapping | Unread;

export interface Scalar {
  readonly kind: 'scalar';
  readonly at: Position;
  /** The text without quotes. Undefined for an absent value (`key:`) and for `null`. */
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
  /** In the order of the document; keys are unique. */
  readonly entries: readonly Entry[];
}

/** A node of unknown content. Its error is already reported, so it causes no other. */
export interface Unread {
  readonly kind: 'unread';
  readonly at: Position;
}

export interface Entry {
  readonly key: string;
  readonly at: Position;
  readonly value: Tree;
}

/** Records an error at a position. Returns undefined, for use in place of the value. */
export type AddError = (at: Position, message: string) => undefined;

/** Wraps `addError` and remembers whether it was called. */
export function trackErrors(addError: AddError): {
  readonly addError: AddError;
  readonly hasErrors: () => boolean;
} {
  let hasErrors = false;
  return {
    addError: (at, message) => {
      hasErrors = true;
      return addError(at, message);
    },
    hasErrors: () => hasErrors,
  };
}

/** Returns the kind of a node, to complete "but is". */
export function nameOf(tree: Tree): string {
  switch (tree.kind) {
    case 'scalar':
      return tree.text === undefined ? 'empty' : 'a single value';
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

/** Whether a node and all nodes below it could be read. */
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

/** Collects errors at positions. */
export interface ErrorCollector {
  readonly addError: AddError;
  /** Returns the errors in the order of the document. */
  inOrder(): readonly ValueError[];
}

export function collectErrors(): ErrorCollector {
  const errors: { readonly at: Position; readonly message: string }[] = [];
  return {
    addError: (at, message) => {
      errors.push({ at, message });
      return undefined;
    },
    inOrder: () =>
      errors.toSorted(
        (one, other) => one.at.line - other.at.line || one.at.column - other.at.column,
      ),
  };
}
