/** The signals by which a job is cancelled, as far as they were received. */
export interface Signals extends Disposable {
  readonly received: 'SIGINT' | 'SIGTERM' | undefined;
}

/** Remembers the first signal. Until it is disposed of, no signal ends this process before the cleanup. */
export function listenForSignals(): Signals {
  let received: Signals['received'];
  const interrupt = (): void => void (received ??= 'SIGINT');
  const terminate = (): void => void (received ??= 'SIGTERM');
  process.on('SIGINT', interrupt).on('SIGTERM', terminate);
  return {
    get received() {
      return received;
    },
    [Symbol.dispose]: () => {
      process.off('SIGINT', interrupt).off('SIGTERM', terminate);
    },
  };
}
