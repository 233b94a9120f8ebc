import type { Erasure } from '@shop/contracts/users/erasure'
import type { UserId } from '@shop/kernel/ids'
import { vi } from 'vitest'
import type { PaymentsDeps } from '../../src/deps.ts'
import type { Dispute } from '../../src/disputes/domain/dispute.ts'
import type { DisputeObservation } from '../../src/disputes/repository.ts'
import { isDisputeEvent } from '../../src/events/domain/order-events.ts'
import type { LedgerMove } from '../../src/ledger/domain/ledger.ts'
import type { NewEntry } from '../../src/ledger/repository.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import type { NewDiscrepancy } from '../../src/reconciliation/domain/discrepancy.ts'
import { now, PAYMENT_ID, REFUND_ID } from './builders.ts'
import { FakeEvents } from './fakes/events.ts'
import { FakeKeys } from './fakes/keys.ts'
import { FakeOrders } from './fakes/orders.ts'
import { FakePayments } from './fakes/payments.ts'
import { FakeRefunds } from './fakes/refunds.ts'
import { FakeStripe } from './fakes/stripe.ts'
import { FakeTaxes } from './fakes/taxes.ts'
import { FakeWebhookEvents } from './fakes/webhook-events.ts'

/** Stripe may still have to act on them. */
const RUNNING = new Set<Payment['state']>(['starting', 'processing', 'requires_capture'])

const ANOTHER_ID = '01jd4k2v9rf0fv8z3x1m5q7w3'

/** The payments worker with everything around it in memory. A test changes what matters to it. */
export function aWorld(over: Partial<Pick<PaymentsDeps, 'captureMethod'>> = {}) {
  const rows = new Map<string, Payment>()
  const keys = new FakeKeys(rows)
  const events = new FakeEvents()
  const webhookEvents = new FakeWebhookEvents()
  const payments = new FakePayments({ rows, keys, events, webhookEvents })
  const refunds = new FakeRefunds(rows, events)
  const orders = new FakeOrders()
  const stripe = new FakeStripe()
  const taxes = new FakeTaxes()
  const customers = new Map<UserId, string>()
  const discrepancies: Omit<NewDiscrepancy, 'foundAt'>[] = []
  const booked: (NewEntry & { move: LedgerMove })[] = []
  const disputes: DisputeObservation[] = []
  const disputeDetails = (paymentId: string) => {
    const orderId = rows.get(paymentId)?.orderId
    const isOfOrder = (id: string) => rows.get(id)?.orderId === orderId
    const sum = (isIn: (report: DisputeObservation) => boolean) =>
      disputes.filter((each) => isOfOrder(each.paymentId) && isIn(each)).reduce((all, { amount }) => all + amount, 0)
    return (
      orderId && {
        orderId,
        disputed: sum(({ closedAt }) => closedAt === null),
        chargedBack: sum(({ status }) => status === 'lost'),
      }
    )
  }
  const erasures = new Map<UserId, Erasure & { nextAt: Date | undefined }>()
  const erasureOf = (userId: UserId) => erasures.get(userId) ?? { userId, requestedAt: now, nextAt: undefined }
  const clock = { now }
  const later: Promise<unknown>[] = []
  let made = 0
  const nextId = <P extends string>(prefix: P, first: `${P}_${string}`): `${P}_${string}` => {
    made += 1
    return rows.has(first) || refunds.rows.some(({ id }) => id === first) ? `${prefix}_${ANOTHER_ID}${made}` : first
  }
  const deps: PaymentsDeps = {
    payments,
    refunds,
    keys,
    events,
    webhookEvents,
    orders,
    // Tests of rules see each call by itself.
    joinOrders: () => orders,
    customers: {
      find: async (userId) => customers.get(userId),
      save: async ({ userId, stripeCustomerId }) => {
        customers.set(userId, stripeCustomerId)
        return stripeCustomerId
      },
    },
    erasures: {
      request: async (userId, at) => void erasures.set(userId, { userId, requestedAt: at, nextAt: at }),
      claimDue: async ({ now, leaseUntil, limit }) => {
        const due = [...erasures.values()].filter(({ nextAt }) => nextAt !== undefined && nextAt <= now).slice(0, limit)
        for (const erasure of due) erasure.nextAt = leaseUntil
        return due
      },
      postpone: async (userId, nextAt) => void erasures.set(userId, { ...erasureOf(userId), nextAt }),
      end: async (userId) => void erasures.set(userId, { ...erasureOf(userId), nextAt: undefined }),
      hasRunningPayments: async (userId) =>
        [...rows.values()].some((payment) => payment.userId === userId && RUNNING.has(payment.state)),
      forget: async (userId) => void customers.delete(userId),
    },
    disputes: {
      record: async (report, event) => {
        if (event !== undefined) webhookEvents.record(event, { isKnown: true, isMatch: true })
        disputes.push(report)
        const { id: disputeId, paymentId, amount, currency, reason, status } = report
        const type = report.closedAt === null ? 'dispute.created' : 'dispute.closed'
        const written = events.write(type, paymentId, { disputeId, paymentId, amount, currency, reason, status })
        const details = disputeDetails(paymentId)
        return isDisputeEvent(written) && details !== undefined
          ? { event: { ...written, details }, isNext: events.isNext(written) }
          : undefined
      },
      details: async (ids) =>
        new Map(
          ids.flatMap((id) => {
            const details = disputeDetails(id)
            return details === undefined ? [] : [[id, details]]
          }),
        ),
      list: async (): Promise<Dispute[]> => [],
      ofPayment: async (paymentId): Promise<Dispute[]> => disputes.filter((each) => each.paymentId === paymentId),
    },
    discrepancies: {
      record: async ({ foundAt: _, ...found }) => {
        discrepancies.push(found)
      },
      closeOthers: vi.fn(async () => undefined),
      listOpen: async () => [],
    },
    reconciliation: {
      claimPage: async (list, { newestUntil, leasedUntil }) => {
        return { list, from: new Date(0), until: newestUntil, after: null, leasedUntil }
      },
      endPage: vi.fn(async () => undefined),
      bookedPayments: async (ids) =>
        ids.flatMap((id) => {
          const payment = rows.get(id)
          return payment
            ? [{ payment, booked: { captured: payment.capturedAmount, refunded: payment.refundedAmount } }]
            : []
        }),
      refundStates: async () =>
        new Map(refunds.rows.flatMap(({ stripeRefundId, state }) => (stripeRefundId ? [[stripeRefundId, state]] : []))),
    },
    ledger: {
      list: async () => [],
      book: async (move, entry) => void booked.push({ move, ...entry }),
    },
    stripeIntents: stripe.intents,
    stripeRefunds: stripe.refunds,
    stripeMethods: stripe.methods,
    taxRecords: taxes.repository,
    stripeTaxes: taxes.stripe,
    stripeWebhooks: stripe.webhooks,
    now: () => clock.now,
    warn: vi.fn(),
    newPaymentId: () => nextId('pay', PAYMENT_ID),
    newRefundId: () => nextId('refund', REFUND_ID),
    newClaim: () => crypto.randomUUID(),
    later: (work) => {
      later.push(work)
    },
    wakeWebhooks: async () => {},
    wakeDeliveries: vi.fn(async () => {}),
    captureMethod: 'automatic',
    attemptSeconds: 30,
    paymentCheckSeconds: 60,
    reconcileAfterSeconds: 600,
    ...over,
  }
  return {
    deps,
    payments,
    refunds,
    keys,
    events,
    webhookEvents,
    orders,
    stripe,
    taxes,
    customers,
    disputes,
    discrepancies,
    booked,
    erasures,
    /** Advances the clock by so many hours. */
    passHours: (hours: number) => {
      clock.now = new Date(clock.now.getTime() + hours * 3_600_000)
    },
    /** Waits for the work after the answer. */
    settled: () => Promise.all(later),
  }
}
