/** Between the digits of a card as people write it; percent-encoded, once or twice, where it is part of a URL. */
const GAP = String.raw`(?:[\s\u00a0+_./:,-]|%(?:25)?(?:20|2[bcdef]|5f|3a|a0)){1,3}`
const GAPS = new RegExp(GAP, 'i')
/** Digits that may have a card number among them, with what people write beside it, such as its expiry. */
const DIGITS = new RegExp(String.raw`\d(?:(?:${GAP})?\d){12,}`, 'gi')

/** The text with the digits replaced that are a card number, or have one among them. */
export function withoutCardNumbers(text: string, replacement: string): string {
  return text.replace(DIGITS, (digits) => (hasCardNumber(digits.split(GAPS)) ? replacement : digits))
}

/** Whether groups of digits that follow each other are a card number together. */
function hasCardNumber(groups: readonly string[]): boolean {
  return groups.some((_, first) => {
    let digits = ''
    for (const group of groups.slice(first, first + LONGEST)) {
      digits += group
      if (digits.length > LONGEST) return false
      if (isCardNumber(digits)) return true
    }
    return false
  })
}

const LONGEST = 19

/** By length and first digit, and by Luhn's check, which leaves nine of ten other numbers. Source: ISO/IEC 7812-1. */
function isCardNumber(digits: string): boolean {
  if (!/^[2-6]\d{12,18}$/.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}
