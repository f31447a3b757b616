/**
 * Sends a signal to the process group of a leader. Does nothing if the group is gone, and on
 * Windows, which has no groups.
 */
export function signalGroup(leader: number, name: NodeJS.Signals): void {
  if (process.platform !== 'win32') signal(-leader, name);
}

/** Sends a signal to a process. Does nothing if it is gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process is gone, or is not the leader of a group.
  }
}
