import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeKey } from '../../../src/promotions/domain/code-key.ts'

describe('a code', () => {
  it.each([
    ['summer-10', 'SUMMER-10'],
    ['  Summer-10\t', 'SUMMER-10'],
    ['\u00a0SUMMER-10\u3000', 'SUMMER-10'],
    ['ｓｕｍｍｅｒ－１０', 'SUMMER-10'],
    ['straße', 'STRASSE'],
    ['STRAẞE', 'STRASSE'],
    ['cafe\u0301', 'CAFÉ'],
    ['two words', 'TWO WORDS'],
    [' \u2003 ', ''],
  ])('%j is compared as %j', (code, key) => {
    expect(codeKey(code)).toBe(key)
  })

  it('is compared as it is stored, whatever the blanks around it', () => {
    // Not `unit: 'binary'`, whose first string takes seconds.
    const points = fc.array(fc.nat(0x10ffff))
    fc.assert(
      fc.property(points, (all) => {
        const code = String.fromCodePoint(...all)
        const key = codeKey(code)
        for (const same of [key, ` \t${code}\u00a0`]) expect(codeKey(same)).toBe(key)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is compared as the same text whatever its case and Unicode form', () => {
    const letters = fc.constantFrom(...'ßẞςσΣİıŉéÅ a1-', 'e\u0301')
    fc.assert(
      fc.property(fc.string({ unit: letters }), (code) => {
        const key = codeKey(code)
        for (const same of [key.toLowerCase(), code.toUpperCase(), code.normalize('NFD')]) {
          expect(codeKey(same)).toBe(key)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
