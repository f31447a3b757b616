/** An unchecked mapping of the configuration. */
export type Values = Readonly<Record<string, unknown>>;

/** Any JSON value. */
export type Json = ReturnType<typeof JSON.parse>;

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a value as a mapping. Any other value is an empty mapping. */
export function asValues(value: unknown): Values {
  return isValues(value) ? value : {};
}

/** Returns the scalar of a key as text, or ''. */
export function textAt(values: Values, key: string): string {
  const value = values[key];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

/** Returns the list of a key, or an empty list. */
export function listAt(values: Values, key: string): readonly unknown[] {
  const value = values[key];
  return Array.isArray(value) ? value : [];
}
