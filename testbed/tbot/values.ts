/** A mapping of the configuration, not looked at yet. */
export type Values = Readonly<Record<string, unknown>>;

/** Whatever JSON holds; the place that reads it says what it expects. */
export type Json = ReturnType<typeof JSON.parse>;

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a mapping; one of another kind, or none, is empty. */
export function asValues(value: unknown): Values {
  return isValues(value) ? value : {};
}

/** The scalar under a key as text; '' when there is none. */
export function textAt(values: Values, key: string): string {
  const value = values[key];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

/** The list under a key; empty when there is none. */
export function listAt(values: Values, key: string): readonly unknown[] {
  const value = values[key];
  return Array.isArray(value) ? value : [];
}
