import { ANONYMOUS } from '@shop/kernel/caller'
import { SHOP } from '@shop/settings/shop'
import { describe, expect, it } from 'vitest'
import { aShop } from '../../support/app.ts'

describe('the shop', () => {
  it('shows its settings to everybody, who may cache them', async () => {
    const { call, send } = aShop()
    const { status, body } = await call(ANONYMOUS, 'GET', '/api/shop/')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      shop: {
        legal_name: SHOP.legalName,
        address: { line1: SHOP.address.line1, postal_code: SHOP.address.postalCode },
        vat_id: SHOP.vatId,
        default_currency: SHOP.defaultCurrency,
        currencies: SHOP.currencies,
        default_locale: SHOP.locales[0],
        locales: SHOP.locales,
        time_zone: SHOP.timeZone,
        country: SHOP.country,
      },
    })
    const { headers } = await send(ANONYMOUS, 'GET', '/api/shop')
    expect(headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
    expect(headers.get('x-shop-cacheable')).toBe('0')
  })
})
