/**
 * A value as JSON on one line; a bigint as its digits, however many. Bytes are left out, and so is what is undefined. Text
 * is what JSON.stringify makes of it: control characters are escaped.
 */
export function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined && !(field instanceof Uint8Array))
    .map(([name, field]) => `${JSON.stringify(name)}:${jsonText(field)}`);
  return `{${fields.join(',')}}`;
}
