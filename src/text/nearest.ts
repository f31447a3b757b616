/**
 * The candidate that a misspelt word most likely meant: the same letters but for case, `-` and `_`,
 * or at most one change in three letters (two at the most). Undefined when none is that near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const allowed = Math.min(2, Math.floor(plain(word).length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const changes = distance(plain(word), plain(candidate));
    if (changes <= allowed && (!best || changes < best.distance))
      best = { candidate, distance: changes };
  }
  return best?.candidate;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      current[j] = Math.min(
        cost(last, j) + 1,
        cost(current, j - 1) + 1,
        cost(last, j - 1) + (same ? 0 : 1),
        cost(beforeLast, j - 2) + (swapped ? 1 : Number.POSITIVE_INFINITY),
      );
    }
    beforeLast = last;
    last = current;
  }
  return cost(last, b.length);
}

/** There is no way through what lies outside the table. */
function cost(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
