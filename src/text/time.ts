/** Formats a date as `2026-11-21T02:53:47Z`. Returns an empty string for undefined. */
export function rfc3339(date: Date | undefined): string {
  return date ? date.toISOString().replace(/\.\d+Z$/, 'Z') : '';
}
