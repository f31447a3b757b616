/** Milliseconds until the first progress line. Most downloads are complete by then. */
const firstReport = 5000;
/** Milliseconds between progress lines. */
const interval = 10_000;

/** Yields a body unchanged, counts its bytes and reports the progress of a long download. */
export async function* withProgress(
  body: AsyncIterable<Uint8Array>,
  total: number | undefined,
  report: (line: string) => void,
  onBytes?: (count: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const start = performance.now();
  let next = start + firstReport;
  let done = 0;
  for await (const chunk of body) {
    done += chunk.length;
    onBytes?.(chunk.length);
    const time = performance.now();
    if (time >= next) {
      report(progressLine(done, total, (time - start) / 1000));
      next = time + interval;
    }
    yield chunk;
  }
}

/** Formats `Downloaded 42 of 150 MB (5.1 MB/s, 21 s left)`, or less if the total is unknown. */
function progressLine(done: number, total: number | undefined, seconds: number): string {
  const rate = done / seconds;
  const size =
    total === undefined ? `${megabytes(done)} MB` : `${megabytes(done)} of ${megabytes(total)} MB`;
  const left = total === undefined ? '' : `, ${Math.ceil((total - done) / rate)} s left`;
  return `Downloaded ${size} (${(rate / 1e6).toFixed(1)} MB/s${left})`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
