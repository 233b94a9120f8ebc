import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { PaymentId, RefundId } from '@shop/kernel/ids'
import { isRefundEvent } from '../../../src/events/domain/order-events.ts'
import type { Payment } from '../../../src/payments/domain/payment.ts'
import {
  isAutomatic,
  NOT_MADE,
  type Refund,
  type RefundOutcome,
  type SettledRefund,
} from '../../../src/refunds/domain/refund.ts'
import type { RefundRepository } from '../../../src/refunds/repository/index.ts'
import type { NewRefund } from '../../../src/refunds/repository/reservation.ts'
import type { DueRefund } from '../../../src/refunds/repository/reserve-due.ts'
import type { RefundGroup } from '../../../src/refunds/repository/reserve-requested.ts'
import type { NewSpread } from '../../../src/refunds/repository/spread.ts'
import type { FakeEvents } from './events.ts'

type Row = Refund & { dedupKey: string; key?: IdempotencyKey }

/** What may still be refunded of a payment. */
const leftOf = (payment: Payment | undefined) =>
  payment === undefined ? 0 : payment.capturedAmount - payment.refundedAmount - payment.reservedAmount

/** Refunds in memory, with their reservations on the payment. */
export class FakeRefunds implements RefundRepository {
  readonly rows: Row[] = []
  /** Refunds of whose success staff have skipped the event. */
  readonly skipped = new Set<RefundId>()
  readonly #payments: Map<string, Payment>
  readonly #events: FakeEvents

  constructor(payments: Map<string, Payment>, events: FakeEvents) {
    this.#payments = payments
    this.#events = events
  }

  /** Adds a refund whose amount is reserved. */
  add(refund: Refund, extra: Partial<Row> = {}): Refund {
    this.rows.push({ ...refund, dedupKey: refund.id, ...extra })
    if (refund.state === 'pending') this.#change(refund.paymentId, { reservedAmount: refund.amount })
    return refund
  }

  async reserve(fresh: NewRefund, key: IdempotencyKey) {
    const isKnown = this.rows.some((row) => row.key?.scope === key.scope && row.key.key === key.key)
    if (isKnown) return this.#led(key, fresh.now)
    const refund = this.#insert(fresh, { key })
    if (refund !== undefined) return { kind: 'reserved' as const, refunds: [refund] as RefundGroup }
    return { kind: 'exceeds' as const, left: leftOf(this.#payments.get(fresh.paymentId)) }
  }

  async reserveOverPayments(fresh: NewSpread & { ids: [RefundId, ...RefundId[]] }, key: IdempotencyKey) {
    const isKnown = this.rows.some((row) => row.key?.scope === key.scope && row.key.key === key.key)
    if (isKnown) return this.#led(key, fresh.now)
    const left = this.#queue(fresh.orderId).reduce((sum, payment) => sum + leftOf(payment), 0)
    if (left < fresh.amount) return { kind: 'exceeds' as const, left }
    const [first, ...others] = this.#spread(fresh, [{ amount: fresh.amount }])
    if (first === undefined) throw new Error('Nothing was to refund')
    Object.assign(first, { key })
    return { kind: 'reserved' as const, refunds: [first, ...others] as RefundGroup }
  }

  /** Payments that orders has not decided about. */
  readonly undecided = new Set<PaymentId>()

  async reserveDue({ given, ...fresh }: DueRefund): Promise<Refund[] | 'not_yet'> {
    const known = this.rows.filter(({ id, partOf }) => id === fresh.ids[0] || partOf === fresh.ids[0])
    if (known.length > 0) return known
    const queue = this.#queue(fresh.orderId)
    if (queue.some(({ id }) => this.undecided.has(id))) return 'not_yet'
    const left = queue.reduce((sum, payment) => sum + leftOf(payment), 0)
    const amount = Math.min(left, fresh.amount)
    const money = Math.max(0, amount - given)
    return this.#spread(fresh, [{ amount: money }, { amount: amount - money, destination: 'given' }])
  }

  /** Newest first, gift cards last. */
  #queue(orderId: string): Payment[] {
    const payments = [...this.#payments.values()].filter(
      (payment) => payment.orderId === orderId && payment.state === 'succeeded',
    )
    return payments.sort(
      (a, b) =>
        Number(a.method === 'gift_card') - Number(b.method === 'gift_card') ||
        b.createdAt.getTime() - a.createdAt.getTime(),
    )
  }

  #spread({ ids, ...fresh }: NewSpread, wanted: { amount: number; destination?: 'given' }[]): Row[] {
    const made: Row[] = []
    for (const { amount: whole, destination = fresh.destination } of wanted) {
      let rest = whole
      for (const { id: paymentId } of this.#queue(fresh.orderId)) {
        const amount = Math.min(rest, leftOf(this.#payments.get(paymentId)))
        const id = ids[made.length]
        if (amount === 0 || id === undefined) continue
        this.#insert({ ...fresh, id, paymentId, amount, destination }, { partOf: made[0]?.id ?? null })
        made.push(...this.rows.filter((row) => row.id === id))
        rest -= amount
      }
    }
    return made
  }

  async find(id: RefundId) {
    return this.rows.find((row) => row.id === id)
  }

  async findRequested({ id, now }: Pick<NewRefund, 'id' | 'now'>, key: IdempotencyKey) {
    const isKnown = this.rows.some((row) => row.key?.scope === key.scope && row.key.key === key.key)
    const known = this.rows.find((row) => row.id === id)
    if (known === undefined || isKnown) return isKnown ? this.#led(key, now) : undefined
    return { kind: 'replayed' as const, refunds: this.#groupOf(known) }
  }

  #groupOf(first: Row): RefundGroup {
    return [first, ...this.rows.filter(({ partOf }) => partOf === first.id)]
  }

  #led(key: IdempotencyKey, now: Date) {
    const known = this.rows.find((row) => row.key?.scope === key.scope && row.key.key === key.key)
    if (known?.key?.requestHash !== key.requestHash) return { kind: 'other_request' as const }
    const isAsking = known.state === 'pending' && known.leaseUntil !== null && known.leaseUntil > now
    return isAsking ? { kind: 'in_flight' as const } : { kind: 'replayed' as const, refunds: this.#groupOf(known) }
  }

  async reserveAutomatic(fresh: NewRefund) {
    const same = this.rows.filter(
      (row) => row.paymentId === fresh.paymentId && isAutomatic(row) && row.failure !== NOT_MADE,
    )
    if (same.length === 0) return this.#insert(fresh, { dedupKey: fresh.reason })
    return same.find(({ state }) => state !== 'failed')
  }

  async adopt({ stripeRefundId, ...fresh }: NewRefund & { stripeRefundId: string }): Promise<void> {
    this.#insert(fresh, { stripeRefundId })
  }

  async claimDue() {
    return this.rows.filter(({ state }) => state === 'pending')
  }

  async endLease(id: RefundId): Promise<void> {
    for (const row of this.rows) if (row.id === id) row.leaseUntil = null
  }

  async settle(outcome: RefundOutcome, anew?: NewRefund): Promise<SettledRefund | undefined> {
    const settled = this.#settle(outcome)
    if (settled !== undefined && anew !== undefined) await this.reserveAutomatic(anew)
    return settled
  }

  #settle(outcome: RefundOutcome): SettledRefund | undefined {
    const { refundId, stripeRefundId, state, failure } = outcome
    const row = this.rows.find(
      (each) => each.id === refundId || (stripeRefundId !== null && each.stripeRefundId === stripeRefundId),
    )
    if (row === undefined) return undefined
    const was = row.state
    const isMatch = row.amount === outcome.amount && row.currency === outcome.currency
    const isForward = was === 'pending' || (was === 'succeeded' && state === 'failed' && stripeRefundId !== null)
    if (!isMatch || !isForward) return { refund: { ...row }, change: undefined, announcement: undefined }
    Object.assign(row, { state, failure, stripeRefundId: row.stripeRefundId ?? stripeRefundId, leaseUntil: null })
    if (state === 'pending') return { refund: { ...row }, change: undefined, announcement: undefined }
    if (state === 'failed') row.dedupKey = row.id
    this.#change(row.paymentId, {
      reservedAmount: was === 'pending' ? -row.amount : 0,
      refundedAmount: state === 'succeeded' ? row.amount : was === 'succeeded' ? -row.amount : 0,
      creditedAmount: state === 'succeeded' && row.destination !== 'card' ? row.amount : 0,
    })
    const change = was === 'succeeded' ? 'returned' : state
    return { refund: { ...row }, change, announcement: this.#announce(row, change) }
  }

  async ofPayment(paymentId: PaymentId) {
    return this.rows.filter((row) => row.paymentId === paymentId)
  }

  async ofPayments(paymentIds: PaymentId[]) {
    return this.rows.filter((row) => paymentIds.includes(row.paymentId))
  }

  async details(ids: string[]) {
    const found = this.rows.filter(({ id }) => ids.includes(id))
    return new Map(
      found.map((refund) => {
        const told = { refund, isSkipped: this.skipped.has(refund.id), hasStandingPart: this.#hasStandingPart(refund) }
        return [refund.id as string, told]
      }),
    )
  }

  #hasStandingPart({ id, partOf }: Row): boolean {
    const first = partOf ?? id
    return this.rows.some(
      (row) => row.id !== id && (row.id === first || row.partOf === first) && row.state !== 'failed',
    )
  }

  #announce(row: Row, change: 'succeeded' | 'failed' | 'returned') {
    const { id: refundId, orderId, paymentId, amount, currency, state } = row
    const payment = this.#payments.get(paymentId)
    const capturedAmount = payment?.method === 'card' ? payment.capturedAmount : 0
    const payload = { refundId, orderId, paymentId, amount, currency, state, capturedAmount }
    const event = this.#events.write(`refund.${change}`, paymentId, payload)
    return isRefundEvent(event) ? { event, isNext: this.#events.isNext(event) } : undefined
  }

  #insert({ now, destination: wanted = 'card', ...fresh }: NewRefund, extra: Partial<Row>): Refund | undefined {
    const payment = this.#payments.get(fresh.paymentId)
    if (payment?.state !== 'succeeded') return undefined
    const left = leftOf(payment)
    const amount = fresh.amount ?? left
    if (amount < 1 || amount > left) return undefined
    const { orderId, currency, method } = payment
    const destination = wanted !== 'given' && method === 'gift_card' ? 'gift_cards' : wanted
    const pending = { state: 'pending', partOf: null, stripeRefundId: null, failure: null, createdAt: now } as const
    return this.add({ ...fresh, ...pending, destination, orderId, amount, currency, ...extra }, extra)
  }

  #change(
    paymentId: PaymentId,
    by: { reservedAmount?: number; refundedAmount?: number; creditedAmount?: number },
  ): void {
    const payment = this.#payments.get(paymentId)
    if (payment === undefined) return
    this.#payments.set(paymentId, {
      ...payment,
      reservedAmount: payment.reservedAmount + (by.reservedAmount ?? 0),
      refundedAmount: payment.refundedAmount + (by.refundedAmount ?? 0),
      creditedAmount: payment.creditedAmount + (by.creditedAmount ?? 0),
    })
  }
}
