import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { type Cart, newCart } from '../../../src/carts/domain/cart.ts'
import { cartAnswer } from '../../../src/carts/domain/cart-answer.ts'
import type { ShippingOption } from '../../../src/shipping/domain/option.ts'
import { anOption, aZone } from '../../support/places.ts'
import { NO_RULES, SPRINGFIELD } from '../../support/purchases.ts'
import { NOW, quoteOf } from '../../support/test-deps.ts'

const USD = currency('USD')
const ADDRESS = { line1: '1 Main Street', city: 'Springfield', region: 'IL', postal_code: '62701', country: 'US' }

const anItem = (variantId: number, quantity: number, productId = 1) => ({
  ...{ id: newId('cartItem'), variantId, productId, quantity, unitPrice: 1_000 },
  ...{ sku: null, name: 'Tee', options: {}, imageUrl: null },
})
const aCart = (over: Partial<Cart>): Cart => ({
  ...newCart({ id: newId('cart'), userId: null, currency: USD, now: NOW }),
  ...over,
})
const market = (over: Partial<Parameters<typeof cartAnswer>[1]> = {}) => ({
  ...{ quotes: [], rules: NO_RULES, origin: SPRINGFIELD, rounding: 'line' as const, now: NOW },
  ...over,
})

describe('the messages of a cart', () => {
  const zone = aZone({ areas: [{ country: 'US', regions: [], postalCodes: [] }] })
  const from30 = (over: Partial<ShippingOption> = {}) =>
    anOption(zone.id, {
      pricing: 'by_subtotal',
      prices: [{ currency: USD, amount: 500, from: 3_000 }],
      freeFrom: [],
      ...over,
    })

  it('say that the chosen shipping option is no longer offered', () => {
    const option = from30()
    const rules = { ...NO_RULES, zones: [{ ...zone, options: [option] }] }
    const cart = (quantity: number) =>
      aCart({ items: [anItem(11, quantity)], shippingAddress: ADDRESS, shippingOptionId: option.id })
    const answer = (quantity: number) => cartAnswer(cart(quantity), market({ rules, quotes: [quoteOf(1)] }))
    expect(answer(3)).toMatchObject({ messages: [], purchase: { shippingTotal: 500 } })
    expect(answer(2)).toMatchObject({
      messages: [{ code: 'shipping_option_not_offered', optionId: option.id }],
      purchase: { shippingTotal: 0 },
    })
  })

  it('say nothing of an option where nothing is shipped, or the address is not known', () => {
    const quotes = [quoteOf(1, { type: 'digital' })]
    const chosen = { items: [anItem(11, 1)], shippingOptionId: 'shopt_1' }
    expect(cartAnswer(aCart({ ...chosen, shippingAddress: ADDRESS }), market({ quotes })).messages).toEqual([])
    expect(cartAnswer(aCart(chosen), market({ quotes: [quoteOf(1)] })).messages).toEqual([])
  })

  it('name the variants of a product beyond what one order may have', () => {
    const limited = { maxPerOrder: 2 }
    const quotes = [quoteOf(1, { variantId: 11, ...limited }), quoteOf(1, { variantId: 12, ...limited })]
    const [first, second] = [anItem(11, 2), anItem(12, 1)]
    expect(cartAnswer(aCart({ items: [first, second] }), market({ quotes })).messages).toEqual([
      { code: 'max_per_order_exceeded', itemId: second.id },
    ])
    expect(cartAnswer(aCart({ items: [{ ...first, quantity: 1 }, second] }), market({ quotes })).messages).toEqual([])
  })

  it('say that an address is not found, by which tax would be calculated', () => {
    const cart = aCart({ items: [anItem(11, 1)], shippingAddress: ADDRESS })
    const answer = cartAnswer(cart, market({ quotes: [quoteOf(1)], taxes: 'unknown' }))
    expect(answer).toMatchObject({ messages: [{ code: 'address_incomplete' }], purchase: { taxTotal: 0 } })
  })
})
