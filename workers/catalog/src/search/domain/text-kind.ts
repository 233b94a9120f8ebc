/**
 * How a search is answered: by the words of the text, or, for text without a whole trigram, by the first one or two
 * characters of the name, or by those two and the rest of the beginning.
 */
export type TextKind = 'words' | 'initial' | 'initials' | 'beginning'

const LETTERS = String.raw`\p{Alphabetic}\p{Nd}`

/**
 * Three letters, or the start, the end or all of a shorter word: what the trigrams of pg_trgm are made of. The word that
 * the text starts or ends with may go on in what is found, so its own edge is no start or end.
 *
 * Source: https://www.postgresql.org/docs/current/pgtrgm.html
 */
const TRIGRAM = (() => {
  const [is, not] = [`[${LETTERS}]`, `[^${LETTERS}]`]
  return new RegExp([is + is + is, not + is + is, is + is + not, not + is + not].join('|'), 'u')
})()

/** One or two letters, and symbols, are no words: too many products have some word that begins with them. */
export function textKind(text: string): TextKind {
  if (TRIGRAM.test(text)) return 'words'
  const { length } = [...text]
  return length === 1 ? 'initial' : length === 2 ? 'initials' : 'beginning'
}
