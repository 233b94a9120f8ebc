import { describe, expect, it } from 'vitest'
import { isPrintableSign, printable } from '../../../src/printing/domain/printable.ts'

const print = (text: string) => printable(text, () => true)

describe('a printed text', () => {
  it.each([
    'Café crème “très” fort',
    'Łódź, Größe, Đorđević',
    'Ελληνικός καφές',
    'Кофе Львів',
    '€ £ ¥ ₹ ₩ ₫ ₺ ₴ ₦ ₽ $',
  ])('keeps %s', (text) => {
    expect(print(text)).toBe(text)
  })

  it('is in one Unicode form, with plain spaces and line ends', () => {
    expect(print('Cafe\u0301\u00a0crème\u202f1\r\n2\u20283\t4')).toBe('Café crème 1\n2\n3 4')
  })

  it('has no control characters, and none that reorder it or are invisible', () => {
    expect(print('a\u0000b\u0007c\u001bd')).toBe('abcd')
    expect(print('\u202eevil\u202c \u200bjoin\u200d \ufeff\u2066x\u2069')).toBe('evil join x')
  })

  it.each(['中文', 'שלום', 'مرحبا', 'नमस्ते', 'ไทย'])(
    'has � for the letters of %s, which need rules of their own',
    (text) => {
      expect(print(text)).toMatch(/^�+$/)
    },
  )

  it('has � for what the font has not, and for signs of currencies that are not printed', () => {
    expect(printable('a🙂b', (codePoint) => codePoint < 0x1_0000)).toBe('a�b')
    expect(print('฿5')).toBe('�5')
  })
})

describe('the sign of a currency', () => {
  it.each(['12,00 €', 'CHF 5.00', '₹1', 'US$ 3'])('is printed in %s', (text) => {
    expect(isPrintableSign(text)).toBe(true)
  })

  it.each(['฿5', '5 د.إ.', '៛5'])('is replaced by its code in %s', (text) => {
    expect(isPrintableSign(text)).toBe(false)
  })
})
