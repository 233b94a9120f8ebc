import { describe, expect, it } from 'vitest'
import { followOrders, sweepPayments } from '../../src/sweep.ts'
import { aCapturedPayment, aPayment, ORDER_ID, PAYMENT_ID, USD } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const capturedEvent = {
  kind: 'captured',
  payment: { orderId: ORDER_ID, paymentId: PAYMENT_ID, amount: 2_500, captured: 2_500, currency: USD },
} as const

describe('a sweep', () => {
  it('of a shop with nothing left open does nothing', async () => {
    const report = await sweepPayments(aWorld().deps)
    expect(Object.values(report).every((count) => count === 0)).toBe(true)
  })

  it('tells orders of captures before it asks Stripe about anything', async () => {
    const world = aWorld()
    world.payments.add(aCapturedPayment())
    world.events.write(capturedEvent)
    world.payments.add(aPayment({ id: 'pay_2', orderId: 'order_2' }))
    world.passHours(1)
    expect(await sweepPayments(world.deps)).toMatchObject({ delivered: 1, resumed: 1 })
    expect(world.orders.told[0]).toBe('applyCapture')
  })

  it('goes on with its other tasks when one fails', async () => {
    const world = aWorld()
    world.deps.events.claim = async () => {
      throw new Error('database')
    }
    world.payments.add(aPayment())
    world.passHours(1)
    expect(await sweepPayments(world.deps)).toMatchObject({ delivered: 0, resumed: 1 })
    expect(world.deps.warn).toHaveBeenCalledWith('sweep_failed', expect.objectContaining({ task: 'deliver' }))
  })

  it('works through batches until one is short', async () => {
    const world = aWorld()
    const counts = [50, 50, 3]
    world.deps.webhookEvents.prune = async () => counts.shift() ?? 0
    world.deps.events.claim = async ({ limit }) =>
      Array.from({ length: counts.shift() ?? 0 }, (_, id) => ({ ...capturedEvent, id })).slice(0, limit)
    expect(await sweepPayments(world.deps)).toMatchObject({ delivered: 103 })
  })
})

describe('a queue message', () => {
  it('reverses cancelled orders and captures shipped ones', async () => {
    const world = aWorld()
    world.orders.isCancelled = true
    world.orders.isShipped = true
    world.payments.add(aCapturedPayment())
    await followOrders(world.deps)
    expect(world.orders.told.toSorted()).toEqual(['applyRefund', 'confirmCancelled', 'confirmShipped'])
  })
})
