import { InputError } from './input-error.ts';
import { quoted } from './display.ts';

const secondsPerUnit: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Seconds. Go stores a duration as nanoseconds in 63 bits. */
const longest = 2 ** 63 / 1e9;

/**
 * Parses a duration as Go's `time.ParseDuration` does (`90s`, `1h30m`, `1.5h`; there is no unit for
 * days). Returns seconds. Throws an InputError if the text is not a positive duration.
 */
export function parseDuration(text: string): number {
  part.lastIndex = 0;
  let seconds = 0;
  let end = 0;
  for (let match = part.exec(text); match; match = part.exec(text)) {
    seconds += Number(match[1]) * Number(secondsPerUnit[String(match[2])]);
    end = part.lastIndex;
  }
  if (text !== '0' && (end === 0 || end !== text.length)) throw new InputError(notADuration(text));
  if (seconds < 1e-9) throw new InputError('the duration must be greater than zero');
  if (seconds >= longest)
    throw new InputError(`${quoted(text)} is too long for a Go duration (292 years)`);
  return seconds;
}

function notADuration(text: string): string {
  const days = /^(\d+)d$/.exec(text);
  // A large number without a unit is more likely seconds, a small one minutes.
  const bare = /^\d+$/.test(text) && `${text}${Number(text) < 300 ? 'm' : 's'}`;
  const suggestion = days ? `${Number(days[1]) * 24}h` : bare;
  const fix = suggestion ? `Use \`${suggestion}\`` : 'Use for example `1h30m`';
  return `${quoted(text)} is not a Go duration (units: h, m, s, ms). ${fix}`;
}

/** Formats seconds as a Go duration without zero parts: `1h30m`, `45s`, `1.5s`, `250ms`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1e9) / 1e6}ms`;
  const whole = Math.floor(Math.round(seconds * 1e6) / 1e6);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const fraction = Math.max(0, Math.round((seconds - whole) * 1e6) / 1e6);
  const rest = Math.round(((whole % 60) + fraction) * 1e6) / 1e6;
  return `${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${rest ? `${rest}s` : ''}`;
}

/** Formats a date as `2026-11-21T02:53:47Z`. Returns an empty string for undefined. */
export function rfc3339(date: Date | undefined): string {
  return date ? date.toISOString().replace(/\.\d+Z$/, 'Z') : '';
}
