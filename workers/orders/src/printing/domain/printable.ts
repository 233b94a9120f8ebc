/** Letters that are printed as they are stored, one after the other from left to right. */
const LETTERS = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]$/u
/** Signs of currencies that the font has. */
const CURRENCY_SIGNS = /^[$¢-¥₠-₿]$/u
const REPLACEMENT = '\ufffd'

/**
 * A text as it is printed: in one Unicode form, with plain spaces, and without control and formatting characters, which could reorder it.
 * Letters of scripts other than Latin, Greek and Cyrillic become �, because they need shaping and would otherwise be wrong unnoticed.
 *
 * @param hasGlyph whether the font has a character
 */
export function printable(text: string, hasGlyph: (codePoint: number) => boolean): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\p{Zs}\t]/gu, ' ')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
  return Array.from(plain.replace(/[^\P{C}\n]/gu, ''), (letter) => {
    const isKnown = letter === '\n' || (isPrintable(letter) && hasGlyph(letter.codePointAt(0) ?? 0))
    return isKnown ? letter : REPLACEMENT
  }).join('')
}

/** Whether the sign of a currency is printed, as a language writes it; else its code is. */
export const isPrintableSign = (text: string): boolean => Array.from(text).every(isPrintable)

const isPrintable = (letter: string): boolean =>
  LETTERS.test(letter) && (!/^\p{Sc}$/u.test(letter) || CURRENCY_SIGNS.test(letter))
