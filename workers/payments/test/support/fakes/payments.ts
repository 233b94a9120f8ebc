import type { OrderId, PaymentId, UserId } from '@shop/kernel/ids'
import { isPaymentStateEvent } from '../../../src/events/domain/order-events.ts'
import type { KeyClaim } from '../../../src/idempotency/answer-once.ts'
import { outcomeOf } from '../../../src/payments/domain/outcome.ts'
import { MAX_DECLINES, PAUSES_SECONDS, type Payment } from '../../../src/payments/domain/payment.ts'
import type { NewAttempt, NewPayment } from '../../../src/payments/repository/attempts.ts'
import type { GiftCardPayment } from '../../../src/payments/repository/gift-cards.ts'
import type { PaymentRepository } from '../../../src/payments/repository/index.ts'
import type { Observation } from '../../../src/payments/repository/state.ts'
import type { ReceivedEvent } from '../../../src/webhooks/domain/webhook-event.ts'
import { aPayment } from '../builders.ts'
import type { FakeEvents } from './events.ts'
import type { FakeKeys } from './keys.ts'
import type { FakeWebhookEvents } from './webhook-events.ts'

type Others = { rows: Map<string, Payment>; keys: FakeKeys; events: FakeEvents; webhookEvents: FakeWebhookEvents }

/** Payments in memory. States move forward as in the repository; the database tests check everything else. */
export class FakePayments implements PaymentRepository {
  readonly #rows: Map<string, Payment>
  readonly #others: Others
  readonly #declines = new Map<string, { orderId: OrderId; at: Date }>()

  constructor(others: Others) {
    this.#rows = others.rows
    this.#others = others
  }

  add(payment: Payment): Payment {
    this.#rows.set(payment.id, payment)
    return payment
  }

  /** Adds a payment with the event of its state, not yet delivered to orders. */
  addUntold(payment: Payment): Payment {
    this.#others.events.write(eventTypeOf(payment), payment.id, payloadOf(payment))
    return this.add(payment)
  }

  get only(): Payment {
    const [payment, ...rest] = this.#rows.values()
    if (payment === undefined || rest.length > 0) throw new Error(`There are ${this.#rows.size} payments`)
    return payment
  }

  async start({ cards, ...fresh }: NewPayment, key?: KeyClaim) {
    const current = [...this.#rows.values()].find(
      ({ orderId, method, chargeNo, state }) =>
        orderId === fresh.orderId && method === 'card' && chargeNo === fresh.chargeNo && state !== 'canceled',
    )
    const pausedUntil = this.#pausedUntil(fresh.orderId)
    const isPaused = pausedUntil !== undefined && pausedUntil > fresh.createdAt
    const known = current ?? (isPaused ? await this.ofOrder(fresh.orderId).then((all) => all.at(-1)) : undefined)
    if (known !== undefined) return { started: false, payment: known, isCurrent: known === current, pausedUntil }
    const payment = this.add(aPayment({ ...fresh, savesMethod: cards.saves, updatedAt: fresh.createdAt }))
    this.#others.events.write('payment.created', payment.id, payloadOf(payment))
    this.#others.keys.attach(key, payment)
    return { started: true, payment, isCurrent: true, pausedUntil }
  }

  async claimAttempt({ id, version }: Pick<Payment, 'id' | 'version'>, attempt: NewAttempt) {
    const payment = this.#rows.get(id)
    if (payment === undefined || payment.version !== version || payment.attemptUntil !== null) return undefined
    const change =
      'method' in attempt
        ? { attemptMethod: attempt.method, savesMethod: attempt.cards.saves }
        : { captureAmount: attempt.capture.amount, captureIsFinal: attempt.capture.isFinal }
    const claimed = this.#save(payment, { ...change, attempt: payment.attempt + 1, attemptUntil: attempt.until })
    this.#others.keys.attach(attempt.key, claimed)
    return claimed
  }

  async endAttempt({ id, attempt }: Pick<Payment, 'id' | 'attempt'>): Promise<void> {
    const payment = this.#rows.get(id)
    if (payment === undefined || payment.attempt !== attempt) return
    const state = payment.intentId === null ? 'canceled' : payment.state
    const ended = this.#save(payment, { state, attemptUntil: null, captureAmount: null })
    if (ended.state !== payment.state) this.#others.events.write('payment.canceled', id, payloadOf(ended))
    this.#others.keys.releaseAttempt(payment)
  }

  async claimLostAttempts({ now, until }: { now: Date; until: Date }) {
    const lost = [...this.#rows.values()].filter(({ attemptUntil }) => attemptUntil !== null && attemptUntil < now)
    return lost.map((payment) => this.#save(payment, { attemptUntil: until }))
  }

  async claimUnseen({ seenBefore, states }: { seenBefore: Date; states: readonly string[] }) {
    return [...this.#rows.values()].filter(
      ({ state, attemptUntil, updatedAt }) => states.includes(state) && attemptUntil === null && updatedAt < seenBefore,
    )
  }

  async recordState(seen: Observation, event?: ReceivedEvent) {
    const payment = this.#rows.get(seen.paymentId)
    const isMatch = payment?.amount === seen.amount && payment.currency === seen.currency
    const isNew = this.#others.webhookEvents.record(event, { isKnown: payment !== undefined, isMatch })
    if (payment === undefined) return undefined
    if (isMatch && seen.declineCode !== null) {
      const charge = seen.declinedCharge ?? `${payment.id}:${seen.attempt ?? payment.attempt}`
      if (!this.#declines.has(charge)) this.#declines.set(charge, { orderId: payment.orderId, at: seen.observedAt })
    }
    if (seen.attempt !== null) this.#others.keys.answerAttempt({ ...payment, attempt: seen.attempt }, outcomeOf(seen))
    if (!isNew || !isMatch || !isForward(payment, seen)) return this.#recorded(payment, false)
    const { state, intentId, clientSecret, declineCode } = seen
    const isOver = ['succeeded', 'canceled'].includes(state) || seen.attempt === payment.attempt
    const moved = this.#save(payment, {
      state,
      intentId,
      clientSecret,
      declineCode,
      capturedAmount: Math.max(payment.capturedAmount, seen.capturedAmount),
      ...(state === 'requires_capture' ? { authorizedAt: payment.authorizedAt ?? seen.observedAt } : {}),
      ...(isOver ? { attemptUntil: null, captureAmount: null } : {}),
      updatedAt: seen.observedAt,
    })
    const isNews = moved.state !== payment.state || moved.capturedAmount !== payment.capturedAmount
    if (isNews) this.#others.events.write(eventTypeOf(moved), moved.id, payloadOf(moved, payment.capturedAmount))
    return this.#recorded(moved, isNews)
  }

  async announcementOf(id: PaymentId) {
    const payment = this.#rows.get(id)
    return payment && this.#recorded(payment, false).announcement
  }

  async recordGiftCards({ paidAt, ...paid }: GiftCardPayment): Promise<void> {
    if (this.#rows.has(paid.id)) return
    const made = {
      chargeNo: 0,
      capturedAmount: paid.amount,
      attempt: 0,
      attemptMethod: null,
      attemptUntil: null,
    } as const
    this.add(
      aPayment({ ...paid, ...made, method: 'gift_card', state: 'succeeded', createdAt: paidAt, updatedAt: paidAt }),
    )
  }

  find = async (id: PaymentId) => this.#rows.get(id)

  findByIntent = async (intentId: string) => [...this.#rows.values()].find((payment) => payment.intentId === intentId)

  listOf = async (userId: UserId, limit: number) =>
    [...this.#rows.values()].filter((payment) => payment.userId === userId).slice(0, limit)

  ofOrder = async (orderId: OrderId) => [...this.#rows.values()].filter((payment) => payment.orderId === orderId)

  #pausedUntil(orderId: OrderId): Date | undefined {
    const declines = [...this.#declines.values()].filter((decline) => decline.orderId === orderId)
    const pause = PAUSES_SECONDS[Math.min(declines.length - MAX_DECLINES, PAUSES_SECONDS.length - 1)]
    const last = Math.max(...declines.map(({ at }) => at.getTime()))
    return pause === undefined ? undefined : new Date(last + pause * 1_000)
  }

  #recorded(payment: Payment, isNew: boolean) {
    const event = this.#others.events.rows
      .map((row) => row.event)
      .filter(isPaymentStateEvent)
      .findLast(({ key, type }) => key === payment.id && type === eventTypeOf(payment))
    const announcement = event && { event, isNext: this.#others.events.isNext(event) }
    return { payment, announcement, isNew: isNew && announcement !== undefined }
  }

  #save(payment: Payment, change: Partial<Payment>): Payment {
    return this.add({ ...payment, ...change, version: payment.version + 1 })
  }
}

function isForward(payment: Payment, seen: Observation): boolean {
  if (payment.state === 'succeeded') return false
  return payment.state !== 'canceled' || seen.state === 'succeeded'
}

/** As the repository names the event of a state. */
function eventTypeOf({
  state,
  authorizedAt,
  capturedAmount,
}: Pick<Payment, 'state' | 'authorizedAt' | 'capturedAmount'>) {
  switch (state) {
    case 'starting':
      return 'payment.created'
    case 'requires_capture':
      return capturedAmount === 0 ? 'payment.authorized' : 'payment.captured'
    case 'succeeded':
      return 'payment.captured'
    case 'canceled':
      return authorizedAt === null ? 'payment.canceled' : 'payment.authorization_lost'
    default:
      return `payment.${state}` as const
  }
}

function payloadOf(payment: Payment, capturedBefore = 0) {
  const {
    id: paymentId,
    orderId,
    userId,
    state,
    captureMethod,
    chargeNo,
    amount,
    currency,
    capturedAmount,
    refundedAmount,
  } = payment
  const { declineCode } = payment
  return {
    paymentId,
    orderId,
    userId,
    state,
    captureMethod,
    chargeNo,
    amount,
    currency,
    capturedAmount,
    capturedBefore,
    refundedAmount,
    declineCode,
  }
}
