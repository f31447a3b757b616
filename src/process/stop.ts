import { formatDuration } from '../text/time.ts';
import { Problem } from '../problem.ts';
import { type Phase, Timeline } from '../timeline.ts';

/** Stops a step early: at its deadline, or when the job is cancelled. */
export interface Stop extends Disposable {
  /** Aborted with a Problem `timeout` or `cancelled` as its reason. */
  readonly signal: AbortSignal;
  /** Starts the timeout, in seconds. */
  readonly after: (seconds: number) => void;
  /**
   * Sets the current stage, as the end of the sentence `The step timed out while ...`. `phase` is the
   * phase that starts with it.
   */
  readonly during: (stage: string, phase?: Phase) => void;
  /** The phases of the step until now. */
  readonly timeline: Timeline;
}

/** The longest timer of Node in milliseconds, which is far longer than a job. */
const longestTimer = 2_147_483_647;

/**
 * Listens for the signals by which a CI system cancels a job. GitHub's runner sends SIGINT, and
 * SIGTERM 7.5 s later (actions/runner, src/Runner.Sdk/ProcessInvoker.cs).
 */
export function listenForStop(): Stop {
  const controller = new AbortController();
  const cancel = (): void => controller.abort(cancelled());
  process.on('SIGINT', cancel).on('SIGTERM', cancel);
  let timer: NodeJS.Timeout | undefined;
  let stage = 'starting';
  const timeline = new Timeline();
  return {
    signal: controller.signal,
    after: (seconds) => {
      const expire = (): void => controller.abort(expired(seconds, stage));
      timer = setTimeout(expire, Math.min(seconds * 1000, longestTimer));
    },
    during: (next, phase) => {
      stage = next;
      if (phase !== undefined) timeline.enter(phase);
    },
    timeline,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      process.off('SIGINT', cancel).off('SIGTERM', cancel);
    },
  };
}

function cancelled(): Problem {
  return new Problem({
    code: 'cancelled',
    what: 'The job was cancelled during this step.',
    fix: 'No action is needed: the post step removes what this step created.',
  });
}

function expired(seconds: number, stage: string): Problem {
  return new Problem({
    code: 'timeout',
    what: `The step timed out after ${formatDuration(seconds)} while ${stage}.`,
    fix: 'Check firewalls and HTTP proxies between the runner and the cluster; increase `timeout` if the connection is only slow.',
  });
}
