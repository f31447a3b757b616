import { Worker } from 'node:worker_threads';

/** Milliseconds after which a case counts as one that never ends; the slowest takes a fraction of it. */
const longest = 120_000;

/** Runs in a thread of its own: a loop without an end stops the timers of the thread that it is in. */
const watching = `
  const { workerData } = require('node:worker_threads');
  const beats = new Int32Array(workerData.memory);
  let last = Atomics.load(beats, 0);
  setInterval(() => {
    const now = Atomics.load(beats, 0);
    if (now === last) {
      require('node:fs').writeSync(2, 'A case never ended: ' + workerData.what + ', run ' + now + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }
    last = now;
  }, workerData.longest);
`;

/** Ends the process when no case begins for two minutes, and names the one that hangs. */
export class Watchdog implements Disposable {
  readonly #beats: Int32Array<SharedArrayBuffer>;
  readonly #worker: Worker;

  constructor(what: string) {
    const memory = new SharedArrayBuffer(4);
    this.#beats = new Int32Array(memory);
    this.#worker = new Worker(watching, { eval: true, workerData: { memory, what, longest } });
    this.#worker.unref();
  }

  /** A case begins. */
  alive(): void {
    Atomics.add(this.#beats, 0, 1);
  }

  [Symbol.dispose](): void {
    void this.#worker.terminate();
  }
}
