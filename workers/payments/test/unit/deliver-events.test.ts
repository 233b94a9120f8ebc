import { ok } from '@shop/kernel/result'
import { sweepAll } from '@shop/testing/sweep'
import { describe, expect, it, vi } from 'vitest'
import { deliverEvents } from '../../src/events/deliver-events.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import {
  aCapturedPayment,
  aDisputeReport,
  anAuthorizedPayment,
  aRefund,
  now,
  ORDER_ID,
  PAYMENT_ID,
  REFUND_ID,
} from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

/** Delivers what is due. @returns how many events were */
const deliver = async ({ deps }: Pick<ReturnType<typeof aWorld>, 'deps'>) =>
  (await sweepAll([{ name: 'delivered', work: () => deliverEvents(deps) }])).delivered

/** A world in which the payment's event has not been delivered to orders. */
function untold(payment: Payment) {
  const world = aWorld()
  world.payments.addUntold(payment)
  return world
}

const refundPayload = {
  refundId: REFUND_ID,
  paymentId: PAYMENT_ID,
  orderId: aRefund().orderId,
  amount: 2_500,
  currency: 'USD',
  state: 'succeeded',
  capturedAmount: 2_500,
} as const

describe('an event that orders has not confirmed', () => {
  it('is delivered again until orders answers', async () => {
    const world = untold(aCapturedPayment())
    world.orders.isDown = true
    expect(await deliver(world)).toBe(0)
    expect(world.events.undelivered).toEqual(['payment.captured'])
    world.orders.isDown = false
    expect(await deliver(world)).toBe(1)
    expect(world.orders.told).toEqual(['payment.captured'])
    expect(world.events.undelivered).toEqual([])
  })

  it('is delivered again while a decision on it has not been carried out', async () => {
    const world = untold(aCapturedPayment())
    world.orders.isCancelled = true
    const { reserveAutomatic } = world.deps.refunds
    world.deps.refunds.reserveAutomatic = async () => {
      throw new Error('database')
    }
    await deliver(world)
    expect(world.events.undelivered).toEqual(['payment.captured'])
    expect(world.deps.warn).toHaveBeenCalledWith('decision_not_carried_out', expect.anything())
    world.deps.refunds.reserveAutomatic = (fresh) => reserveAutomatic.call(world.refunds, fresh)
    await deliver(world)
    expect(world.payments.only.refundedAmount).toBe(2_500)
    expect(world.events.undelivered).toEqual([])
  })

  it('of a capture for a cancelled order causes a refund', async () => {
    const world = untold(aCapturedPayment())
    world.orders.isCancelled = true
    await deliver(world)
    expect(world.payments.only.refundedAmount).toBe(2_500)
    expect(world.events.undelivered).toEqual([])
  })

  it('of an authorization for a cancelled order causes a void, which is reported to orders next', async () => {
    const world = untold(anAuthorizedPayment())
    world.orders.isCancelled = true
    await deliver(world)
    expect(world.payments.only.state).toBe('canceled')
    expect(world.orders.told).toEqual(['payment.authorized', 'payment.authorization_lost'])
    expect(world.events.undelivered).toEqual([])
  })

  it('of a void that Stripe does not answer is delivered again', async () => {
    const world = untold(anAuthorizedPayment())
    world.orders.isCancelled = true
    world.stripe.answerNext('cancel', { kind: 'unknown', isReplayed: false })
    await deliver(world)
    expect(world.events.undelivered).toEqual(['payment.authorized'])
  })

  it('waits for the earlier ones of its payment', async () => {
    const world = untold(anAuthorizedPayment())
    world.payments.addUntold(aCapturedPayment())
    await deliver(world)
    expect(world.orders.told).toEqual(['payment.authorized', 'payment.captured'])
  })

  it.each(['refund.succeeded', 'refund.failed', 'refund.returned'] as const)(
    '%s is told with the reason and who requested it',
    async (type) => {
      const world = aWorld()
      world.payments.add(aCapturedPayment())
      world.refunds.add(aRefund({ state: 'succeeded', reason: 'broken' }))
      world.events.write(type, PAYMENT_ID, refundPayload)
      const received: unknown[] = []
      const { receiveEvent } = world.orders
      world.orders.receiveEvent = (event) => {
        received.push(event)
        return receiveEvent.call(world.orders, event)
      }
      await deliver(world)
      expect(received).toMatchObject([{ type, details: { reason: 'broken', actor: { kind: 'system' } } }])
      expect(world.events.undelivered).toEqual([])
    },
  )

  it('of a return ends as skipped when staff have skipped the refund itself, of which the order does not know', async () => {
    const world = aWorld()
    world.payments.add(aCapturedPayment())
    world.refunds.add(aRefund({ state: 'failed' }))
    world.refunds.skipped.add(REFUND_ID)
    world.events.write('refund.returned', PAYMENT_ID, refundPayload)
    await deliver(world)
    expect(world.orders.told).toEqual([])
    expect(world.events.rows[0]?.receipt).toEqual({ eventId: 1, outcome: 'skipped' })
  })

  it('of a failed refund that is made anew means nothing to the order', async () => {
    const world = aWorld()
    world.payments.add(aCapturedPayment())
    world.refunds.add(aRefund({ state: 'failed', failure: 'not_made' }))
    world.events.write('refund.failed', PAYMENT_ID, refundPayload)
    await deliver(world)
    expect(world.orders.told).toEqual([])
    expect(world.events.undelivered).toEqual([])
  })

  it('of a dispute is told with what banks hold of the payment now', async () => {
    const world = aWorld()
    world.payments.add(aCapturedPayment())
    const report = { ...aDisputeReport(), paymentId: PAYMENT_ID, observedAt: now }
    await world.deps.disputes.record(report, undefined)
    const received: unknown[] = []
    world.orders.receiveEvent = async (event) => {
      received.push(event)
      return ok({ eventId: event.id, outcome: 'done' })
    }
    await deliver(world)
    expect(received).toMatchObject([{ type: 'dispute.created', details: { disputed: 2_500, chargedBack: 0 } }])
  })

  it('of a refund that does not exist is skipped', async () => {
    const world = aWorld()
    world.events.write('refund.succeeded', PAYMENT_ID, refundPayload)
    await deliver(world)
    expect(world.orders.told).toEqual([])
    expect(world.events.rows[0]?.receipt).toEqual({ eventId: 1, outcome: 'skipped' })
  })

  it('of an order that does not exist is skipped, and logged for a person', async () => {
    const world = untold(aCapturedPayment())
    world.orders.receiveEvent = async ({ id }) => ({ ok: true, value: { eventId: id, outcome: 'skipped' } })
    await deliver(world)
    expect(world.events.undelivered).toEqual([])
    expect(world.deps.warn).toHaveBeenCalledWith('order_of_payment_missing', expect.anything())
  })
})

describe('a delivery to orders', () => {
  it('pulls and settles the events of orders, and of no other consumer', async () => {
    const world = untold(aCapturedPayment())
    const pull = vi.spyOn(world.events, 'pull')
    const settle = vi.spyOn(world.events, 'settle')
    await deliver(world)
    expect(pull).toHaveBeenCalledWith({ consumer: 'orders', limit: 20, now })
    expect(settle).toHaveBeenCalledWith(expect.objectContaining({ consumer: 'orders' }))
  })

  it('reads the details of refunds only', async () => {
    const world = untold(aCapturedPayment())
    const details = vi.spyOn(world.refunds, 'details')
    await deliver(world)
    expect(details.mock.calls[0]).toEqual([[]])
  })

  it('whose decision fails is logged with its event', async () => {
    const world = untold(aCapturedPayment())
    world.orders.isCancelled = true
    const error = new Error('database')
    world.deps.refunds.reserveAutomatic = () => Promise.reject(error)
    await deliver(world)
    expect(world.deps.warn).toHaveBeenCalledWith('decision_not_carried_out', {
      eventId: 1,
      type: 'payment.captured',
      error,
    })
    expect(world.events.rows[0]?.receipt).toEqual({ eventId: 1, outcome: 'failed', failure: 'service_unavailable' })
  })
})

describe('an event about a dispute', () => {
  const written = (world: ReturnType<typeof aWorld>, type: 'dispute.created' | 'dispute.updated' | 'dispute.closed') =>
    world.events.write(type, PAYMENT_ID, {
      ...{ disputeId: 'du_1', paymentId: PAYMENT_ID, amount: 2_500, currency: 'USD' },
      ...{ reason: 'fraudulent', status: 'needs_response' },
    })

  it.each(['dispute.created', 'dispute.updated', 'dispute.closed'] as const)(
    '%s is told with what banks hold of the payment',
    async (type) => {
      const world = aWorld()
      written(world, type)
      const details = { orderId: ORDER_ID, disputed: 2_500, chargedBack: 0 }
      const find = vi.fn(async () => new Map([[PAYMENT_ID as string, details]]))
      world.deps.disputes.details = find
      const received = vi.spyOn(world.orders, 'receiveEvent')
      await deliver(world)
      expect(find.mock.calls[0]).toEqual([[PAYMENT_ID]])
      expect(received.mock.calls).toMatchObject([[{ type, details }]])
      expect(world.events.undelivered).toEqual([])
    },
  )

  it('of a payment that has none any more is skipped', async () => {
    const world = aWorld()
    written(world, 'dispute.created')
    world.deps.disputes.details = async () => new Map()
    await deliver(world)
    expect(world.orders.told).toEqual([])
    expect(world.events.rows[0]?.receipt).toEqual({ eventId: 1, outcome: 'skipped' })
  })

  it('is the only one whose details are read from disputes', async () => {
    const world = untold(aCapturedPayment())
    const find = vi.fn(async () => new Map())
    world.deps.disputes.details = find
    await deliver(world)
    expect(find.mock.calls[0]).toEqual([[]])
  })
})
