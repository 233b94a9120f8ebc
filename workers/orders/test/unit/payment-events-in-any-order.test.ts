import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Order } from '../../src/orders/domain/order.ts'
import { changeOf, type Step } from '../../src/orders/domain/steps.ts'
import { recordAuthorization } from '../../src/payment-events/domain/authorization.ts'
import { recordCapture } from '../../src/payment-events/domain/capture.ts'
import { recordCaptureOfRefund, recordRefund } from '../../src/payment-events/domain/refund.ts'
import { capture, fact, orderIn, PAY_1, REASON, refund } from '../support/payment-facts.ts'

const at = new Date('2026-11-23T10:00:00.000Z')

describe('the events of a payment', () => {
  type Event = 'authorization' | 'capture' | 'refund a' | 'refund b'
  const EVENTS: Event[] = ['authorization', 'capture', 'refund a', 'refund b']

  /** Applies the events in turn. Events that have to wait are retried afterwards, as payments does. */
  function applyAll(start: Order, events: Event[]): Order {
    const recorded = new Set<Event>()
    const apply = (order: Order, step: Step): Order =>
      step.kind === 'unchanged' ? order : changeOf(order, step, { actor: { kind: 'system' }, at }).order
    let order = start
    let waiting = events
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round > EVENTS.length) throw new Error('An event is never applied')
      const again: Event[] = []
      for (const name of waiting) {
        if (name === 'authorization') order = apply(order, recordAuthorization(order, fact(order)).step)
        else if (name === 'capture') order = apply(order, recordCapture(order, capture(order)).step)
        else {
          const news = refund(order, name === 'refund a' ? {} : { amount: 2_000 })
          const before = recordCaptureOfRefund(order, news)
          if (!before.ok) again.push(name)
          else {
            order = apply(order, before.value)
            // The database records a refund once by its id.
            if (!recorded.has(name)) order = apply(order, recordRefund(order, news, REASON))
            recorded.add(name)
          }
        }
      }
      waiting = again
    }
    return order
  }

  it.each([
    ['pending', 'unpaid', 'processing'],
    ['cancelled', 'unpaid', 'cancelled'],
    ['cancelled', 'authorized', 'cancelled'],
    ['shipped', 'authorized', 'shipped'],
  ] as const)(
    'lead a %s, %s order to the same state, in any order and however often',
    (status, paymentStatus, after) => {
      const order = fc.shuffledSubarray([...EVENTS, ...EVENTS], { minLength: EVENTS.length })
      const complete = order.filter((events) => events.includes('capture') && new Set(events).size === EVENTS.length)
      fc.assert(
        fc.property(complete, (events) => {
          expect(applyAll(orderIn(status, paymentStatus), events)).toMatchObject({
            status: after,
            paymentStatus: 'refunded',
            paymentId: PAY_1,
            capturedAmount: 2_500,
            refundedAmount: 2_500,
          })
        }),
      )
    },
  )
})
