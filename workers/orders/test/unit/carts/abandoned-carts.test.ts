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
  await deps.cartRows.save(rowOf({ ...cart, email: 'guest@example.com', updatedAt: hoursAgo(2) }))
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
  ['has no e-mail address any more', { email: null }],
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

it('a cart that cannot be asked keeps no other one waiting, and is asked again an hour later', async () => {
  let now = NOW
  const { deps, calls } = testDeps({ over: { now: () => now } })
  const carts = Array.from({ length: 21 }, (_, n) =>
    aCart({ email: `guest${n}@example.com`, items: [anItem()], updatedAt: hoursAgo(2) }),
  )
  for (const cart of carts) {
    await deps.carts.create(cart.id, { cart, key: { key: 'made', requestHash: '' }, access: GUEST })
    await deps.cartRows.save(rowOf(cart))
  }
  const unreachable = new Set(carts.slice(0, 20).map(({ id }) => id))
  const { read } = deps.carts
  deps.carts.read = async (id, request) => {
    if (unreachable.has(id)) throw new Error('unreachable')
    return read(id, request)
  }
  const sweep = async () => (await announceAbandonedCarts(deps)).done
  expect([await sweep(), await sweep(), await sweep()]).toEqual([20, 1, 0])
  expect(calls).toEqual(Array.from({ length: 20 }, () => 'warn cart_not_asked'))
  unreachable.clear()
  now = new Date(NOW.getTime() + 3_600_001)
  expect([await sweep(), await sweep()]).toEqual([20, 0])
})
