import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TbotFault } from '../faults.ts';
import { print } from './log.ts';

/** Reads the fault from the file of the testbed. */
export function readFault(controlFile: string): TbotFault {
  return JSON.parse(readFileSync(controlFile, 'utf8'));
}

/** Name of the file with the pid of the fault 'child', for tests. */
export function childPidFile(controlFile: string): string {
  return `${controlFile}.child`;
}

/** Returns the path of the file that counts the starts under the fault 'port-taken'. */
export function startsFile(controlFile: string): string {
  return `${controlFile}.starts`;
}

/** Handles signals: the program exits successfully after SIGINT, and SIGTERM terminates it. */
export function listenToSignals(fault: TbotFault, onInterrupt: () => void): void {
  const deaf = fault.kind === 'ignore-sigterm' || fault.kind === 'ignore-signals';
  process.on('SIGINT', deaf ? () => undefined : onInterrupt);
  if (deaf) process.on('SIGTERM', () => undefined);
}

/** Plays a fault between reading the configuration and joining. Some never return. */
export async function playBeforeJoin(fault: TbotFault, controlFile: string): Promise<void> {
  switch (fault.kind) {
    case 'print':
      for (const line of fault.lines) print(`${line}\n`);
      return;
    case 'slow':
      return await sleep(fault.milliseconds);
    case 'killed':
      process.kill(process.pid, 'SIGKILL');
      return await forever();
    case 'ignore-sigterm':
    case 'hang':
      return await forever();
    case 'exit-0-without-files':
      return process.exit(0);
    case 'exit-code':
      return process.exit(fault.code);
    case 'child':
      return leaveChild(controlFile);
    // Played when certificates are requested or written.
    case 'partial':
    case 'mismatched-key':
    case 'other-files':
    case 'foreign-cluster':
    case 'not-issued':
    case 'ignore-signals':
    // These affect background mode only.
    case 'hold-credentials':
    case 'port-taken':
    case 'none':
      return;
    default:
      return fault satisfies never;
  }
}

/** Waits until a signal ends the process. */
export function forever(): Promise<never> {
  return new Promise(() => {
    setInterval(() => undefined, 60_000);
  });
}

// Ten minutes, so that a failed test does not leave a process for long.
function leaveChild(controlFile: string): void {
  const child = spawn('/bin/sh', ['-c', 'exec sleep 600'], { stdio: 'ignore' });
  child.unref();
  writeFileSync(childPidFile(controlFile), `${child.pid}`);
}
