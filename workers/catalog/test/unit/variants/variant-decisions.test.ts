import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { furtherVariant, newVariants } from '../../../src/variants/domain/new-variant.ts'
import { changedVariant, removableVariant, repriced } from '../../../src/variants/domain/variant-changes.ts'
import { aProduct, aTee, aVariant } from '../../support/goods.ts'

const USD = currency('USD')
const JPY = currency('JPY')
const ofNew = { type: 'physical' as const, currency: USD, prefix: (index: number) => `variants.${index}.` }

describe('the variants of a new product', () => {
  it('have defaults, the currency of the product and the order in which they were sent', () => {
    const drafts = [
      { price: 20, options: { size: 'S' } },
      { price: 22.5, options: { size: 'M' }, sku: 'M', openingStock: 5 },
    ]
    const plain = {
      ...{ sku: null, barcode: null, compareAtPrice: null, currency: 'USD', prices: [], weightGrams: null },
      ...{ inventoryPolicy: 'deny', metadata: {}, lowStockThreshold: null },
    }
    expect(newVariants(undefined, drafts, ofNew)).toEqual({
      ok: true,
      value: {
        options: [{ name: 'size', values: ['S', 'M'] }],
        variants: [
          { ...plain, position: 0, price: 2_000, options: { size: 'S' }, openingStock: 0 },
          { ...plain, position: 1, price: 2_250, options: { size: 'M' }, sku: 'M', openingStock: 5 },
        ],
      },
    })
  })

  it.each([
    ['a gift card', 'gift_card', undefined, 'continue'],
    ['a gift card that may sell out', 'gift_card', 'deny', 'deny'],
    ['goods', 'physical', undefined, 'deny'],
    ['goods that are made to order', 'digital', 'continue', 'continue'],
  ] as const)('of %s has the policy of its type, unless staff name one', (_, type, inventoryPolicy, policy) => {
    expect(newVariants(undefined, [{ price: 1, inventoryPolicy }], { ...ofNew, type })).toMatchObject({
      value: { variants: [{ inventoryPolicy: policy }] },
    })
    const options = [{ name: 'value', values: ['25', '50'] }]
    const product = aProduct({ type, options, variants: [aVariant({ options: { value: '25' } })] })
    const further = furtherVariant(product, { price: 50, options: { value: '50' }, inventoryPolicy })
    expect(further).toMatchObject({ value: { inventoryPolicy: policy } })
  })

  it.each([
    [
      'two SKUs are the same',
      [
        { price: 1, sku: 'A', options: { size: 'S' } },
        { price: 1, sku: 'A', options: { size: 'M' } },
      ],
      'variants.1.sku',
    ],
    ['two have the same options', [{ price: 1 }, { price: 1 }], 'variants.1.options'],
    [
      'one has another option',
      [
        { price: 1, options: { size: 'S' } },
        { price: 1, options: { cut: 'slim' } },
      ],
      'variants.0.options',
    ],
  ])('are refused when %s', (_, drafts, field) => {
    expect(newVariants(undefined, drafts, ofNew)).toMatchObject({
      failure: { code: 'invalid_variants', errors: expect.arrayContaining([expect.objectContaining({ field })]) },
    })
  })

  it.each([
    ['price', { price: 1.001 }, 'variants.0.price'],
    ['compared price', { price: 1, compareAtPrice: 1.001 }, 'variants.0.compare_at_price'],
  ])('are refused when the currency cannot express a %s', (_, draft, field) => {
    expect(newVariants(undefined, [draft], ofNew)).toMatchObject({
      failure: { code: 'invalid_amount', errors: [{ field }] },
    })
  })
})

describe('a further variant', () => {
  it('comes last, in the currency of the others', () => {
    const tee = aTee({ variants: [aVariant({ position: 7, options: { size: 'S' }, currency: JPY })] })
    expect(furtherVariant(tee, { price: 3_000, options: { size: 'L' } })).toMatchObject({
      value: { position: 8, price: 3_000, currency: 'JPY', options: { size: 'L' } },
    })
  })

  it.each([{}, { size: 'S' }, { size: 'XL' }, { size: 'L', cut: 'slim' }])(
    'with the options %j is refused',
    (options) => {
      expect(furtherVariant(aTee(), { price: 1, options })).toMatchObject({
        failure: { code: 'invalid_variants', errors: [{ field: 'options' }] },
      })
    },
  )

  it('is refused when there are 250', () => {
    const values = Array.from({ length: 251 }, (_, n) => String(n))
    const variants = values.slice(0, 250).map((size, id) => aVariant({ id, options: { size } }))
    const full = aProduct({ options: [{ name: 'size', values }], variants })
    const refused = { ok: false, failure: { code: 'too_many_variants', maximum: 250 } }
    expect(furtherVariant(full, { price: 1, options: { size: '250' } })).toEqual(refused)
  })
})

describe('changing a variant', () => {
  const tee = aTee()
  const medium = tee.variants[1] ?? aVariant()

  it('keeps what is not named, and empties what is null', () => {
    const changes = { price: 50, barcode: '400', compareAtPrice: null, sku: null, metadata: { a: 'b' } }
    expect(changedVariant(tee, medium, changes)).toEqual({
      ok: true,
      value: { ...medium, price: 5_000, barcode: '400', compareAtPrice: null, sku: null, metadata: { a: 'b' } },
    })
  })

  it('changes nothing when only its stock is named', () => {
    expect(changedVariant(tee, medium, { stock: { available: 5 } })).toEqual({ ok: true, value: undefined })
  })

  it('may leave its options as they are, or take free ones', () => {
    for (const size of ['M', 'L']) {
      expect(changedVariant(tee, medium, { options: { size } })).toMatchObject({ value: { options: { size } } })
    }
  })

  it.each([{ size: 'S' }, { size: 'XL' }, { cut: 'slim' }])('is refused with the options %j', (options) => {
    expect(changedVariant(tee, medium, { options })).toMatchObject({ failure: { code: 'invalid_variants' } })
  })

  it('is refused when the currency cannot express its price', () => {
    expect(changedVariant(tee, medium, { compareAtPrice: 9.999 })).toMatchObject({
      failure: { code: 'invalid_amount', errors: [{ field: 'compare_at_price' }] },
    })
  })

  it('keeps the figures of both prices in another currency', () => {
    expect(repriced(medium, { currency: JPY }, '')).toMatchObject({
      value: { price: 45, compareAtPrice: 50, currency: 'JPY' },
    })
    const odd = { ...medium, compareAtPrice: 4_999 }
    expect(repriced(odd, { currency: JPY }, '')).toMatchObject({ failure: { errors: [{ field: 'compare_at_price' }] } })
  })
})

describe('deleting a variant', () => {
  it('needs another one that stays', () => {
    expect(removableVariant(aTee(), 2)).toMatchObject({ value: { id: 2 } })
    expect(removableVariant(aProduct(), 1)).toEqual({ ok: false, failure: { code: 'last_variant', variantId: 1 } })
    expect(removableVariant(aTee(), 3)).toEqual({ ok: false, failure: { code: 'variant_not_found', variantId: 3 } })
  })
})
