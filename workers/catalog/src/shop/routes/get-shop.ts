import { PUBLIC } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { ok } from '@shop/kernel/result'
import type { ShopSettings } from '@shop/settings/shop-settings'
import { z } from 'zod'
import { sharedAnswer } from '../../caching/routes/shared-answer.ts'
import type { CatalogApp } from '../../deps.ts'

const ShopView = z
  .strictObject({
    legal_name: z.string().meta({ example: 'Example Shop Ltd' }),
    address: z.strictObject({
      line1: z.string().meta({ example: '1 Main Street' }),
      line2: z.string().nullable(),
      city: z.string().meta({ example: 'Springfield' }),
      region: z.string().nullable(),
      postal_code: z.string().nullable(),
      country: z.string().meta({ example: 'US' }),
    }),
    vat_id: z.string().nullable().meta({ example: null }),
    default_currency: z.string().meta({ example: 'USD' }),
    currencies: z.array(z.string()).meta({ example: ['USD', 'EUR'] }),
    default_locale: z.string().meta({ example: 'en' }),
    locales: z.array(z.string()).meta({ example: ['en', 'de'] }),
    time_zone: z.string().meta({ description: 'A name of the IANA database', example: 'America/Chicago' }),
    country: z.string().meta({ description: 'ISO 3166-1 alpha-2', example: 'US' }),
  })
  .meta({ id: 'Shop' })

const route = createRoute({
  method: 'get',
  path: '/api/shop',
  operationId: 'getShop',
  tags: ['Shop'],
  summary: 'Get the settings of the shop',
  access: PUBLIC,
  responses: {
    200: json('The settings that everybody may see', z.strictObject({ shop: ShopView }).meta({ id: 'ShopResponse' })),
    ...problems(),
  },
})

export function addGetShop(app: CatalogApp) {
  app.openapi(route, (c) => {
    const answer = ok({ shop: toShopView(c.get('deps').shop) })
    return sharedAnswer({ answer, ageMs: 0, from: 'settings' }, c.json(answer.value, 200))
  })
}

/** The law of many countries has a shop show its name, address and VAT id. */
function toShopView(shop: ShopSettings): z.infer<typeof ShopView> {
  const { line1, line2, city, region, postalCode, country } = shop.address
  return {
    legal_name: shop.legalName,
    address: { line1, line2, city, region, postal_code: postalCode, country },
    vat_id: shop.vatId,
    default_currency: shop.defaultCurrency,
    currencies: [...shop.currencies],
    default_locale: shop.locales[0],
    locales: [...shop.locales],
    time_zone: shop.timeZone,
    country: shop.country,
  }
}
