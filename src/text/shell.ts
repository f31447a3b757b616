/** A command for a shell, ready to paste. */
export function command(...words: readonly string[]): string {
  return `\`${words.map(shellWord).join(' ')}\``;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
