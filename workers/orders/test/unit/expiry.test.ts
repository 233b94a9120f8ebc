import { newId } from '@shop/http/ids'
import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import { expireOrders } from '../../src/orders/expire-orders.ts'
import { extendOrder } from '../../src/orders/extend-order.ts'
import { anOrder } from '../support/orders.ts'
import { DOWN, NOW, testDeps } from '../support/test-deps.ts'

describe('expiring orders', () => {
  /** Expires that many orders, at most a batch at a time; each batch takes `seconds`. */
  function expiring(due: number, secondsPerBatch = 1) {
    const { deps, calls } = testDeps()
    let left = due
    let now = NOW
    const expire = async ({ limit }: { limit: number }) => {
      const count = Math.min(left, limit)
      left -= count
      now = addSeconds(now, secondsPerBatch)
      calls.push(`expire ${count}`)
      return count
    }
    return { deps: { ...deps, now: () => now, orders: { ...deps.orders, expire } }, calls }
  }
  const until = addSeconds(NOW, 20)

  it('continues batch by batch until none is left, and wakes payments after each', async () => {
    const { deps, calls } = expiring(450)
    expect(await expireOrders(deps, until)).toBe(450)
    expect(calls).toEqual(['expire 200', 'wake', 'expire 200', 'wake', 'expire 50', 'wake'])
  })

  it('wakes nobody when nothing has expired', async () => {
    const { deps, calls } = expiring(0)
    expect(await expireOrders(deps, until)).toBe(0)
    expect(calls).toEqual(['expire 0'])
  })

  it('starts no batch after its deadline', async () => {
    const { deps, calls } = expiring(1_000, 15)
    expect(await expireOrders(deps, until)).toBe(400)
    expect(calls.filter((call) => call.startsWith('expire'))).toHaveLength(2)
  })
})

describe('extending an order', () => {
  const late = anOrder({ expiresAt: addSeconds(NOW, 60) })
  const to = addSeconds(NOW, 900)
  const holdsTo = `extend ${late.id} ${addSeconds(to, 300).toISOString()}`

  it('restores its full time, and extends its holds by the grace beyond it', async () => {
    const { deps, calls, find } = testDeps({ orders: [late] })
    expect(await extendOrder(deps, late.id)).toEqual({ ok: true, value: undefined })
    expect(find(late.id)?.expiresAt).toEqual(to)
    expect(calls).toEqual(['save extended', holdsTo])
  })

  it('extends the holds again when repeated, without another change', async () => {
    const { deps, calls } = testDeps({ orders: [late] })
    await extendOrder(deps, late.id)
    await extendOrder(deps, late.id)
    expect(calls).toEqual(['save extended', holdsTo, holdsTo])
  })

  it('succeeds when a hold has ended: the sale takes the units again', async () => {
    const gone = { code: 'hold_gone', variantId: 11, holdId: late.id, reason: 'expired' } as const
    const { deps } = testDeps({
      orders: [late],
      catalog: { extendHolds: async () => ({ ok: false, failure: gone }) },
    })
    expect(await extendOrder(deps, late.id)).toMatchObject({ ok: true })
  })

  it('is unavailable when the catalog is down, or when other writers win each time', async () => {
    const down = testDeps({ orders: [late], catalog: { extendHolds: async () => DOWN } }).deps
    expect(await extendOrder(down, late.id)).toEqual(DOWN)
    const { deps } = testDeps({ orders: [late] })
    const saveChange = async () => 'lost' as const
    expect(await extendOrder({ ...deps, orders: { ...deps.orders, saveChange } }, late.id)).toEqual(DOWN)
  })

  it('is refused for an order that is not pending or does not exist, and touches no hold', async () => {
    const paid = anOrder({ status: 'processing' })
    const { deps, calls } = testDeps({ orders: [paid] })
    expect(await extendOrder(deps, paid.id)).toMatchObject({ failure: { code: 'order_not_payable' } })
    expect(await extendOrder(deps, newId('order'))).toMatchObject({ failure: { code: 'order_not_found' } })
    expect(calls).toEqual([])
  })
})
