/**
 * A name of a category as it is compared: names that look equal are equal, whatever their case, spaces, invisible
 * characters or Unicode form.
 */
export function nameKey(name: string): string {
  return name
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim()
    .normalize('NFC')
}
