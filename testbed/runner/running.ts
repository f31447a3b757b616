import {
  type Ending,
  type Invocation,
  type Patience,
  startProcess,
  type StepProcess,
} from './process.ts';

/** A running step. */
export interface RunningStep {
  readonly pid: number;
  /** Sends SIGINT, SIGTERM and SIGKILL in turn, as "Cancel workflow" does. */
  cancel(): Promise<void>;
}

/** Hooks of a test while the step runs. */
export interface StepHooks {
  readonly onStart?: (step: RunningStep) => void;
  /** Called with every raw line. */
  readonly onLine?: (line: string, step: RunningStep) => void;
  /** Cancels after some milliseconds, or at the first matching raw line. */
  readonly cancelAfter?: number | RegExp;
}

/** An exited process of a step. */
export interface Ended extends Ending {
  readonly cancelled: boolean;
}

/** Runs a process until it exits. Calls `receive` with every raw line before the hooks. */
export async function runProcess(
  invocation: Invocation,
  hooks: StepHooks,
  watch: {
    readonly patience: Patience;
    readonly receive: (line: string) => void;
    /** The running step, or undefined. */
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
