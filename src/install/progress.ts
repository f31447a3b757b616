/** Milliseconds: a download that is over by then says nothing, and how often a longer one does. */
const firstWord = 5000;
const pause = 10_000;

/** Passes a body through, and tells how far it is while it takes long. */
export async function* withProgress(
  body: AsyncIterable<Uint8Array>,
  total: number | undefined,
  say: (line: string) => void,
  now: () => number = () => performance.now(),
): AsyncGenerator<Uint8Array, void, void> {
  const start = now();
  let next = start + firstWord;
  let done = 0;
  for await (const chunk of body) {
    done += chunk.length;
    const time = now();
    if (time >= next) {
      say(progressLine(done, total, (time - start) / 1000));
      next = time + pause;
    }
    yield chunk;
  }
}

/** `42 of 150 MB, 5.1 MB/s, 21 s left`; without what is not known. */
export function progressLine(done: number, total: number | undefined, seconds: number): string {
  const rate = done / seconds;
  const size = total === undefined ? `${mega(done)} MB` : `${mega(done)} of ${mega(total)} MB`;
  const left = total === undefined ? '' : `, ${Math.ceil((total - done) / rate)} s left`;
  return `${size}, ${(rate / 1e6).toFixed(1)} MB/s${left}`;
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

/** The bytes that are announced; undefined for what is no number. */
export function lengthOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
