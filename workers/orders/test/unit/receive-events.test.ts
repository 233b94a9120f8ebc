import type { PaymentsEvent } from '@shop/contracts/orders/rpc'
import { newId } from '@shop/http/ids'
import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import type { Order } from '../../src/orders/domain/order.ts'
import { receiveEvents } from '../../src/payment-events/receive-events.ts'
import { anOrder } from '../support/orders.ts'
import { disputeEvent, paymentEvent, REFUND_DETAILS, refundEvent } from '../support/payments-events.ts'
import { DOWN, OUT_OF_STOCK, testDeps } from '../support/test-deps.ts'

const PAYMENT = newId('payment')
const paid = (over: Partial<Order> = {}) =>
  anOrder({
    status: 'processing',
    paymentStatus: 'paid',
    paymentId: PAYMENT,
    capturedAmount: 2_500,
    stockCommitted: true,
    ...over,
  })

function receiving(options: Parameters<typeof testDeps>[0]) {
  const made = testDeps(options)
  const receive = async (...events: PaymentsEvent[]) => {
    const received = await receiveEvents(made.deps, events)
    if (!received.ok) throw new Error('Receipts are always given')
    return received.value.map(({ eventId: _, ...receipt }) => receipt)
  }
  return { ...made, receive }
}

describe('a capture', () => {
  it('is accepted by a pending order, which is paid and then sold', async () => {
    const order = anOrder()
    const { receive, calls, find } = receiving({ orders: [order] })
    expect(await receive(paymentEvent('payment.captured', order, PAYMENT))).toEqual([
      { outcome: 'done', decision: 'accepted' },
    ])
    expect(find(order.id)).toMatchObject({ status: 'processing', paymentStatus: 'paid', stockCommitted: true })
    expect(calls).toEqual(['save paid', `sell ${order.id}`, 'save stock_committed'])
  })

  it('is accepted again when it is repeated, and changes nothing', async () => {
    const order = anOrder()
    const { receive, calls } = receiving({ orders: [order] })
    const event = paymentEvent('payment.captured', order, PAYMENT)
    const [first] = await receive(event)
    const done = [...calls]
    expect(await receive(event)).toEqual([first])
    expect(calls).toEqual(done)
  })

  it('is accepted by the order that relies on its authorization, even after shipping', async () => {
    const order = paid({ status: 'shipped', paymentStatus: 'authorized', capturedAmount: 0 })
    const { receive, find } = receiving({ orders: [order] })
    expect(await receive(paymentEvent('payment.captured', order, PAYMENT))).toMatchObject([{ decision: 'accepted' }])
    expect(find(order.id)).toMatchObject({ status: 'shipped', paymentStatus: 'paid' })
  })

  it('is rejected by a cancelled order, which records the money', async () => {
    const order = anOrder({ status: 'cancelled', cancelReason: 'expired' })
    const { receive, calls, find } = receiving({ orders: [order] })
    expect(await receive(paymentEvent('payment.captured', order, PAYMENT))).toMatchObject([{ decision: 'rejected' }])
    expect(find(order.id)).toMatchObject({ status: 'cancelled', paymentStatus: 'paid', capturedAmount: 2_500 })
    expect(calls).toEqual(['save paid'])
  })

  it.each([
    ['of another amount', { amount: 2_499, capturedAmount: 2_499 }],
    ['in another currency', { currency: 'EUR' }],
  ])('%s is rejected, and the order stays pending', async (_, over) => {
    const order = anOrder()
    const { receive, find } = receiving({ orders: [order] })
    expect(await receive(paymentEvent('payment.captured', order, PAYMENT, over))).toMatchObject([
      { decision: 'rejected' },
    ])
    expect(find(order.id)).toEqual(order)
  })

  it('is rejected when the units are no longer available, and the order is cancelled', async () => {
    const order = anOrder()
    const { receive, find } = receiving({ orders: [order], catalog: { commitHolds: async () => OUT_OF_STOCK } })
    expect(await receive(paymentEvent('payment.captured', order, PAYMENT))).toMatchObject([{ decision: 'rejected' }])
    expect(find(order.id)).toMatchObject({ status: 'cancelled', cancelReason: 'stock_gone', paymentStatus: 'paid' })
  })

  it('is retried while the catalog is down, and then continues where it stopped', async () => {
    const order = anOrder()
    const answers = [DOWN, ok()]
    const { receive, calls } = receiving({
      orders: [order],
      catalog: { commitHolds: async () => answers.shift() ?? ok() },
    })
    const event = paymentEvent('payment.captured', order, PAYMENT)
    expect(await receive(event)).toEqual([{ outcome: 'failed', failure: 'service_unavailable' }])
    expect(await receive(event)).toEqual([{ outcome: 'done', decision: 'accepted' }])
    expect(calls).toEqual(['save paid', `sell ${order.id}`, `sell ${order.id}`, 'save stock_committed'])
  })
})

describe('an authorization', () => {
  it('is accepted by a pending order, which relies on it and is sold', async () => {
    const order = anOrder()
    const { receive, calls, find } = receiving({ orders: [order] })
    expect(await receive(paymentEvent('payment.authorized', order, PAYMENT))).toEqual([
      { outcome: 'done', decision: 'accepted' },
    ])
    expect(find(order.id)).toMatchObject({ paymentStatus: 'authorized', stockCommitted: true })
    expect(calls).toEqual(['save authorized', `sell ${order.id}`, 'save stock_committed'])
  })

  it('is rejected by a cancelled order, and when the units are no longer available', async () => {
    const cancelled = anOrder({ status: 'cancelled', cancelReason: 'expired' })
    const { receive } = receiving({ orders: [cancelled] })
    expect(await receive(paymentEvent('payment.authorized', cancelled, PAYMENT))).toMatchObject([
      { decision: 'rejected' },
    ])
    const order = anOrder()
    const gone = receiving({ orders: [order], catalog: { commitHolds: async () => OUT_OF_STOCK } })
    expect(await gone.receive(paymentEvent('payment.authorized', order, PAYMENT))).toMatchObject([
      { decision: 'rejected' },
    ])
  })

  it('that is lost cancels the order, and no decision is needed', async () => {
    const order = paid({ paymentStatus: 'authorized', capturedAmount: 0 })
    const { receive, find, calls } = receiving({ orders: [order] })
    expect(await receive(paymentEvent('payment.authorization_lost', order, PAYMENT))).toEqual([{ outcome: 'done' }])
    expect(find(order.id)).toMatchObject({ status: 'cancelled', cancelReason: 'authorization_lost' })
    expect(calls).toEqual(['save cancelled', 'wake'])
  })

  it('that is lost before it arrived waits for it', async () => {
    const order = anOrder()
    const { receive } = receiving({ orders: [order] })
    expect(await receive(paymentEvent('payment.authorization_lost', order, PAYMENT))).toEqual([
      { outcome: 'failed', failure: 'not_yet' },
    ])
  })
})

describe('a refund', () => {
  const refund = { paymentId: PAYMENT, refundId: newId('refund') }

  it('is recorded once, with its reason and who requested it', async () => {
    const order = paid()
    const { receive, find, historyOf } = receiving({ orders: [order] })
    for (const _ of ['first', 'again']) {
      expect(await receive(refundEvent('refund.succeeded', order, refund))).toEqual([{ outcome: 'done' }])
    }
    expect(find(order.id)).toMatchObject({ paymentStatus: 'partially_refunded', refundedAmount: 500 })
    expect(historyOf(order.id).at(-1)).toMatchObject({
      type: 'refunded',
      actor: REFUND_DETAILS.actor,
      data: { refundId: refund.refundId, amount: 500, reason: REFUND_DETAILS.reason },
    })
  })

  it('waits for its capture', async () => {
    const order = anOrder()
    const { receive } = receiving({ orders: [order] })
    expect(await receive(refundEvent('refund.succeeded', order, refund))).toEqual([
      { outcome: 'failed', failure: 'not_yet' },
    ])
  })

  it('of money that an edited order rejected changes nothing, and waits for nothing', async () => {
    const order = anOrder({ chargeNo: 2 })
    const { receive, find, calls } = receiving({ orders: [order] })
    const details = { reason: 'order_cancelled', actor: { kind: 'system' }, isReversal: true } as const
    expect(await receive(paymentEvent('payment.captured', order, PAYMENT))).toEqual([
      { outcome: 'done', decision: 'rejected' },
    ])
    for (const type of ['refund.succeeded', 'refund.returned'] as const) {
      expect(await receive({ ...refundEvent(type, order, refund), details })).toEqual([{ outcome: 'done' }])
    }
    expect(find(order.id)).toEqual(order)
    expect(calls).toEqual([])
  })

  it('of a cancelled order that missed its capture is recorded with the capture', async () => {
    const order = anOrder({ status: 'cancelled', cancelReason: 'expired' })
    const { receive, calls } = receiving({ orders: [order] })
    expect(await receive(refundEvent('refund.succeeded', order, refund))).toEqual([{ outcome: 'done' }])
    expect(calls).toEqual(['save paid', 'save refunded'])
  })

  it('that the bank returned waits until it is recorded, and then no longer counts', async () => {
    const order = paid()
    const { receive, find } = receiving({ orders: [order] })
    const returned = refundEvent('refund.returned', order, refund)
    expect(await receive(returned)).toEqual([{ outcome: 'failed', failure: 'not_yet' }])
    await receive(refundEvent('refund.succeeded', order, refund))
    for (const _ of ['first', 'again']) expect(await receive(returned)).toEqual([{ outcome: 'done' }])
    expect(find(order.id)).toMatchObject({ paymentStatus: 'paid', refundedAmount: 0 })
  })
})

describe('events of payments', () => {
  it('have a receipt each, and one that fails does not stop the others', async () => {
    const [order, broken] = [anOrder(), anOrder()]
    const { deps, calls } = testDeps({
      orders: [order, broken],
      catalog: {
        commitHolds: async ({ holdId }) => {
          if (holdId === broken.id) throw new Error('broken')
          return ok()
        },
      },
    })
    const [fails, works] = [broken, order].map((one) => paymentEvent('payment.captured', one, newId('payment')))
    if (fails === undefined || works === undefined) throw new Error('There are two')
    const received = await receiveEvents(deps, [fails, works])
    expect(received).toEqual(
      ok([
        { eventId: fails.id, outcome: 'failed', failure: 'internal_error' },
        { eventId: works.id, outcome: 'done', decision: 'accepted' },
      ]),
    )
    expect(calls).toContain('warn event_failed')
  })

  it('are retried without limit after an outage, which says nothing about the event', async () => {
    const order = anOrder()
    const commitHolds = () => Promise.reject(new Error('unreachable'))
    const { receive } = receiving({ orders: [order], catalog: { commitHolds }, over: { isOutage: () => true } })
    expect(await receive(paymentEvent('payment.captured', order, PAYMENT))).toEqual([
      { outcome: 'failed', failure: 'service_unavailable' },
    ])
  })

  it('are retried when other writers win each time', async () => {
    const order = anOrder()
    const { deps } = testDeps({ orders: [order] })
    const saveChange = async () => 'lost' as const
    const event = paymentEvent('payment.authorized', order, PAYMENT)
    const received = await receiveEvents({ ...deps, orders: { ...deps.orders, saveChange } }, [event])
    expect(received).toMatchObject({ value: [{ outcome: 'failed', failure: 'service_unavailable' }] })
  })

  it('about an unknown order are skipped', async () => {
    const order = anOrder()
    const { receive } = receiving({})
    const events = [
      paymentEvent('payment.captured', order, PAYMENT),
      paymentEvent('payment.authorized', order, PAYMENT),
      paymentEvent('payment.authorization_lost', order, PAYMENT),
      refundEvent('refund.succeeded', order, { paymentId: PAYMENT }),
      refundEvent('refund.returned', order, { paymentId: PAYMENT }),
    ]
    expect(await receive(...events)).toEqual(events.map(() => ({ outcome: 'skipped' })))
  })

  it('whose payload does not match the event catalogue are refused', async () => {
    const order = anOrder()
    const { receive, calls } = receiving({ orders: [order] })
    const event = paymentEvent('payment.captured', order, PAYMENT)
    const refused = [{ outcome: 'failed', failure: 'invalid_event' }]
    expect(await receive({ ...event, version: 2 })).toEqual(refused)
    expect(await receive(paymentEvent('payment.captured', order, PAYMENT, { amount: 0.5 }))).toEqual(refused)
    expect(await receive(paymentEvent('payment.captured', order, PAYMENT, { orderId: 'order_1' }))).toEqual(refused)
    expect(await receive(paymentEvent('payment.captured', order, PAYMENT, { currency: 'usd' }))).toEqual(refused)
    expect(calls).toEqual([])
  })
})

describe('money of a cancelled order that does not come back', () => {
  const cancelled = () => paid({ status: 'cancelled', cancelReason: 'cancelled_by_staff' })

  it('is recorded when its refund fails, once', async () => {
    const order = cancelled()
    const { receive, find, calls } = receiving({ orders: [order] })
    const failed = refundEvent('refund.failed', order, { paymentId: PAYMENT })
    expect(await receive(failed)).toEqual([{ outcome: 'done' }])
    expect(await receive(failed)).toEqual([{ outcome: 'done' }])
    expect(find(order.id)).toMatchObject({ refundFailed: true, paymentStatus: 'paid' })
    expect(calls).toEqual(['save refund_failed'])
  })

  it('is recorded when a bank holds it because of a dispute, and when the bank has decided', async () => {
    const order = cancelled()
    const { receive, find } = receiving({ orders: [order] })
    await receive(disputeEvent(order, PAYMENT, { disputed: 2_500, chargedBack: 0 }))
    expect(find(order.id)).toMatchObject({ disputedAmount: 2_500, chargedBackAmount: 0 })
    await receive(disputeEvent(order, PAYMENT, { disputed: 0, chargedBack: 2_500 }))
    expect(find(order.id)).toMatchObject({ disputedAmount: 0, chargedBackAmount: 2_500 })
  })

  it('is skipped for an order that does not exist', async () => {
    const { receive } = receiving({})
    const unknown = disputeEvent(anOrder(), PAYMENT, { disputed: 1, chargedBack: 0 })
    expect(await receive(unknown)).toEqual([{ outcome: 'skipped' }])
  })
})
