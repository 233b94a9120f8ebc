import { newId } from '@shop/http/ids'
import type { OrderId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import { sweepAll } from '@shop/testing/sweep'
import { describe, expect, it, vi } from 'vitest'
import type { OrdersDeps } from '../../src/deps.ts'
import { expireOrders } from '../../src/orders/expire-orders.ts'
import { extendOrders } from '../../src/orders/extend-orders.ts'
import { anOrder } from '../support/orders.ts'
import { DOWN, NOW, testDeps } from '../support/test-deps.ts'

describe('expiring orders', () => {
  /** Expires that many orders, at most a batch at a time. */
  function expiring(due: number) {
    const { deps, calls } = testDeps()
    let left = due
    const expire = async ({ limit }: { limit: number }) => {
      const count = Math.min(left, limit)
      left -= count
      calls.push(`expire ${count}`)
      return count
    }
    const task = { name: 'expired', work: () => expireOrders({ ...deps, orders: { ...deps.orders, expire } }) }
    return { sweep: () => sweepAll([task]), calls }
  }

  it('continues batch by batch until none is left, and wakes payments after each', async () => {
    const { sweep, calls } = expiring(450)
    expect(await sweep()).toEqual({ expired: 450 })
    expect(calls).toEqual(['expire 200', 'wake', 'expire 200', 'wake', 'expire 50', 'wake'])
  })

  it('wakes nobody when nothing has expired', async () => {
    const { sweep, calls } = expiring(0)
    expect(await sweep()).toEqual({ expired: 0 })
    expect(calls).toEqual(['expire 0'])
  })
})

describe('extending an order', () => {
  const extendOrder = async (deps: OrdersDeps, orderId: OrderId) => {
    const extended = await extendOrders(deps, [orderId])
    return extended.ok ? extended.value[0] : extended
  }
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

describe('an order that cannot be extended now', () => {
  it('is logged, and extended again later; the others are extended', async () => {
    const [broken, fine] = [anOrder({ expiresAt: NOW }), anOrder({ expiresAt: NOW })]
    const error = new Error('database')
    const warn = vi.fn()
    const { deps, find } = testDeps({ orders: [broken, fine], over: { warn } })
    const found = deps.orders.find
    deps.orders.find = async (id) => (id === broken.id ? Promise.reject(error) : found(id))
    const extended = await extendOrders(deps, [broken.id, fine.id])
    expect(extended).toEqual({ ok: true, value: [DOWN, { ok: true, value: undefined }] })
    expect(warn).toHaveBeenCalledExactlyOnceWith('order_not_extended', { orderId: broken.id, error })
    expect(find(fine.id)?.expiresAt).toEqual(addSeconds(NOW, 900))
  })
})
