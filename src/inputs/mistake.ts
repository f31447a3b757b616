/** What is wrong with the value of one input, without the input's name. Never leaves `readInputs`. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
}
