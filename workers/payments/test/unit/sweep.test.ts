import { sweepAll } from '@shop/testing/sweep'
import { describe, expect, it } from 'vitest'
import type { PaymentsDeps } from '../../src/deps.ts'
import { followTasks, paymentsTasks } from '../../src/sweep.ts'
import { aCapturedPayment, aPayment, aRefund } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const sweep = (deps: PaymentsDeps) => sweepAll(paymentsTasks(deps), deps.warn)

describe('a sweep', () => {
  it('of a shop with nothing open does nothing', async () => {
    const report = await sweep(aWorld().deps)
    expect(Object.values(report).every((count) => count === 0)).toBe(true)
  })

  it('reports captures to orders before it calls Stripe', async () => {
    const world = aWorld()
    world.payments.addUntold(aCapturedPayment())
    world.payments.add(aPayment({ id: 'pay_2', orderId: 'order_2' }))
    world.passHours(1)
    expect(await sweep(world.deps)).toMatchObject({ delivered: 1, resumed: 1 })
    expect(world.orders.told[0]).toBe('payment.captured')
  })

  it('continues with its other tasks when one fails', async () => {
    const world = aWorld()
    world.deps.events.pull = async () => {
      throw new Error('database')
    }
    world.payments.add(aPayment())
    world.passHours(1)
    expect(await sweep(world.deps)).toMatchObject({ delivered: 0, resumed: 1 })
    expect(world.deps.warn).toHaveBeenCalledWith('sweep_failed', expect.objectContaining({ task: 'delivered' }))
  })

  it('works through batches until one is short', async () => {
    const world = aWorld()
    const batches = [20, 20, 3]
    world.deps.refunds.claimDue = async () =>
      Array.from({ length: batches.shift() ?? 0 }, () => aRefund({ state: 'succeeded' }))
    expect(await sweep(world.deps)).toMatchObject({ refunded: 43 })
  })
})

describe('a queue message', () => {
  it('reverses cancelled orders and captures shipped ones', async () => {
    const world = aWorld()
    world.orders.isCancelled = true
    world.orders.isShipped = true
    world.payments.add(aCapturedPayment())
    await sweepAll(followTasks(world.deps))
    expect(world.payments.only.refundedAmount).toBe(2_500)
    expect(world.orders.receipts.map(({ outcome }) => outcome)).toEqual(['done', 'done'])
  })
})
