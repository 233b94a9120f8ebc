import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import { currency } from '@shop/kernel/currencies'
import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import type { OrderRequest } from '../../src/orders/domain/order-request.ts'
import { placeOrder } from '../../src/orders/place-order.ts'
import type { BrokenLimit } from '../../src/promotions/domain/uses.ts'
import { aPromotion } from '../support/promotions.ts'
import { anOrderRequest } from '../support/purchases.ts'
import { quoteOf, testDeps } from '../support/test-deps.ts'

const customer: Caller = { kind: 'user', userId: newId('user'), role: 'customer' }
const USD = currency('USD')
const BERLIN = { line1: 'Unter den Linden 1', city: 'Berlin', postal_code: '10117', country: 'DE' }
const TEN = aPromotion({ code: 'TEN', value: '10' })
const AUTOMATIC = aPromotion({ value: '20' })

type Options = Parameters<typeof testDeps>[0]

/** A shop whose product 1 costs 10.00 USD, and what an order of two of them comes to. */
function shop(options: Options = {}) {
  const made = testDeps(options)
  const place = async (over: Partial<OrderRequest> = {}) => {
    const placed = await placeOrder(made.deps, customer, anOrderRequest(over))
    return placed.ok ? placed.value.order : placed.failure
  }
  return { ...made, place }
}

/** With promotions that run out after so many attempts to write an order. */
function shopThatRunsOut(broken: BrokenLimit[], options: Options) {
  const made = shop(options)
  const insert = made.deps.orders.insert
  made.deps.orders.insert = async (...args) => {
    const limit = broken.shift()
    if (limit === undefined) return insert(...args)
    if (limit.promotionId !== undefined) made.promotions.delete(limit.promotionId as typeof TEN.id)
    return limit
  }
  return made
}

describe('the codes of an order', () => {
  it('take off what their promotions give, beside promotions without a code', async () => {
    const { place } = shop({ promotions: [TEN, AUTOMATIC] })
    const adjustments = [
      { promotionId: TEN.id, code: 'TEN', name: TEN.name, type: 'percentage', amount: 200 },
      { promotionId: AUTOMATIC.id, code: null, name: AUTOMATIC.name, type: 'percentage', amount: 360 },
    ].sort((one, other) => (one.promotionId < other.promotionId ? -1 : 1))
    const placed = await place({ codes: [' ten '] })
    expect(placed).toMatchObject({ subtotal: 2_000, discountTotal: 560, total: 1_440 })
    expect('adjustments' in placed && placed.adjustments.map(({ promotionId }) => promotionId)).toEqual(
      adjustments.map(({ promotionId }) => promotionId),
    )
    expect(await place()).toMatchObject({ discountTotal: 400, total: 1_600 })
  })

  it('have to apply, else the order is refused before anything is held', async () => {
    const { place, calls } = shop({ promotions: [aPromotion({ code: 'BIG', value: '10', conditions: AT_LEAST_100 })] })
    expect(await place({ codes: ['NONE'] })).toEqual({
      code: 'code_not_applied',
      promotionCode: 'NONE',
      reason: 'unknown',
    })
    const reason = 'below_minimum_subtotal'
    expect(await place({ codes: ['big'] })).toEqual({ code: 'code_not_applied', promotionCode: 'BIG', reason })
    expect(calls).toEqual([])
  })

  it('that another order uses up are refused, and the stock is released', async () => {
    const limit = { promotionId: TEN.id, code: 'TEN', reason: 'used_up' } as const
    const { place, calls } = shopThatRunsOut([limit], { promotions: [TEN] })
    expect(await place({ codes: ['TEN'] })).toMatchObject({ code: 'code_not_applied', promotionCode: 'TEN' })
    expect(calls.at(-1)).toMatch(/^release order_/)
  })

  it('may all take the total to 0: then the order is paid by placing it', async () => {
    const { place } = shop({ promotions: [aPromotion({ code: 'ALL', value: '100' })] })
    expect(await place({ codes: ['ALL'] })).toMatchObject({ total: 0, paymentStatus: 'paid', status: 'processing' })
  })
})

describe('a promotion without a code that runs out while an order is placed', () => {
  const limit = { promotionId: AUTOMATIC.id, code: null, reason: 'used_up' } as const

  it('is left out, and the stock stays held', async () => {
    const { place, calls } = shopThatRunsOut([limit], { promotions: [AUTOMATIC] })
    expect(await place()).toMatchObject({ discountTotal: 0, total: 2_000 })
    expect(calls).toEqual([expect.stringMatching(/^hold /), 'insert'])
  })

  it('changes the total that the buyer expects, so the order is refused', async () => {
    const { place, calls } = shopThatRunsOut([limit], { promotions: [AUTOMATIC] })
    expect(await place({ expectedTotalAmount: 16 })).toMatchObject({ code: 'total_changed', totalAmount: 20 })
    expect(calls.at(-1)).toMatch(/^release order_/)
  })

  it('leaves nothing held where the rules cannot be read again', async () => {
    const { deps, place, calls } = shopThatRunsOut([limit], { promotions: [AUTOMATIC] })
    deps.rules.find = () => Promise.reject(new Error('down'))
    await expect(place()).rejects.toThrow('down')
    expect(calls.at(-1)).toMatch(/^release order_/)
  })

  it('does not keep an order waiting for ever', async () => {
    const limits = Array.from({ length: 4 }, () => ({ ...limit, promotionId: undefined }))
    const { place, calls } = shopThatRunsOut(limits, { promotions: [AUTOMATIC] })
    expect(await place()).toEqual({ code: 'order_changed' })
    expect(calls.at(-1)).toMatch(/^release order_/)
  })
})

describe('the total that a buyer expects', () => {
  it('is the one that they pay', async () => {
    const { place, calls } = shop({ promotions: [TEN] })
    expect(await place({ codes: ['TEN'], expectedTotalAmount: 18 })).toMatchObject({ total: 1_800 })
    calls.splice(0)
    expect(await place({ codes: ['TEN'], expectedTotalAmount: 17.99 })).toEqual({
      ...{ code: 'total_changed', currency: USD, subtotal: 20, discountTotal: 2, shippingTotal: 0, taxTotal: 0 },
      ...{ totalAmount: 18, codes: ['TEN'] },
    })
    expect(calls).toEqual([])
  })

  it('is an amount of the currency', async () => {
    const { place, calls } = shop()
    expect(await place({ expectedTotalAmount: 0.1 + 0.2 })).toEqual({ code: 'invalid_amount', reason: 'too_fine' })
    expect(calls).toEqual([])
  })

  it('goes with the codes that they saw applied', async () => {
    const { place } = shop({ promotions: [TEN] })
    expect(await place({ codes: ['NONE', 'TEN'], expectedCodes: ['ten'] })).toMatchObject({ total: 1_800 })
    expect(await place({ codes: ['NONE'], expectedCodes: ['TEN'] })).toMatchObject({ code: 'total_changed', codes: [] })
    expect(await place({ codes: ['TEN'], expectedCodes: [] })).toMatchObject({ code: 'total_changed', codes: ['TEN'] })
  })
})

describe('what a shop asks for before it ships', () => {
  const digital = { quote: async () => ok([quoteOf(1, { type: 'digital' })]) }
  const requires = (address: boolean, shipping: boolean) => ({ over: { checkoutRequires: { address, shipping } } })

  it('may be an address', async () => {
    const { place } = shop(requires(true, false))
    expect(await place()).toEqual({ code: 'address_required' })
    expect(await place({ shippingAddress: 'Unter den Linden 1' })).toEqual({ code: 'address_required' })
    expect(await place({ billingAddress: BERLIN })).toEqual({ code: 'address_required' })
    expect(await place({ shippingAddress: BERLIN })).toMatchObject({ status: 'pending' })
  })

  it('may be a shipping option, too', async () => {
    const { place } = shop(requires(true, true))
    expect(await place({ shippingAddress: BERLIN })).toEqual({ code: 'shipping_required' })
  })

  it('is nothing where nothing is shipped', async () => {
    const { place } = shop({ ...requires(true, true), catalog: digital })
    expect(await place({ shippingOptionId: 'shopt_1' })).toMatchObject({ status: 'pending', shipping: null })
  })

  it('is an address where an option is chosen, and one of its options', async () => {
    const { place } = shop()
    const shippingOptionId = 'shopt_1'
    expect(await place({ shippingOptionId })).toEqual({ code: 'address_required' })
    expect(await place({ shippingOptionId, shippingAddress: BERLIN })).toEqual({
      code: 'shipping_option_not_offered',
      optionId: shippingOptionId,
    })
  })
})

describe('a VAT id', () => {
  it('is checked, and kept as it is written in the register', async () => {
    const { place, calls } = shop()
    expect(await place({ vatId: 'DE 136 695 976' })).toMatchObject({ vatId: 'DE136695976' })
    calls.splice(0)
    expect(await place({ vatId: 'DE1' })).toEqual({ code: 'invalid_vat_id' })
    expect(calls).toEqual([])
  })
})

describe('the collections of products', () => {
  it('are asked for with the prices, and once more where promotions name others by now', async () => {
    const asked: unknown[] = []
    const promotion = aPromotion({
      value: '50',
      appliesTo: { productIds: [], categoryIds: [], collectionIds: [7] },
    })
    const { place } = shop({
      promotions: [promotion],
      catalog: {
        quote: async ({ collectionIds = [] }) => {
          asked.push(collectionIds)
          return ok([quoteOf(1, { collectionIds: [...collectionIds] })])
        },
      },
    })
    expect(await place()).toMatchObject({ total: 1_000 })
    expect(await place()).toMatchObject({ total: 1_000 })
    expect(asked).toEqual([[], [7], [7]])
  })
})

const AT_LEAST_100 = {
  ...{ minQuantity: null, countries: [], groupIds: [], isFirstOrder: false },
  minSubtotal: [{ currency: USD, amount: 10_000 }],
}
