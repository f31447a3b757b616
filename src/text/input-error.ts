/** What is wrong with the value of one input, without the input's name. Never leaves `readInputs`. */
export class InputError extends Error {
  override readonly name = 'Mistake';
  /** The input whose value it is, where that is not the one that was being read. */
  readonly input: string | undefined;

  constructor(what: string, input?: string) {
    super(what);
    this.input = input;
  }
}

/** Several things that are wrong with the value of one input. Never leaves `readInputs`. */
export class InputErrors extends Error {
  override readonly name = 'Mistakes';
  readonly all: readonly string[];

  constructor(all: readonly string[]) {
    super(all.join('; '));
    this.all = all;
  }
}
