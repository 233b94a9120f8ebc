/** In UTF-16 code units, as codes are compared: some characters become many. */
export const MAX_CODE_LENGTH = 64

/**
 * What all spellings of one code have in common: case, surrounding blanks and Unicode form do not count.
 *
 * By way of lower case, since a capital ẞ alone is not SS. At the end in one form again, since upper case may be composed
 * differently.
 */
export function codeKey(code: string): string {
  return code.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKC').trim()
}
