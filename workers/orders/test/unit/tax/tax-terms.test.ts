import { Unavailable } from '@shop/kernel/unavailable'
import { describe, expect, it, vi } from 'vitest'
import { checkVatId } from '../../../src/tax/check-vat-id.ts'
import { DEFAULT_TAX_COUNTRY } from '../../../src/tax/domain/tax-country.ts'
import { taxTermsOf, type VatId } from '../../../src/tax/domain/tax-terms.ts'
import { viesRegister } from '../../../src/tax/vies-register.ts'

const at = (country: string, region = 'X') => ({ country, regions: [region], postalCode: null })
const sale = { origin: at('DE'), destination: at('FR'), isExempt: false, vatId: null }
const reversing = { ...DEFAULT_TAX_COUNTRY, allowsReverseCharge: true }
const vatIdOf = (country: string): VatId => ({ country, number: `${country}1`, isConfirmed: false })

describe('the terms on which a sale is taxed', () => {
  it('are by default the rates of the destination on prices without tax', () => {
    const terms = { place: sale.destination, pricesIncludeTax: false, exemption: null }
    expect(taxTermsOf(DEFAULT_TAX_COUNTRY, sale)).toEqual(terms)
    expect(taxTermsOf({ ...DEFAULT_TAX_COUNTRY, pricesIncludeTax: true }, sale)).toMatchObject({
      pricesIncludeTax: true,
    })
  })

  it('are the rates of the shop where its country says so, for what is sold within that country only', () => {
    const byOrigin = { ...DEFAULT_TAX_COUNTRY, taxedAt: 'origin' } as const
    const domestic = { ...sale, origin: at('US', 'TX'), destination: at('US', 'CA') }
    expect(taxTermsOf(byOrigin, domestic).place).toEqual(at('US', 'TX'))
    expect(taxTermsOf(DEFAULT_TAX_COUNTRY, domestic).place).toEqual(at('US', 'CA'))
    expect(taxTermsOf(byOrigin, sale).place).toEqual(at('FR'))
  })

  it('charge no tax to a buyer whom staff have exempted', () => {
    expect(taxTermsOf(reversing, { ...sale, isExempt: true, vatId: vatIdOf('FR') }).exemption).toBe('buyer')
  })

  it.each([
    ['to a business of the country of delivery', sale, 'FR', 'reverse_charge'],
    ['to a business of a third member state', sale, 'IT', 'reverse_charge'],
    ['to a business of the shop’s own country', sale, 'DE', null],
    ['within a country', { ...sale, destination: at('DE') }, 'FR', null],
    ['from outside the EU', { ...sale, origin: at('US') }, 'FR', null],
    ['to outside the EU', { ...sale, destination: at('CH') }, 'FR', null],
  ])('reverse the charge between member states: %s', (_, given, country, exemption) => {
    expect(taxTermsOf(reversing, { ...given, vatId: vatIdOf(country) }).exemption).toBe(exemption)
  })

  it('reverse no charge without a VAT id, nor where the country has not allowed it', () => {
    expect(taxTermsOf(reversing, sale).exemption).toBeNull()
    expect(taxTermsOf(DEFAULT_TAX_COUNTRY, { ...sale, vatId: vatIdOf('FR') }).exemption).toBeNull()
  })
})

describe('a VAT id', () => {
  const warn = vi.fn()
  const check = (text: string, has?: (vatId: object) => Promise<boolean>) =>
    checkVatId({ warn, vatRegister: has && { has } }, text)
  const germanId = { country: 'DE', number: 'DE136695976', isConfirmed: false }

  it.each([
    ['DE136695976', germanId],
    [' de 136.695-976', germanId],
    ['ATU13585627', { country: 'AT', number: 'ATU13585627', isConfirmed: false }],
    ['EL094259216', { country: 'GR', number: 'EL094259216', isConfirmed: false }],
  ])('is read from %j', async (text, value) => {
    expect(await check(text)).toEqual({ ok: true, value })
  })

  it.each(['DE136695977', 'DE1366959', '136695976', 'GB980780684', 'CHE-109.740.078', '', 'x'.repeat(100_000)])(
    'is refused for its form, its check digits or its country: %.20s',
    async (text) => {
      expect(await check(text)).toEqual({ ok: false, failure: { code: 'invalid_vat_id' } })
    },
  )

  it('is confirmed by the register, in a shop that asks it', async () => {
    expect(await check('DE136695976', async () => true)).toEqual({
      ok: true,
      value: { ...germanId, isConfirmed: true },
    })
    expect(await check('DE136695976', async () => false)).toMatchObject({ failure: { code: 'invalid_vat_id' } })
  })

  it('is accepted unconfirmed when the register does not answer, and that is logged', async () => {
    const down = () => Promise.reject(new Unavailable('vies'))
    expect(await check('DE136695976', down)).toEqual({ ok: true, value: germanId })
    expect(warn).toHaveBeenCalledWith('vat_id_not_confirmed', { error: expect.any(Unavailable) })
  })
})

describe('VIES', () => {
  const asked = vi.fn()
  const register = (answer: Response) =>
    viesRegister('https://vies.example', async (url, init) => {
      asked(url, init?.method, JSON.parse(String(init?.body)))
      return answer
    })
  const greekId = { country: 'GR', number: 'EL094259216' }

  it.each([true, false])('is asked for the number without its prefix, and says %s', async (valid) => {
    expect(await register(Response.json({ valid })).has(greekId)).toBe(valid)
    const body = { countryCode: 'EL', vatNumber: '094259216' }
    expect(asked).toHaveBeenLastCalledWith('https://vies.example/check-vat-number', 'POST', body)
  })

  it.each([
    Response.json({ actionSucceed: false, errorWrappers: [{ error: 'MS_UNAVAILABLE' }] }),
    Response.json({ valid: true }, { status: 500 }),
    Response.json(null),
    Response.json({ valid: 'yes' }),
  ])('is away when it says neither', async (answer) => {
    await expect(register(answer).has(greekId)).rejects.toThrow(Unavailable)
  })
})
