import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import type { Attribute } from '../../../src/attributes/domain/attribute.ts'
import { newProduct } from '../../../src/products/domain/new-product.ts'
import { onlyVariant } from '../../../src/products/domain/product.ts'
import { patchAttributes } from '../../../src/products/domain/product-attributes.ts'
import { decideChanges } from '../../../src/products/domain/product-changes.ts'
import { patchSeo } from '../../../src/products/domain/seo.ts'
import { NOW } from '../../support/catalog.ts'
import { aProduct, aTee, aVariant } from '../../support/goods.ts'

const JPY = currency('JPY')
const MATERIAL: Attribute = {
  ...{ id: 1, key: 'material', label: 'Material', type: 'list', values: ['Steel', 'Glass'], isFilterable: true },
  ...{ createdAt: NOW, updatedAt: NOW, version: 1 },
}

const settings = (declared: Attribute[] = []) => ({
  declared,
  defaultCurrency: currency('EUR'),
  locales: ['en', 'de', 'fr'],
})

describe('a new product', () => {
  it('without variants has one, made of price and stock', () => {
    const draft = { name: 'Mug', price: 12.5, openingStock: 10, lowStockThreshold: 2 }
    expect(newProduct(draft, settings())).toMatchObject({
      value: {
        ...{ status: 'active', type: 'physical', tags: [], options: [], description: '' },
        variants: [{ price: 1_250, openingStock: 10, lowStockThreshold: 2, options: {} }],
      },
    })
  })

  it.each([
    ['no price', { name: 'Mug' }, 'price'],
    ['options without variants', { name: 'Mug', price: 1, options: [{ name: 'size', values: ['S'] }] }, 'variants'],
    ['a price beside variants', { name: 'Mug', price: 1, variants: [{ price: 1 }] }, 'price'],
    ['stock beside variants', { name: 'Mug', openingStock: 0, variants: [{ price: 1 }] }, 'stock_quantity'],
    [
      'a threshold beside variants',
      { name: 'Mug', lowStockThreshold: null, variants: [{ price: 1 }] },
      'low_stock_threshold',
    ],
  ])('with %s is refused', (_, draft, field) => {
    expect(newProduct(draft, settings())).toMatchObject({ failure: { code: 'invalid_variants', errors: [{ field }] } })
  })

  it('is priced in the default currency of the shop, unless it names one', () => {
    const draft = { name: 'Mug', price: 12 }
    expect(newProduct(draft, settings())).toMatchObject({ value: { variants: [{ price: 1_200, currency: 'EUR' }] } })
    expect(newProduct({ ...draft, currency: JPY }, settings())).toMatchObject({
      value: { variants: [{ price: 12, currency: 'JPY' }] },
    })
  })

  it('has the attributes as they are declared', () => {
    const draft = { name: 'Mug', price: 1, attributes: { material: 'Steel', height: 9 } }
    expect(newProduct(draft, settings([MATERIAL]))).toMatchObject({
      value: { attributes: { material: ['Steel'], height: 9 } },
    })
    expect(newProduct({ ...draft, attributes: { material: 'Wood' } }, settings([MATERIAL]))).toMatchObject({
      failure: { code: 'invalid_attributes', errors: [{ field: 'attributes.material' }] },
    })
  })
})

describe('the only variant of a product', () => {
  it('is refused where there are several, with the choice', () => {
    expect(onlyVariant(aProduct())).toMatchObject({ value: { id: 1 } })
    expect(onlyVariant(aTee({ id: 7 }))).toEqual({
      ok: false,
      failure: {
        code: 'variant_required',
        productId: 7,
        variants: [
          { id: 1, sku: 'TEE-S', options: { size: 'S' } },
          { id: 2, sku: 'TEE-M', options: { size: 'M' } },
        ],
      },
    })
  })
})

describe('a gift card', () => {
  it('never sells out, unless staff say so', () => {
    const of = (...variants: { price: number; inventoryPolicy?: 'deny' }[]) =>
      newProduct({ name: 'Gift card', type: 'gift_card', variants }, settings())
    expect(of({ price: 50 })).toMatchObject({ value: { variants: [{ inventoryPolicy: 'continue' }] } })
    expect(of({ price: 50, inventoryPolicy: 'deny' })).toMatchObject({
      value: { variants: [{ inventoryPolicy: 'deny' }] },
    })
    const plain = newProduct({ name: 'Gift card', type: 'gift_card', price: 50 }, settings())
    expect(plain).toMatchObject({ value: { variants: [{ inventoryPolicy: 'continue' }] } })
  })

  it('that a product becomes never sells out from then on', () => {
    const product = aTee()
    const decided = decideChanges(product, { type: 'gift_card', name: 'Gift card' }, settings())
    const variants = product.variants.map((variant) => ({ ...variant, inventoryPolicy: 'continue' }))
    expect(decided).toMatchObject({ value: { fields: { type: 'gift_card', name: 'Gift card' }, variants } })
  })

  it.each([
    ['that it was before', { type: 'gift_card' as const }, 'gift_card'],
    ['no longer', { type: 'digital' as const }, 'gift_card'],
    ['in another way', { name: 'Gift card' }, 'gift_card'],
  ] as const)('that a product is %s keeps the policies that staff have set', (_, changes, type) => {
    expect(decideChanges(aTee({ type }), changes, settings())).toMatchObject({ value: { variants: [] } })
  })
})

describe('changing a product', () => {
  it('writes the fields that are named, null included, and no variant', () => {
    const changes = { name: 'Cup', brand: null, tags: ['new'], status: 'draft', description: undefined } as const
    expect(decideChanges(aTee(), { ...changes, tags: ['new'] }, settings())).toEqual({
      ok: true,
      value: { fields: { name: 'Cup', brand: null, tags: ['new'], status: 'draft' }, variants: [] },
    })
  })

  it('writes price and threshold of its only variant', () => {
    const product = aProduct()
    const changed = decideChanges(product, { price: 20, lowStockThreshold: 3 }, settings())
    const variants = [{ ...product.variants[0], price: 2_000, lowStockThreshold: 3 }]
    expect(changed).toEqual({ ok: true, value: { fields: {}, variants, thresholdOf: 1, stocked: undefined } })
  })

  it.each([{ price: 20 }, { lowStockThreshold: null }, { stock: { available: 5 } }])(
    'with several variants needs one of them for %j',
    (changes) => {
      expect(decideChanges(aTee(), changes, settings())).toMatchObject({
        failure: { code: 'variant_required', productId: 1 },
      })
    },
  )

  it('changes the currency of all variants, or of none', () => {
    expect(decideChanges(aTee(), { currency: JPY }, settings())).toMatchObject({ failure: { code: 'invalid_amount' } })
    const whole = aTee({
      variants: [
        aVariant({ price: 4_000, options: { size: 'S' } }),
        aVariant({ id: 2, price: 4_500, options: { size: 'M' } }),
      ],
    })
    expect(decideChanges(whole, { currency: JPY }, settings())).toMatchObject({
      value: {
        variants: [
          { price: 40, currency: 'JPY' },
          { price: 45, currency: 'JPY' },
        ],
      },
    })
  })

  it('changes its options when all variants still fit', () => {
    const wider = [{ name: 'size', values: ['L', 'M', 'S', 'XL'] }]
    expect(decideChanges(aTee(), { options: wider }, settings())).toMatchObject({
      value: { fields: { options: wider }, variants: [] },
    })
    const narrower = [{ name: 'size', values: ['S', 'L'] }]
    expect(decideChanges(aTee(), { options: narrower }, settings())).toMatchObject({
      failure: { code: 'invalid_variants', errors: [{ field: 'variants.1.options' }] },
    })
  })

  it('gives its variants a first option that has one value', () => {
    const options = [{ name: 'size', values: ['M'] }]
    expect(decideChanges(aProduct(), { options }, settings())).toMatchObject({
      value: { fields: { options }, variants: [{ id: 1, options: { size: 'M' } }] },
    })
    const two = [{ name: 'size', values: ['M', 'L'] }]
    expect(decideChanges(aProduct(), { options: two }, settings())).toMatchObject({
      failure: { code: 'invalid_variants' },
    })
  })

  it('merges attributes, metadata and SEO', () => {
    const product = aProduct({
      attributes: { a: 1, b: 2 },
      metadata: { x: '1' },
      seo: { title: 'Old', description: 'Kept' },
    })
    const changes = { attributes: { a: null, c: true }, metadata: { y: '2' }, seo: { title: null } }
    expect(decideChanges(product, changes, settings())).toMatchObject({
      value: { fields: { attributes: { b: 2, c: true }, metadata: { x: '1', y: '2' }, seo: { description: 'Kept' } } },
    })
    expect(patchSeo({ title: 'Old' }, null)).toEqual({})
    expect(patchAttributes([], { a: 1 }, null)).toEqual({ ok: true, value: {} })
  })

  it('checks only the attributes that change, and keeps at most 50', () => {
    expect(patchAttributes([MATERIAL], { material: ['Wood'] }, { height: 3 })).toMatchObject({
      value: { material: ['Wood'], height: 3 },
    })
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`a${n}`, n]))
    expect(patchAttributes([], many, { b: 1 })).toMatchObject({ failure: { errors: [{ field: 'attributes' }] } })
    expect(patchAttributes([], many, { a0: null, b: 1 })).toMatchObject({ ok: true })
  })
})
