import { writeSync } from 'node:fs';
import type { PlayedVersion } from './versions.ts';

/** The source of a log line: `[TBOT]` and `tbot/tbot.go:298`. */
export interface Origin {
  readonly component: string;
  readonly caller: string;
}

export type Attributes = Readonly<Record<string, string>>;

/** The log of the program, on stderr. */
export interface Log {
  info(from: Origin, message: string, attributes?: Attributes): void;
  warn(from: Origin, message: string, attributes?: Attributes): void;
  error(from: Origin, message: string, attributes?: Attributes): void;
  debug(from: Origin, message: string, attributes?: Attributes): void;
}

const COMPONENT_WIDTH = 11;

/**
 * Writes lines as Teleport's text formatters do. Recorded from tbot 15.0.0-dev; the leading time is
 * from `lib/utils/log/slog_text_handler.go`.
 */
export function createLog(version: PlayedVersion, debug: boolean): Log {
  const write = (level: string, from: Origin, message: string, attributes: Attributes = {}) => {
    const time = version.logsTime ? [new Date().toISOString()] : [];
    const pairs = Object.entries(attributes).map(([key, value]) => `${key}:${value}`);
    const parts = [...time, level, component(from), message, ...pairs, from.caller];
    print(`${parts.join(' ')}\n`);
  };
  return {
    info: (...line) => write('INFO', ...line),
    warn: (...line) => write('WARN', ...line),
    error: (...line) => write('ERRO', ...line),
    debug: (...line) => {
      if (debug) write('DEBU', ...line);
    },
  };
}

function component({ component: name }: Origin): string {
  const full = `[${name}]`;
  return full.length > COMPONENT_WIDTH
    ? `${full.slice(0, COMPONENT_WIDTH - 1)}]`
    : full.padEnd(COMPONENT_WIDTH);
}

/** Writes synchronously, so that nothing is lost if the process is killed. */
export function print(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // The reader closed the pipe.
  }
}
