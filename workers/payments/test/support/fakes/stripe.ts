import { fail, ok } from '@shop/kernel/result'
import { Unavailable } from '@shop/kernel/unavailable'
import type { Intent, StripeAnswer } from '../../../src/payments/domain/outcome.ts'
import type { Payment } from '../../../src/payments/domain/payment.ts'
import type { ListedIntent } from '../../../src/reconciliation/domain/compare.ts'
import type { Refund, RefundAnswer, RefundReport } from '../../../src/refunds/domain/refund.ts'
import type { StripeIntents } from '../../../src/stripe/intents.ts'
import type { StripeRefunds } from '../../../src/stripe/refunds.ts'
import type { StripeMethods } from '../../../src/stripe/saved-methods.ts'
import type { StripeWebhooks } from '../../../src/stripe/webhooks.ts'
import type { EventSubject, WebhookEvent } from '../../../src/webhooks/domain/webhook-event.ts'
import { anIntent, aRefundReport } from '../builders.ts'

type IntentCall = 'create' | 'confirm' | 'setCustomer' | 'capture' | 'cancel' | 'retrieve' | 'find'
type RefundCall = 'createRefund' | 'retrieveRefund' | 'findRefund'

/**
 * Stripe in memory: one PaymentIntent, which calls move as Stripe would. `answerNext` overrides the answer to the next
 * call of a kind; `calls` lists what was called with which key.
 */
export class FakeStripe {
  intent: Intent | undefined
  listed: ListedIntent[] | undefined = []
  refundReports: RefundReport[] | undefined = []
  /** Saved cards, by the customer who saved them. */
  readonly savedBy = new Map<string, string>()
  hasPermit = true
  /** Whether the card can be captured several times. */
  hasMulticapture = true
  isDown = false
  readonly calls: string[] = []
  readonly #next = new Map<string, unknown[]>()

  answerNext(call: IntentCall, answer: StripeAnswer | { kind: 'absent' }): void
  answerNext(call: RefundCall, answer: RefundAnswer): void
  answerNext(call: string, answer: unknown): void {
    this.#next.set(call, [...(this.#next.get(call) ?? []), answer])
  }

  readonly intents: StripeIntents = {
    reservePermit: async () => this.hasPermit,
    create: async (payment, key) => this.#answer('create', key, () => this.#create(payment)),
    confirm: async ({ key }) => this.#answer('confirm', key, () => this.#move('succeeded')),
    setCustomer: async ({ key }) => this.#answer('setCustomer', key, () => this.#move()),
    capture: async ({ amount, isFinal, key }) =>
      this.#answer('capture', `${amount}${isFinal ? '' : ' of more'} ${key}`, () => {
        const capturedAmount = (this.intent?.capturedAmount ?? 0) + amount
        return this.#move(isFinal ? 'succeeded' : 'requires_capture', { capturedAmount })
      }),
    allowsSeveralCaptures: async () => (this.isDown ? undefined : this.hasMulticapture),
    cancel: async (intentId) => this.#answer('cancel', intentId, () => this.#move('canceled')),
    retrieve: async (intentId) => this.#answer('retrieve', intentId, () => this.#move()),
    find: async ({ paymentId }) =>
      this.#answer<StripeAnswer | { kind: 'absent' }>('find', paymentId, () =>
        this.intent === undefined ? { kind: 'absent' } : this.#move(),
      ),
    list: async () => this.listed && { found: this.listed, last: null },
  }

  readonly refunds: StripeRefunds = {
    create: async (refund) => this.#answer<RefundAnswer>('createRefund', refund.id, () => refunded(refund)),
    retrieve: async (id) =>
      this.#answer<RefundAnswer>('retrieveRefund', id, () => ({ kind: 'refund', report: aRefundReport() })),
    find: async ({ refundId }) => this.#answer<RefundAnswer>('findRefund', refundId, () => ({ kind: 'absent' })),
    listOfIntent: async () => this.refundReports,
    list: async () => this.refundReports && { found: this.refundReports, last: null },
  }

  readonly methods: StripeMethods = {
    createCustomer: async ({ key }) => this.#unlessDown('createCustomer', key, 'cus_new'),
    deleteCustomer: async (customerId) => this.#unlessDown('deleteCustomer', customerId, true),
    list: async (customerId) => this.#unlessDown('listMethods', customerId, []),
    ownerOf: async (methodId) => this.#unlessDown('ownerOf', methodId, this.savedBy.get(methodId) ?? null),
    remove: async (methodId) => this.#unlessDown('removeMethod', methodId, this.savedBy.delete(methodId)),
  }

  /** The event that the body names, if its signature is `valid`. */
  readonly eventsByBody = new Map<string, WebhookEvent>()
  readonly webhooks: StripeWebhooks = {
    read: async ({ body, signature }) => {
      const event = this.eventsByBody.get(body)
      return event === undefined || signature !== 'valid' ? fail({ code: 'invalid_signature' }) : ok(event)
    },
    retrieve: async ({ kind, id }) => {
      this.calls.push(`retrieve ${kind} ${id}`)
      if (this.isDown) throw new Unavailable('stripe')
      return this.subjects.get(id)
    },
  }
  /** What Stripe has of the objects that events name. */
  readonly subjects = new Map<string, EventSubject>()

  #answer<A = StripeAnswer>(call: string, about: string, otherwise: () => A): A {
    this.calls.push(`${call} ${about}`)
    // Pushed by `answerNext`, whose overloads fix the type for each call.
    return (this.#next.get(call)?.shift() as A | undefined) ?? otherwise()
  }

  #unlessDown<T>(call: string, about: string, answer: T): T | undefined {
    this.calls.push(`${call} ${about}`)
    return this.isDown ? undefined : answer
  }

  #create({ attemptMethod, captureMethod }: Payment): StripeAnswer {
    const confirmed = captureMethod === 'automatic' ? 'succeeded' : 'requires_capture'
    this.intent = anIntent(attemptMethod === null ? 'requires_payment_method' : confirmed)
    return { kind: 'intent', intent: this.intent }
  }

  #move(state: Intent['state'] = this.intent?.state ?? 'requires_payment_method', over: Partial<Intent> = {}) {
    this.intent = { ...anIntent(state), ...over }
    return { kind: 'intent', intent: this.intent } as const
  }
}

function refunded({ id, amount }: Refund): RefundAnswer {
  return { kind: 'refund', report: aRefundReport({ refundId: id, amount, stripeRefundId: `re_${id}` }) }
}
