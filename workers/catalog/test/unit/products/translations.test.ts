import { ANONYMOUS } from '@shop/kernel/caller'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { patchTranslations, type TranslationsPatch, translated } from '../../../src/products/domain/translations.ts'
import { aShop } from '../../support/app.ts'
import { STAFF } from '../../support/catalog.ts'
import { aProduct } from '../../support/goods.ts'

const LOCALES = ['en', 'de', 'fr']
const German = { name: 'Becher', description: 'Aus Ton', seo: { title: 'Becher kaufen' } }

describe('the translations of a product', () => {
  it.each<[string, TranslationsPatch, object]>([
    ['a language more', { fr: { name: 'Tasse' } }, { de: German, fr: { name: 'Tasse' } }],
    ['one text', { de: { name: 'Tasse' } }, { de: { ...German, name: 'Tasse' } }],
    ['a text taken away', { de: { description: null } }, { de: { name: 'Becher', seo: German.seo } }],
    [
      'a part of seo',
      { de: { seo: { description: 'Schön' } } },
      { de: { ...German, seo: { title: 'Becher kaufen', description: 'Schön' } } },
    ],
    ['the last text taken away', { de: { name: null, description: null, seo: null } }, {}],
    ['a language taken away', { de: null }, {}],
    ['all taken away', null, {}],
    ['a language that it has not taken away', { sv: null }, { de: German }],
    ['nothing', {}, { de: German }],
  ])('merge %s', (_, changes, expected) => {
    expect(patchTranslations(LOCALES, { de: German }, changes)).toEqual({ ok: true, value: expected })
  })

  it('are refused in the default language and in one that the shop has not', () => {
    const changes = { en: { name: 'Cup' }, sv: { name: 'Kopp' }, DE: { name: 'Tasse' }, fr: { name: 'Tasse' } }
    expect(patchTranslations(LOCALES, {}, changes)).toEqual({
      ok: false,
      failure: {
        code: 'invalid_translations',
        errors: [
          { field: 'translations.en', message: 'is the default language: the fields of the product itself are in it' },
          { field: 'translations.sv', message: 'must be one of de, fr' },
          { field: 'translations.DE', message: 'must be one of de, fr' },
        ],
      },
    })
    expect(patchTranslations(['en'], {}, { de: {} })).toMatchObject({
      failure: { errors: [{ message: 'the shop has one language' }] },
    })
  })

  it('stay as they are in a language that the shop has given up, until they are removed', () => {
    const current = { sv: { name: 'Kopp' } }
    expect(patchTranslations(LOCALES, current, { de: German })).toMatchObject({ value: { ...current, de: German } })
    expect(patchTranslations(LOCALES, current, { sv: null })).toEqual({ ok: true, value: {} })
  })

  it('are the same however often a change is applied', () => {
    const text = fc.option(fc.string({ minLength: 1 }), { nil: null })
    const patch = fc.dictionary(
      fc.constantFrom('de', 'fr'),
      fc.record({ name: text, description: text, seo: fc.option(fc.record({ title: text })) }, { requiredKeys: [] }),
    )
    fc.assert(
      fc.property(patch, patch, (first, second) => {
        const once = patchTranslations(LOCALES, {}, first)
        const next = patchTranslations(LOCALES, once.ok ? once.value : {}, second)
        const again = patchTranslations(LOCALES, next.ok ? next.value : {}, second)
        expect(next.ok).toBe(true)
        expect(again).toEqual(next)
      }),
    )
  })
})

describe('a product in a language', () => {
  it('has the default text where there is no translation', () => {
    const product = aProduct({
      description: 'Brews',
      seo: { title: 'Buy', description: 'Now' },
      translations: { de: { name: 'Becher', seo: { title: 'Kaufen' } } },
    })
    expect(translated(product, 'de')).toEqual({
      ...product,
      name: 'Becher',
      seo: { title: 'Kaufen', description: 'Now' },
    })
    expect(translated(product, 'fr')).toBe(product)
    expect(translated(product, undefined)).toBe(product)
    expect(translated(product, 'constructor')).toEqual(product)
  })
})

describe('reading a product', () => {
  const mug = { name: 'Mug', price: 12, translations: { de: { name: 'Becher' } } }
  const inGerman = { 'accept-language': 'de-AT, en;q=0.5' }

  it('shows customers the language that they ask for', async () => {
    const { call, send } = aShop()
    await call(STAFF, 'POST', '/api/products', mug)
    for (const path of ['/api/products/1', '/api/products/by-slug/mug']) {
      const answer = await send(ANONYMOUS, 'GET', path, { headers: inGerman })
      expect(answer.headers.get('content-language')).toBe('de')
      expect(answer.headers.get('vary')).toBe('Accept-Language')
      expect(await answer.json()).toMatchObject({ product: { name: 'Becher' } })
      expect(await call(ANONYMOUS, 'GET', `${path}?locale=en`, undefined, inGerman)).toMatchObject({
        body: { product: { name: 'Mug' } },
      })
      const { body } = await call(ANONYMOUS, 'GET', path)
      expect(body).toMatchObject({ product: { name: 'Mug' } })
      expect(body).not.toHaveProperty('product.translations')
    }
    expect(await call(ANONYMOUS, 'GET', '/api/products', undefined, inGerman)).toMatchObject({
      body: { products: [{ name: 'Becher' }] },
    })
    expect(await call(ANONYMOUS, 'GET', '/api/products?locale=_')).toMatchObject({ status: 422 })
    const missing = await send(ANONYMOUS, 'GET', '/api/products/99', { headers: inGerman })
    expect([missing.status, missing.headers.get('content-language')]).toEqual([404, null])
  })

  it('shows staff what they edit, whatever the language of their browser', async () => {
    const { call } = aShop()
    await call(STAFF, 'POST', '/api/products', mug)
    for (const path of ['/api/products/1', '/api/products/by-slug/mug']) {
      expect(await call(STAFF, 'GET', path, undefined, inGerman)).toMatchObject({
        body: { product: { name: 'Mug', translations: { de: { name: 'Becher' } } } },
      })
      expect(await call(STAFF, 'GET', `${path}?locale=de`)).toMatchObject({ body: { product: { name: 'Becher' } } })
    }
  })

  it('answers the change of a translation with all of them', async () => {
    const { call } = aShop()
    await call(STAFF, 'POST', '/api/products', mug)
    const changes = { translations: { de: { description: 'Aus Ton' } } }
    expect(await call(STAFF, 'PATCH', '/api/products/1', changes)).toMatchObject({
      body: { product: { name: 'Mug', translations: { de: { name: 'Becher', description: 'Aus Ton' } } } },
    })
    expect(await call(STAFF, 'PATCH', '/api/products/1', { translations: { sv: { name: 'Kopp' } } })).toMatchObject({
      status: 422,
      body: { code: 'invalid_translations', errors: [{ field: 'translations.sv' }] },
    })
    expect(await call(STAFF, 'POST', '/api/products', { ...mug, translations: { en: { name: 'Cup' } } })).toMatchObject(
      {
        status: 422,
        body: { code: 'invalid_translations', errors: [{ field: 'translations.en' }] },
      },
    )
  })
})
