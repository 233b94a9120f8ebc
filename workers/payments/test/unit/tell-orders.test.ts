import type { PaymentsEvent } from '@shop/contracts/orders/rpc'
import type { RefundState } from '@shop/contracts/payments/states'
import { sweepAll } from '@shop/testing/sweep'
import { describe, expect, it, vi } from 'vitest'
import { announceRefund, settleAfterAnswer, tellOrders } from '../../src/events/tell-orders.ts'
import type { SettledRefund } from '../../src/refunds/domain/refund.ts'
import { deliveryTasks } from '../../src/sweep.ts'
import { aCapturedPayment, aRefund, aRefundReport, now, PAYMENT_ID, REFUND_ID } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

/** A world with a captured payment, its event, and a record of what orders receives. */
function captured() {
  const world = aWorld()
  world.payments.addUntold(aCapturedPayment())
  const [row] = world.events.rows
  return {
    ...world,
    event: row?.event as PaymentsEvent,
    receiveEvent: vi.spyOn(world.orders, 'receiveEvent'),
    settle: vi.spyOn(world.events, 'settle'),
  }
}

const settleRefund = async ({ deps, refunds }: ReturnType<typeof captured>, state: RefundState) => {
  refunds.add(aRefund({ stripeRefundId: 're_1', reason: 'broken' }))
  const report = aRefundReport({ state, failure: state === 'failed' ? 'declined' : null })
  const settled = await deps.refunds.settle({ ...report, isFailureKnown: false, now })
  return settled as SettledRefund
}

describe('telling orders', () => {
  it('answers what orders decided, and has nothing to log', async () => {
    const { deps, event } = captured()
    expect(await tellOrders(deps, event)).toEqual({ eventId: 1, outcome: 'done', decision: 'accepted' })
    expect(deps.warn).not.toHaveBeenCalled()
  })

  it('counts as an outage when orders does not answer', async () => {
    const { deps, event, orders } = captured()
    orders.isDown = true
    expect(await tellOrders(deps, event)).toEqual({ eventId: 1, outcome: 'failed', failure: 'service_unavailable' })
  })

  it('of an order that does not exist is logged with its event', async () => {
    const { deps, event, orders } = captured()
    orders.receiveEvent = async () => ({ ok: true, value: { eventId: 1, outcome: 'skipped' } })
    await tellOrders(deps, event)
    expect(deps.warn).toHaveBeenCalledExactlyOnceWith('order_of_payment_missing', {
      eventId: 1,
      type: 'payment.captured',
    })
  })
})

describe('settling a delivery after the answer', () => {
  it('continues when the answer is sent, and marks it for orders only', async () => {
    const { deps, settle, settled } = captured()
    const later = vi.spyOn(deps, 'later')
    settleAfterAnswer(deps, { eventId: 1, outcome: 'done' })
    expect(later).toHaveBeenCalledOnce()
    await settled()
    expect(settle).toHaveBeenCalledExactlyOnceWith({
      consumer: 'orders',
      receipts: [{ eventId: 1, outcome: 'done' }],
      now,
    })
    expect(deps.wakeDeliveries).not.toHaveBeenCalled()
  })

  it('wakes the delivery of the event that waited for it', async () => {
    const world = captured()
    await announceRefund(world.deps, await settleRefund(world, 'succeeded'))
    settleAfterAnswer(world.deps, { eventId: 1, outcome: 'done' })
    await world.settled()
    expect(world.deps.wakeDeliveries).toHaveBeenCalledOnce()
    await sweepAll(deliveryTasks(world.deps))
    expect(world.orders.told).toEqual(['refund.succeeded'])
  })

  it('is logged when it fails: the sweep delivers the event again', async () => {
    const { deps, settled } = captured()
    const error = new Error('database')
    deps.events.settle = () => Promise.reject(error)
    settleAfterAnswer(deps, { eventId: 1, outcome: 'done' })
    await settled()
    expect(deps.warn).toHaveBeenCalledExactlyOnceWith('delivery_not_settled', { eventId: 1, error })
  })
})

describe('announcing a refund', () => {
  const next = ({ announcement, ...settled }: SettledRefund) => ({
    ...settled,
    announcement: announcement && { ...announcement, isNext: true },
  })

  it('tells orders the reason and who requested it, and settles that delivery', async () => {
    const world = captured()
    const settled = next(await settleRefund(world, 'succeeded'))
    await announceRefund(world.deps, settled)
    expect(world.receiveEvent).toHaveBeenCalledExactlyOnceWith({
      ...settled.announcement?.event,
      details: {
        reason: 'broken',
        actor: { kind: 'system' },
        isCredit: false,
        isCounted: false,
        isReversal: false,
        hasStandingPart: false,
      },
    })
    expect(world.settle).toHaveBeenCalledTimes(1)
    expect(world.deps.warn).not.toHaveBeenCalled()
  })

  it('waits for the earlier events of its payment', async () => {
    const world = captured()
    await announceRefund(world.deps, await settleRefund(world, 'succeeded'))
    expect(world.receiveEvent).not.toHaveBeenCalled()
    expect(world.settle).not.toHaveBeenCalled()
  })

  it('that failed logs whose money the shop still has', async () => {
    const world = captured()
    await announceRefund(world.deps, await settleRefund(world, 'failed'))
    expect(world.deps.warn).toHaveBeenCalledExactlyOnceWith('refund_failed', {
      refundId: REFUND_ID,
      paymentId: PAYMENT_ID,
      change: 'failed',
      failure: 'declined',
    })
  })

  it('that is still pending says nothing to anybody', async () => {
    const world = captured()
    await announceRefund(world.deps, await settleRefund(world, 'pending'))
    expect(world.receiveEvent).not.toHaveBeenCalled()
    expect(world.deps.warn).not.toHaveBeenCalled()
  })
})
