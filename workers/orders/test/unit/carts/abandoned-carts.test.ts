import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { announceAbandonedCarts } from '../../../src/carts/announce-abandoned-carts.ts'
import type { Cart } from '../../../src/carts/domain/cart.ts'
import { rowOf } from '../../../src/carts/domain/cart-row.ts'
import { aCart, anItem, GUEST } from '../../support/carts.ts'
import { NOW, testDeps } from '../../support/test-deps.ts'

const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)

/** A sweep over one cart that was last heard of two hours ago. */
async function sweepOver(over: Partial<Cart>, isMade = true) {
  const { deps } = testDeps()
  const cart = aCart({ email: 'guest@example.com', items: [anItem({ quantity: 3 })], updatedAt: hoursAgo(2), ...over })
  if (isMade) await deps.carts.create(cart.id, { cart, key: { key: 'made', requestHash: '' }, access: GUEST })
  await deps.cartRows.save(rowOf({ ...cart, updatedAt: hoursAgo(2) }))
  const announced: object[] = []
  const { announce } = deps.cartRows
  const cartRows: typeof deps.cartRows = {
    ...deps.cartRows,
    announce: async (abandoned) => {
      announced.push(abandoned)
      await announce(abandoned)
    },
  }
  const counts: number[] = []
  for (const _ of ['first', 'second']) counts.push((await announceAbandonedCarts({ ...deps, cartRows })).done)
  return { cart, announced, counts }
}

describe('an abandoned cart', () => {
  it('is announced once, an hour after its last change', async () => {
    const total = { total: 3_000, currency: aCart().currency, codes: [] }
    const { cart, announced, counts } = await sweepOver({ lastAnswer: total })
    expect(announced).toEqual([{ id: cart.id, itemCount: 3, currency: 'USD', total: 3_000, at: NOW }])
    expect(counts).toEqual([1, 0])
  })
})

describe.each<[string, Partial<Cart>]>([
  ['was changed since', { updatedAt: hoursAgo(0.5) }],
  ['is empty', { items: [] }],
  ['is being completed', { status: 'completing' }],
  ['is completed', { status: 'completed', orderId: newId('order') }],
  ['is merged', { status: 'merged' }],
  ['is expired', { updatedAt: hoursAgo(24 * 31) }],
])('a cart that %s', (_, over) => {
  it('is not announced, and not asked again by the next sweep', async () => {
    const { announced, counts } = await sweepOver(over)
    expect([announced, counts]).toEqual([[], [1, 0]])
  })
})

it('the row of a cart that is gone is deleted', async () => {
  const { announced, counts } = await sweepOver({}, false)
  expect([announced, counts]).toEqual([[], [1, 0]])
})
