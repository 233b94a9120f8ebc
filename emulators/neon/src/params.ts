/**
 * Converts a JSON parameter to Postgres's text format, as Neon's proxy does. The client sends only strings and null;
 * other callers may send any JSON.
 */
export function toParam(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return arrayLiteral(value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(arrayElement).join(',')}}`
}

function arrayElement(value: unknown): string {
  if (value === null) return 'NULL'
  if (Array.isArray(value)) return arrayLiteral(value)
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return typeof value === 'string' || typeof value === 'object' ? `"${text.replace(/["\\]/g, '\\$&')}"` : text
}
