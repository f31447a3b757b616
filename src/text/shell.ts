/** Returns a shell command as Markdown code, with words quoted where necessary. */
export function command(...words: readonly string[]): string {
  return `\`${words.map(shellWord).join(' ')}\``;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
