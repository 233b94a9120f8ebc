import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { codeOf, lastFourOf, readCode, shownCode } from '../../../src/gift-cards/domain/gift-card-code.ts'
import { giftCardCodes } from '../../../src/gift-cards/gift-card-codes.ts'

const OLD = 'an old secret of at least 32 characters'
const NEW = 'a new secret of at least 32 characters'

describe('the code of a gift card', () => {
  it('has 100 bits in groups of four, without characters that are misread', async () => {
    const id = newId('giftCard')
    const codes = giftCardCodes([NEW])
    const { codeHash, lastFour } = await codes.issue(id)
    const code = await codes.show(id, codeHash)
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(code?.slice(-4)).toBe(lastFour)
    expect(codeOf(new Uint8Array(13).fill(255))).toBe('ZZZZZZZZZZZZZZZZZZZZ')
    expect(codeOf(new Uint8Array(13))).toBe('00000000000000000000')
  })

  it('has the last 100 of 104 random bits, five in each character, and no others', () => {
    const bytes = Uint8Array.of(0xf0, 0x04, 0x43, 0x21, 0x4c, 0x74, 0x25, 0x4b, 0x63, 0x5c, 0xf8, 0x46, 0x53)
    expect(codeOf(bytes)).toBe('0123456789ABCDEFGHJK')
    expect(codeOf(Uint8Array.of(...bytes, 255))).toBe(codeOf(bytes))
  })

  it('is shown in groups of four, and known by the last one', () => {
    expect(shownCode('ABCD0123456789GH1110')).toBe('ABCD-0123-4567-89GH-1110')
    expect(lastFourOf('ABCD0123456789GH1110')).toBe('1110')
  })

  it('is found in whatever case it is entered, with blanks or dashes, and with letters that look like digits', async () => {
    for (const entered of ['abcd-0123-4567-89gh-1110', ' ABCD O123 4567 89GH ILiO ', 'abcd–0123–4567–89gh–1110']) {
      expect(readCode(entered)).toBe('ABCD0123456789GH1110')
    }
  })

  it.each(['', 'ABCD', 'ABCD-0123-4567-89GH-111U', 'ABCD-0123-4567-89GH-11100', 'ÄBCD-0123-4567-89GH-1110'])(
    'is not %s',
    async (entered) => {
      expect(readCode(entered)).toBeUndefined()
      expect(await giftCardCodes([NEW]).hashOf(entered)).toBeUndefined()
    },
  )

  it('stays the same for its card, and is found after the secret was rotated', async () => {
    const id = newId('giftCard')
    const before = await giftCardCodes([OLD]).issue(id)
    const shown = await giftCardCodes([OLD]).show(id, before.codeHash)
    const rotated = giftCardCodes([NEW, OLD])
    expect(await rotated.show(id, before.codeHash)).toBe(shown)
    expect(await rotated.hashOf(shown ?? '')).toBe(before.codeHash)
    expect(await giftCardCodes([NEW]).show(id, before.codeHash)).toBeUndefined()
    expect(await giftCardCodes([NEW]).hashOf(shown ?? '')).toBe(before.codeHash)
  })
})
