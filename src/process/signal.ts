/**
 * Sends a signal to the process group of a leader; a group that is gone is no error. Windows has no
 * groups: nothing happens there.
 */
export function signalGroup(leader: number, name: NodeJS.Signals): void {
  if (process.platform !== 'win32') signal(-leader, name);
}

/** Sends a signal to a process; one that is gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, or never a leader of a group.
  }
}
