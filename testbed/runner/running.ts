import {
  type Ending,
  type Invocation,
  type Patience,
  startProcess,
  type StepProcess,
} from './process.ts';

/** A step that runs now. */
export interface RunningStep {
  readonly pid: number;
  /** As a user who presses "Cancel workflow": SIGINT, SIGTERM, SIGKILL to the one process. */
  cancel(): Promise<void>;
}

/** What a test may do while the step runs. */
export interface StepHooks {
  readonly onStart?: (step: RunningStep) => void;
  /** Every raw line, as it comes. */
  readonly onLine?: (line: string, step: RunningStep) => void;
  /** Cancels after so many milliseconds, or at the first raw line that matches. */
  readonly cancelAfter?: number | RegExp;
}

/** A step's process that has ended. */
export interface Ended extends Ending {
  readonly cancelled: boolean;
}

/** Runs the process to its end; `receive` gets every raw line before the hooks do. */
export async function runProcess(
  invocation: Invocation,
  hooks: StepHooks,
  watch: {
    readonly patience: Patience;
    readonly receive: (line: string) => void;
    /** The step that runs now; undefined once it has ended. */
    readonly running: (step: RunningStep | undefined) => void;
  },
): Promise<Ended> {
  const early: string[] = [];
  let step: CancellableStep | undefined;
  const child = await startProcess(invocation, watch.patience, (line) => {
    watch.receive(line);
    if (step === undefined) early.push(line);
    else notice(line, hooks, step);
  });
  const running = cancellable(child);
  step = running;
  watch.running(running);
  hooks.onStart?.(running);
  for (const line of early) notice(line, hooks, running);
  const { cancelAfter } = hooks;
  const timer =
    typeof cancelAfter === 'number' && setTimeout(() => void running.cancel(), cancelAfter);
  const ending = await child.ended;
  if (timer !== false) clearTimeout(timer);
  watch.running(undefined);
  return { ...ending, cancelled: running.cancelled() };
}

interface CancellableStep extends RunningStep {
  cancelled(): boolean;
}

function cancellable(child: StepProcess): CancellableStep {
  let cancelling: Promise<void> | undefined;
  return {
    pid: child.pid,
    cancelled: () => cancelling !== undefined,
    cancel: async () => {
      cancelling ??= child.cancel();
      await cancelling;
    },
  };
}

function notice(line: string, hooks: StepHooks, step: RunningStep): void {
  hooks.onLine?.(line, step);
  if (hooks.cancelAfter instanceof RegExp && hooks.cancelAfter.test(line)) void step.cancel();
}
