import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { decideErasure } from '../../../src/carts/domain/decide-removal.ts'
import { age, asOf, expiresAt } from '../../../src/carts/domain/expiry.ts'
import { cancelMerge, markMerged } from '../../../src/carts/domain/merge-carts.ts'
import { aCart, anItem, GUEST, NOBODY } from '../../support/carts.ts'
import { NOW } from '../../support/test-deps.ts'

const afterDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000)
const cart = aCart({ items: [anItem()], email: 'guest@example.com', note: 'Ring twice', codes: ['WELCOME'] })

describe('a cart that nobody changes', () => {
  it('is open for 30 days, then expired', () => {
    expect(expiresAt(cart)).toEqual(afterDays(30))
    expect(asOf(cart, afterDays(29.99))).toBe(cart)
    expect(asOf(cart, afterDays(30)).status).toBe('expired')
  })

  it('is asked again when its time ends, counted from its last change', () => {
    expect(age({ ...cart, updatedAt: afterDays(10) }, afterDays(30))).toEqual({ kind: 'alive', until: afterDays(40) })
  })

  it('then has nothing of its buyer any more, and is deleted after 30 more days', () => {
    const aged = age(cart, afterDays(30))
    expect(aged).toMatchObject({ kind: 'emptied', until: afterDays(60) })
    const emptied = aged.kind === 'emptied' ? aged.cart : cart
    expect(emptied).toEqual({ ...aCart({ id: cart.id }), status: 'expired' })
    expect(age(emptied, afterDays(60))).toEqual({ kind: 'over' })
  })

  it('is not emptied while it is not known whether an order was made of it', () => {
    const lost = { ...cart, status: 'completing', completion: { claim: 'one', since: NOW } } as const
    expect(age(lost, afterDays(30))).toEqual({ kind: 'alive', until: afterDays(31) })
    expect(age(lost, afterDays(60))).toEqual({ kind: 'over' })
  })

  it('keeps which order was made of it until then', () => {
    const orderId = newId('order')
    const aged = age({ ...cart, status: 'completed', orderId }, afterDays(30))
    expect(aged).toMatchObject({ cart: { status: 'completed', orderId, items: [] } })
  })
})

describe('merging', () => {
  const into = newId('cart')
  const request = { access: GUEST, into }

  it('closes the cart of the guest, and names the other one', () => {
    const value = { ...cart, status: 'merged', mergedInto: into, version: 2 }
    expect(markMerged(cart, request, NOW)).toEqual({ ok: true, value })
  })

  it('goes on with the first cart that was named', () => {
    const merged = markMerged(cart, request, NOW)
    if (!merged.ok) throw new Error('refused')
    expect(markMerged(merged.value, { ...request, into: newId('cart') }, NOW)).toEqual(merged)
  })

  it('is refused to a caller without the token, and for a cart with an owner', () => {
    const refused = { ok: false, failure: { code: 'cart_not_found' } }
    expect(markMerged(cart, { ...request, access: NOBODY }, NOW)).toEqual(refused)
    const userId = newId('user')
    const own = { userId, isStaff: false, hasToken: false }
    expect(markMerged({ ...cart, userId }, { ...request, access: own }, NOW)).toEqual(refused)
  })

  it('is refused while an order is being made of the cart', () => {
    const failure = { code: 'cart_completing' }
    expect(markMerged({ ...cart, status: 'completing' }, request, NOW)).toEqual({ ok: false, failure })
  })

  it('opens the cart again where the named one has refused the items', () => {
    const merged = { ...cart, status: 'merged', mergedInto: into } as const
    expect(cancelMerge(merged, { into }, NOW)).toMatchObject({ status: 'open', mergedInto: null, items: cart.items })
    expect(cancelMerge(merged, { into: newId('cart') }, NOW)).toBe(merged)
  })
})

describe('the cart of an owner who was erased', () => {
  const completing = { ...cart, status: 'completing', completion: { claim: 'one', since: NOW } } as const
  const afterSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)

  it('is kept while an order is being made of it', () => {
    expect(decideErasure(completing, afterSeconds(59))).toEqual({ ok: false, failure: { code: 'cart_completing' } })
  })

  it('is erased after an attempt that was lost, which nobody comes back to settle', () => {
    expect(decideErasure(completing, afterSeconds(60))).toMatchObject({
      ok: true,
      value: { isDeleted: true, completion: null, email: null, note: null, items: [] },
    })
  })
})
