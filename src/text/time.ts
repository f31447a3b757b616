/** A moment to the second, in UTC: `2026-11-21T02:53:47Z`. */
export function rfc3339(date: Date | undefined): string {
  return date ? date.toISOString().replace(/\.\d+Z$/, 'Z') : '';
}
