/** A position in a text; line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Formats a position for an error message. */
export function placeName({ line, column }: Position): string {
  return `line ${line}, column ${column}`;
}

/** An error in a value, as a clause without the name of the input and without a final period. */
export interface ValueError {
  readonly message: string;
  /** The position in the input, if it contains YAML. */
  readonly at?: Position | undefined;
}

/** An error in an input. */
export interface InvalidInput extends ValueError {
  readonly input: string;
  /** What the input is, such as `required`. Default: `invalid`. */
  readonly state?: string;
}

/** An error in the value of one input. Caught by `readTable`. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** The input with the error, if it is not the one being read. */
  readonly input: string | undefined;

  constructor(message: string, input?: string) {
    super(message);
    this.input = input;
  }
}

/** Several errors in the value of one input. Caught by `readTable`. */
export class InputErrors extends Error {
  override readonly name = 'InputErrors';
  readonly all: readonly ValueError[];

  constructor(all: readonly ValueError[]) {
    super(all.map(({ message }) => message).join('; '));
    this.all = all;
  }
}

/** Parses every entry of a list. Throws InputErrors with the errors of all entries. */
export function parseEach<T>(
  entries: readonly string[],
  parse: (entry: string, number: number) => T,
): readonly T[] {
  const errors: ValueError[] = [];
  const values = entries.flatMap((entry, index) => {
    try {
      return [parse(entry, index + 1)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push({ message: error.message });
      return [];
    }
  });
  if (errors.length > 0) throw new InputErrors(errors);
  return values;
}
