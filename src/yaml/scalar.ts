/**
 * Returns a text as a double-quoted YAML scalar. Escapes line breaks and characters that hide or
 * reorder text, so that the reader sees what the scalar contains.
 */
export function yamlScalar(text: string): string {
  const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
  const characters = Array.from(wellFormed, (character) =>
    plain.test(character) ? character : escaped(character),
  );
  return `"${characters.join('')}"`;
}

/** Printable and visible characters except `"` and `\`. */
const plain = /^(?!["\\])[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const code = Number(character.codePointAt(0)).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}
