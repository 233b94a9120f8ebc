/**
 * How a search is answered: by text that name or description contains, or, for text without a trigram, by the first one or
 * two characters of the name, or by those two and the rest of the beginning.
 */
export type SearchKind = 'contains' | 'initial' | 'initials' | 'beginning'

/**
 * A regular expression for text that contains a whole trigram: three letters, or the start, the end or all of a shorter
 * word. The word that the text starts or ends with may go on in what is found, so its own edge is no start or end.
 *
 * Source: https://www.postgresql.org/docs/current/pgtrgm.html
 *
 * @param letters what pg_trgm takes for letters and digits; anything else separates words
 */
function trigram(letters: string): RegExp {
  const [is, not] = [`[${letters}]`, `[^${letters}]`]
  return new RegExp([is + is + is, not + is + is, is + is + not, not + is + not].join('|'), 'u')
}

const LETTERS = String.raw`\p{Alphabetic}\p{Nd}`
const TRIGRAM = trigram(LETTERS)
const ASCII_TRIGRAM = trigram('0-9A-Za-z')
const BETWEEN_WORDS = new RegExp(`[^${LETTERS}]+`, 'u')

/** The trigram index would have to read every product for one or two letters, or for symbols. */
export function searchKind(text: string): SearchKind {
  if (TRIGRAM.test(text)) return 'contains'
  const { length } = [...text]
  return length === 1 ? 'initial' : length === 2 ? 'initials' : 'beginning'
}

/** Whether the text has a trigram in every database. Other letters than those of ASCII are letters only in some locales. */
export const hasAsciiTrigram = (text: string): boolean => ASCII_TRIGRAM.test(text)

/** The words by which to estimate how many products the index finds. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.split(BETWEEN_WORDS).filter((word) => word !== ''))]
}
