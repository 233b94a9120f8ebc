/** The name of a category as it is stored: in one Unicode form, without spaces around it. Undefined for a blank one. */
export function categoryNameOf(text: string): string | undefined {
  const name = text.normalize('NFC').trim()
  return nameKey(name) === '' ? undefined : name
}

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
