/**
 * Returns the candidate most similar to a misspelled word: equal except for case, `-` and `_`, or with
 * at most one edit per three letters and two in total. Undefined if no candidate is similar enough.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const allowed = Math.min(2, Math.floor(normalized(word).length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const edits = distance(normalized(word), normalized(candidate));
    if (edits <= allowed && (!best || edits < best.distance)) best = { candidate, distance: edits };
  }
  return best?.candidate;
}

function normalized(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Returns the number of insertions, deletions, substitutions and swaps between two texts. */
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

/** Returns infinity outside the table. */
function cost(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
