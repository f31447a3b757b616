/** A signal that a timer or another signal ends, whichever is first. */
export interface Limit {
  readonly signal: AbortSignal;
  /** To be called when the work is done. */
  lift(): void;
}

/** Aborts with `late()` after so many milliseconds. */
export function limit(milliseconds: number, outer: AbortSignal, late: () => Error): Limit {
  const controller = new AbortController();
  const onOuter = (): void => controller.abort(outer.reason);
  if (outer.aborted) onOuter();
  else outer.addEventListener('abort', onOuter, { once: true });
  const timer = setTimeout(() => controller.abort(late()), milliseconds);
  return {
    signal: controller.signal,
    lift: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', onOuter);
    },
  };
}

/** Does work that has so many milliseconds; past that, it ends with `late()`. */
export async function within<T>(
  milliseconds: number,
  outer: AbortSignal,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limited = limit(milliseconds, outer, late);
  try {
    return await work(limited.signal);
  } finally {
    limited.lift();
  }
}
