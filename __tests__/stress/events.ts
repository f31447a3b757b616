import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Way } from './stop.ts';

/** The settings of the probe. */
export interface ProbeFile {
  /** Receives one line for each event: the time in nanoseconds and the label. */
  readonly log: string;
  /** The label of the event at which the step is stopped. */
  readonly event?: string;
  readonly way?: Way;
}

/** Returns the file of the settings, beside the runner's folder: on another file system than that. */
export function settingsOf(root: string): string {
  return `${root}.probe.json`;
}

/** Returns a path without its random parts and process ids, so that it is the same in every run. */
export function labelOf(path: string): string {
  return path
    .replaceAll(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, '*')
    .replaceAll(/machine-id-[\da-f]{16}/g, 'machine-id-*')
    .replaceAll(/\.json\.\d+$/g, '.json.*')
    .replaceAll(/\.[\da-f]{64}(?=$|\.)/g, '.*')
    .replace(/^_work\//, '');
}

// Bound early, because the probe replaces it.
const append = appendFileSync;

/** Adds an event to the log; the clock is the same for all processes of the machine. */
export function appendEvent(log: string, label: string): void {
  append(log, `${process.hrtime.bigint()} ${label}\n`);
}

/** The line of the log that says that the step was stopped. */
export const stoppedLabel = 'stopped';

/** Reads the labels of all events, in their order. */
export async function readEvents(log: string): Promise<readonly string[]> {
  const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '');
  const events = lines.map((line) => {
    const space = line.indexOf(' ');
    return { time: BigInt(line.slice(0, space)), label: line.slice(space + 1) };
  });
  return events.toSorted((one, other) => Number(one.time - other.time)).map(({ label }) => label);
}
