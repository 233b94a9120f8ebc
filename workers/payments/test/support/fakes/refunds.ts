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
import type { NewRefund } from '../../../src/refunds/repository/reserve.ts'
import type { FakeEvents } from './events.ts'

type Row = Refund & { dedupKey: string; key?: IdempotencyKey }

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
    const payment = this.#payments.get(fresh.paymentId)
    return refund === undefined ? { kind: 'exceeds' as const, payment } : { kind: 'reserved' as const, refund }
  }

  async findRequested({ id, now }: Pick<NewRefund, 'id' | 'now'>, key: IdempotencyKey) {
    const isKnown = this.rows.some((row) => row.key?.scope === key.scope && row.key.key === key.key)
    const known = this.rows.find((row) => row.id === id)
    if (known === undefined || isKnown) return isKnown ? this.#led(key, now) : undefined
    return { kind: 'replayed' as const, refund: known }
  }

  #led(key: IdempotencyKey, now: Date) {
    const known = this.rows.find((row) => row.key?.scope === key.scope && row.key.key === key.key)
    if (known?.key?.requestHash !== key.requestHash) return { kind: 'other_request' as const }
    const isAsking = known.state === 'pending' && known.leaseUntil !== null && known.leaseUntil > now
    return isAsking ? { kind: 'in_flight' as const } : { kind: 'replayed' as const, refund: known }
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
    const row = this.rows.find((each) => each.id === refundId || each.stripeRefundId === stripeRefundId)
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
    return new Map(found.map((refund) => [refund.id as string, { refund, isSkipped: this.skipped.has(refund.id) }]))
  }

  #announce(row: Row, change: 'succeeded' | 'failed' | 'returned') {
    const { id: refundId, orderId, paymentId, amount, currency, state } = row
    const capturedAmount = this.#payments.get(paymentId)?.capturedAmount ?? 0
    const payload = { refundId, orderId, paymentId, amount, currency, state, capturedAmount }
    const event = this.#events.write(`refund.${change}`, paymentId, payload)
    return isRefundEvent(event) ? { event, isNext: this.#events.isNext(event) } : undefined
  }

  #insert({ now, ...fresh }: NewRefund, extra: Partial<Row>): Refund | undefined {
    const payment = this.#payments.get(fresh.paymentId)
    if (payment?.state !== 'succeeded') return undefined
    const left = payment.capturedAmount - payment.refundedAmount - payment.reservedAmount
    const amount = fresh.amount ?? left
    if (amount < 1 || amount > left) return undefined
    const { orderId, currency } = payment
    const pending = { state: 'pending', stripeRefundId: null, failure: null, createdAt: now } as const
    return this.add({ ...fresh, ...pending, orderId, amount, currency, ...extra }, extra)
  }

  #change(paymentId: PaymentId, by: { reservedAmount?: number; refundedAmount?: number }): void {
    const payment = this.#payments.get(paymentId)
    if (payment === undefined) return
    this.#payments.set(paymentId, {
      ...payment,
      reservedAmount: payment.reservedAmount + (by.reservedAmount ?? 0),
      refundedAmount: payment.refundedAmount + (by.refundedAmount ?? 0),
    })
  }
}
