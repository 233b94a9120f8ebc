import { newId } from '@shop/http/ids'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cart } from '../../../src/carts/domain/cart.ts'
import type { Offer } from '../../../src/carts/domain/items/offer.ts'
import { type CartChange, writeCart } from '../../../src/carts/domain/write-cart.ts'
import { aCart, anItem, anOffer, aWrite, GUEST, NOBODY } from '../../support/carts.ts'
import { NOW } from '../../support/test-deps.ts'

const later = new Date(NOW.getTime() + 1_000)
const itemsOf = (cart: Cart) => cart.items.map(({ variantId, quantity }) => [variantId, quantity])

function written(cart: Cart, change: CartChange, offers?: Offer[]) {
  const result = writeCart(cart, aWrite(change, offers), later)
  if (!result.ok) throw new Error(result.failure.code)
  return result.value
}

describe('adding to a cart', () => {
  it('adds a line with the price of now, and counts the change', () => {
    const item = anItem({ quantity: 2 })
    const { cart, changes } = written(aCart(), { kind: 'add_items', items: [item] })
    expect(cart).toEqual({
      ...aCart({ id: cart.id }),
      items: [{ ...item, unitPrice: 1_000 }],
      version: 2,
      updatedAt: later,
    })
    expect(changes).toEqual([])
  })

  it('adds up units of one variant, in the line that is there', () => {
    const known = anItem({ quantity: 2 })
    const items = [anItem({ quantity: 3 }), anItem({ variantId: 12, quantity: 1 })]
    const { cart } = written(aCart({ items: [known] }), { kind: 'add_items', items })
    expect(itemsOf(cart)).toEqual([
      [11, 5],
      [12, 1],
    ])
    expect(cart.items[0]?.id).toBe(known.id)
  })

  it('refuses a line beyond 100', () => {
    const items = Array.from({ length: 100 }, (_, n) => anItem({ variantId: 100 + n }))
    const full = aCart({ items })
    expect(writeCart(full, aWrite({ kind: 'add_items', items: [anItem()] }), later)).toEqual({
      ok: false,
      failure: { code: 'cart_too_large', maximumLines: 100 },
    })
    expect(written(full, { kind: 'add_items', items: [anItem({ variantId: 100 })] }).cart.items).toHaveLength(100)
  })
})

describe('a change of a line', () => {
  const item = anItem({ quantity: 2 })
  it('sets its quantity', () => {
    const change = { kind: 'change_item', itemId: item.id, quantity: 7 } as const
    expect(itemsOf(written(aCart({ items: [item] }), change).cart)).toEqual([[11, 7]])
  })

  it('removes it', () => {
    expect(written(aCart({ items: [item] }), { kind: 'remove_item', itemId: item.id }).cart.items).toEqual([])
  })

  it.each([
    { kind: 'change_item', itemId: 'item_none', quantity: 1 } as const,
    { kind: 'remove_item', itemId: 'item_none' } as const,
  ])('is refused where there is no such line ($kind)', (change) => {
    expect(writeCart(aCart({ items: [item] }), aWrite(change), later)).toEqual({
      ok: false,
      failure: { code: 'cart_item_not_found', itemId: 'item_none' },
    })
  })
})

describe('a write', () => {
  const change = { kind: 'add_items', items: [anItem()] } as const

  it('shows a changed price one last time', () => {
    const item = anItem({ unitPrice: 900 })
    const fields = { kind: 'set_fields', fields: { note: 'Ring twice' } } as const
    const first = written(aCart({ items: [item] }), fields)
    expect(first.changes).toEqual([{ code: 'price_changed', itemId: item.id, from: 900, to: 1_000 }])
    expect(written(first.cart, fields).changes).toEqual([])
  })

  it('is not told as a change of price when the currency changes', () => {
    const currency = 'EUR' as Cart['currency']
    const { cart, changes } = written(aCart({ items: [anItem({ unitPrice: 900 })] }), {
      kind: 'set_fields',
      fields: { currency },
    })
    expect([cart.currency, cart.items[0]?.unitPrice, changes]).toEqual(['EUR', 1_000, []])
  })

  it.each(['completed', 'merged', 'expired'] as const)('is refused by a cart that is %s', (status) => {
    expect(writeCart(aCart({ status }), aWrite(change), later)).toEqual({
      ok: false,
      failure: { code: 'cart_not_open', cartStatus: status },
    })
    expect(writeCart(aCart({ status: 'completing' }), aWrite(change), later)).toEqual({
      ok: false,
      failure: { code: 'cart_completing' },
    })
  })

  it('is refused where the cart has changed since the version that the writer saw', () => {
    const write = { ...aWrite(change), versions: [3] }
    expect(writeCart(aCart({ version: 4 }), write, later)).toEqual({ ok: false, failure: { code: 'version_conflict' } })
    expect(writeCart(aCart({ version: 3 }), write, later).ok).toBe(true)
  })

  const owner = { userId: newId('user'), isStaff: false, hasToken: false }
  it.each([
    ['a guest without the token', null, NOBODY, false],
    ['a guest with the token', null, GUEST, true],
    ['an account without the token', null, owner, false],
    ['an account with the token of a guest', null, { ...owner, hasToken: true }, true],
    ['its account', owner.userId, owner, true],
    ['another account', newId('user'), owner, false],
    ['whoever has the token of a cart with an owner', owner.userId, GUEST, false],
    ['staff', owner.userId, { userId: newId('user'), isStaff: true, hasToken: false }, false],
  ])('of %s is judged by whose cart it is', (_, userId, access, isAllowed) => {
    const result = writeCart(aCart({ userId }), { ...aWrite(change), access }, later)
    expect(result.ok).toBe(isAllowed)
    if (!result.ok) expect(result.failure).toEqual({ code: 'cart_not_found' })
  })
})

describe('any sequence of changes', () => {
  const variant = fc.integer({ min: 1, max: 5 })
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), variant, quantity: fc.integer({ min: 1, max: 2_000_000 }) }),
    fc.record({ kind: fc.constant('merge' as const), variant, quantity: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant('set' as const), variant, quantity: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant('remove' as const), variant }),
  )
  const offers = fc.array(
    fc.record({
      variantId: variant,
      price: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10 ** 12 })),
      available: fc.option(fc.integer({ min: -3, max: 30 }), { nil: null }),
      maxPerOrder: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
    }),
    { maxLength: 5 },
  )

  it('loses no line, and leaves none below 1 or above what can be ordered', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, offers), { maxLength: 20 }), (steps) => {
        let cart = aCart()
        const expected = new Set<number>()
        for (const [one, terms] of steps) {
          const itemId = cart.items.find(({ variantId }) => variantId === one.variant)?.id ?? 'item_none'
          const change: CartChange =
            one.kind === 'remove'
              ? { kind: 'remove_item', itemId }
              : one.kind === 'set'
                ? { kind: 'change_item', itemId, quantity: one.quantity }
                : {
                    kind: one.kind === 'add' ? 'add_items' : 'merge_items',
                    items: [anItem({ variantId: one.variant, quantity: one.quantity })],
                    currency: cart.currency,
                  }
          const known = terms.map((over) => anOffer({ ...over, productId: over.variantId }))
          const result = writeCart(cart, aWrite(change, known), later)
          expect(result.ok).toBe(one.kind === 'add' || one.kind === 'merge' || itemId !== 'item_none')
          if (!result.ok) continue
          if (one.kind === 'remove') expected.delete(one.variant)
          else expected.add(one.variant)
          expect(result.value.cart.version).toBe(cart.version + 1)
          cart = result.value.cart
          expect(new Set(cart.items.map(({ variantId }) => variantId))).toEqual(expected)
          expect(cart.items).toHaveLength(expected.size)
          for (const { variantId, quantity } of cart.items) {
            expect(quantity).toBeGreaterThanOrEqual(1)
            const offer = known.findLast((other) => other.variantId === variantId)
            if (offer === undefined) continue
            const { available, maxPerOrder, price } = offer
            if (available !== null && available > 0) expect(quantity).toBeLessThanOrEqual(available)
            if (maxPerOrder !== null) expect(quantity).toBeLessThanOrEqual(maxPerOrder)
            expect(quantity === 1 || quantity * price < 10 ** 12).toBe(true)
          }
        }
      }),
    )
  })
})
