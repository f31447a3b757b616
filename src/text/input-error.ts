/** An error in the value of one input, without the name of the input. Caught by `readInputs`. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** The input with the error, if it is not the one being read. */
  readonly input: string | undefined;

  constructor(what: string, input?: string) {
    super(what);
    this.input = input;
  }
}

/** Several errors in the value of one input. Caught by `readInputs`. */
export class InputErrors extends Error {
  override readonly name = 'InputErrors';
  readonly all: readonly string[];

  constructor(all: readonly string[]) {
    super(all.join('; '));
    this.all = all;
  }
}
