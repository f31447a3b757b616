const seconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Parses a Go duration such as `1h30m` to seconds. Returns undefined for anything else. */
export function parseGoDuration(text: string): number | undefined {
  const [, sign, amount = ''] = /^([+-]?)(.+)$/.exec(text) ?? [];
  if (amount === '0') return 0;
  const unit = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/gy;
  let total = 0;
  let end = 0;
  for (const match of amount.matchAll(unit)) {
    total += Number(match[1]) * (seconds[match[2] ?? ''] ?? 0);
    end = match.index + match[0].length;
  }
  if (end === 0 || end !== amount.length) return undefined;
  return sign === '-' ? -total : total;
}

/** Formats seconds as Go does, to the millisecond: `31m0s`, `12h1m0s`, `11.9s`, `727ms`. */
export function formatGoDuration(total: number): string {
  const milliseconds = Math.round(total * 1000);
  if (milliseconds > 0 && milliseconds < 1000) return `${milliseconds}ms`;
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000);
  const rest = `${(milliseconds % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
