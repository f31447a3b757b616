/** What is wrong with the value of one input, without the input's name. Never leaves `readInputs`. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
}

/** Several things that are wrong with the value of one input. Never leaves `readInputs`. */
export class Mistakes extends Error {
  override readonly name = 'Mistakes';
  readonly all: readonly string[];

  constructor(all: readonly string[]) {
    super(all.join('; '));
    this.all = all;
  }
}
